//! Two platforms that pool everything they hold cannot tell which of their people are the same (R2.3, C1, C2).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crypto::random::{self, SeededRandom};
use serde_json::Value;
use testkit::{Call, Platform, Setup, World};

use super::adversary::{Record, best_join};

const PEOPLE: usize = 60;
/// Enough to show that the adversary finds what leaks.
const FEW: usize = 24;
/// Guessing at random finds one of sixty on average; ten or more by chance happen once in ten million joins.
const CHANCE: usize = 9;

/// Texts that are the same for everybody, each for its reason. Nothing else may be equal between the two platforms.
const CONSTANT: &[(&str, &str)] = &[
    ("response.token_type", "always Bearer"),
    ("response.scope", "always openid"),
    ("details.type", "the one type"),
    ("details.scenario", "the same reviewed purpose was asked"),
    ("details.result", "pass"),
    ("details.further_plaintext", "prohibited"),
    ("id_token.iss", "the issuer"),
    ("id_token.acr", "the mode asked"),
    ("id_token.amr", "follows from acr"),
    ("receipt.iss", "the issuer"),
    ("receipt.result", "pass"),
    ("receipt.acr", "the mode asked"),
    ("receipt.scenario", "the same reviewed purpose was asked"),
    ("receipt.purpose", "the same reviewed purpose was asked"),
    ("receipt.disclosed", "nothing"),
    ("receipt.further_plaintext", "prohibited"),
    ("redirect.iss", "the issuer"),
    ("proof.checkpoint", "one signed head for everybody"),
    ("header.id_token", "algorithm and key of the issuer"),
    ("header.receipt", "algorithm and key of the issuer"),
];

/// Everything a platform holds of one verification.
async fn verifies(person: &testkit::Holder, platform: &Platform) -> Record {
    let request = platform.requests("account-registration").await;
    let redirect = person.approves(&request).await;
    let verified = platform.redeems(&redirect).await;
    let userinfo = platform.userinfo(verified.access_token()).await;
    let mut record = Record::default();
    record.take("response", &verified.response, &["authorization_details"]);
    record.take(
        "details",
        &verified.response["authorization_details"][0],
        &[],
    );
    record.take("id_token", &Value::Object(verified.id_token.clone()), &[]);
    record.take("receipt", &Value::Object(verified.receipt.clone()), &[]);
    record.text("redirect.code", &redirect.code());
    record.text("redirect.iss", &redirect.value("iss"));
    record.text("userinfo", userinfo.text());
    let tokens = [
        ("id_token", &verified.response["id_token"]),
        (
            "receipt",
            &verified.response["authorization_details"][0]["receipt"],
        ),
    ];
    for (name, token) in tokens {
        let parts: Vec<&str> = token.as_str().unwrap_or_default().split('.').collect();
        record.text(&format!("header.{name}"), parts[0]);
        record.text(&format!("signature.{name}"), parts[2]);
    }
    record
}

/// Adds what anyone can ask the public log about a receipt.
async fn prove(world: &World, record: &mut Record) {
    let commitment = record.texts["receipt.commitment"].clone();
    let proof = world
        .send(Call::get(format!("/log/proof?commitment={commitment}")))
        .await;
    let proof = proof.expect(200).json();
    record.take("proof", &proof, &["path"]);
    // Siblings are inner nodes of one tree, shared by neighbours: what they tell is where the leaf stands.
    for (height, node) in proof["path"].as_array().expect("a path").iter().enumerate() {
        record
            .nodes
            .insert(format!("{height}:{}", node.as_str().unwrap_or_default()));
    }
}

/// People at two platforms, in an order that is chance alone, each at a second of its own.
async fn two_platforms(count: usize, setup: Setup) -> (Vec<Record>, Vec<Record>) {
    let world = World::with(setup).await;
    let platforms = [world.platform("forum"), world.platform("shop")];
    let mut people = Vec::new();
    for index in 0..count {
        people.push(world.person(&format!("generated-{index}")).applies().await);
    }
    world.epoch().await;
    let mut visits: Vec<(usize, usize)> = (0..count * 2).map(|i| (i / 2, i % 2)).collect();
    let chance = SeededRandom::new(u64::from_be_bytes(random::array(&random::SystemRandom)));
    visits.sort_by_cached_key(|_| random::array::<16>(&chance));
    let mut held: [BTreeMap<usize, Record>; 2] = Default::default();
    for (person, platform) in visits {
        world.advance(1);
        let record = verifies(&people[person], &platforms[platform]).await;
        held[platform].insert(person, record);
    }
    world.epoch().await.expect("one epoch holds them all");
    let [mut first, mut second] = held.map(|records| records.into_values().collect::<Vec<_>>());
    for record in first.iter_mut().chain(&mut second) {
        prove(&world, record).await;
    }
    (first, second)
}

#[tokio::test]
async fn c2_what_two_platforms_hold_has_no_equal_value_but_the_named_constants() {
    let (first, second) = two_platforms(PEOPLE, Setup::default()).await;
    let constant: BTreeSet<&str> = CONSTANT.iter().map(|(name, _)| *name).collect();
    // 1. A constant is one value for everybody, or it is none.
    for name in &constant {
        let values: HashSet<&String> = first
            .iter()
            .chain(&second)
            .filter_map(|record| record.texts.get(*name))
            .collect();
        assert!(values.len() <= 1, "{name} is not constant: {values:?}");
    }
    // 2. Any other text of one platform is nowhere at the other, in whatever field.
    let texts = |records: &[Record]| -> BTreeMap<String, String> {
        let all = records.iter().flat_map(|record| &record.texts);
        let kept = all.filter(|(name, _)| !constant.contains(name.as_str()));
        kept.map(|(name, text)| (text.clone(), name.clone()))
            .collect()
    };
    let (ours, theirs) = (texts(&first), texts(&second));
    for (text, name) in &ours {
        assert_eq!(
            theirs.get(text),
            None,
            "{name} of one is a value of the other: {text}"
        );
    }
    assert!(ours.len() > PEOPLE * 10, "there was much to compare");
}

#[tokio::test]
async fn r2_3_c1_c2_two_platforms_join_their_people_no_better_than_by_chance() {
    let (first, second) = two_platforms(
        PEOPLE,
        Setup {
            seed: 2,
            ..Setup::default()
        },
    )
    .await;
    let (feature, found) = best_join(&first, &second, CHANCE);
    assert!(found <= CHANCE, "joined by {feature}: {found} of {PEOPLE}");
}

/// Spoils the record of a person, named by position.
type Leak = fn(&mut Record, usize);

/// The adversary is worth its name: with one leak, however small, it finds people.
#[tokio::test]
async fn the_adversary_finds_everybody_once_something_leaks() {
    let (first, second) = two_platforms(
        FEW,
        Setup {
            seed: 3,
            ..Setup::default()
        },
    )
    .await;
    let leaks: [(&str, Leak); 6] = [
        ("a shared identifier", |record, person| {
            record.text("receipt.jti", &format!("id-{person}"));
        }),
        ("a shared prefix", |record, person| {
            let own = record.texts["id_token.sub"].clone();
            record.text("id_token.sub", &format!("{person:03}{own}"));
        }),
        ("a length", |record, person| {
            record.text("redirect.code", &"x".repeat(300 + person));
        }),
        ("the time", |record, person| {
            record.numbers.insert(
                "receipt.iat".to_owned(),
                i64::try_from(person * 60).unwrap_or(0),
            );
        }),
        ("the place in the log", |record, person| {
            record.numbers.insert(
                "proof.leaf_index".to_owned(),
                i64::try_from(person * 2).unwrap_or(0),
            );
        }),
        ("the same piece somewhere else", |record, person| {
            let own = record.texts["signature.receipt"].clone();
            record.text("signature.receipt", &format!("{}#{person:04}#", &own[..30]));
        }),
    ];
    for (what, leak) in leaks {
        let spoil = |records: &[Record]| -> Vec<Record> {
            let numbered = records.iter().cloned().enumerate();
            numbered
                .map(|(person, mut record)| {
                    leak(&mut record, person);
                    record
                })
                .collect()
        };
        let (_, found) = best_join(&spoil(&first), &spoil(&second), CHANCE);
        assert!(found > FEW / 2, "{what} was not noticed: {found}");
    }
}
