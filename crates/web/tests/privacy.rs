//! After a thousand verifications nothing that says who it is lies in the database, the logs, or anything a platform
//! received (R8.1, R9.1, C1, C2).

use std::sync::Arc;

use identity::clock::Day;
use identity::registry::population::SandboxPerson;
use serde_json::json;
use testkit::{Call, Fields, Holder, Platform, Setup, Wallet, World};

mod adversary;
pub(crate) mod haystack;
mod unlinkable;

use haystack::{Needles, with_decoded};

const NAMED: [&str; 12] = [
    "resident",
    "resident2",
    "resident3",
    "overseas",
    "hongkong",
    "macau",
    "taiwan",
    "hk_resident",
    "tw_resident",
    "foreigner",
    "foreigner_old",
    "elder",
];
const GENERATED: u64 = 40;
const ROUNDS: u32 = 4;

/// Everything that says who a person is, in every spelling somebody might have stored.
fn identity_of(person: &SandboxPerson) -> Vec<(&'static str, String)> {
    let mut identity = vec![("pin", person.pin.clone())];
    for document in person.documents() {
        let name = document.holder().as_str();
        let birth_date = document.birth_date();
        let (year, month, day) = (
            birth_date.year(),
            u8::from(birth_date.month()),
            birth_date.day(),
        );
        identity.extend([
            ("name", name.to_owned()),
            ("name, upper case", name.to_uppercase()),
            ("name, lower case", name.to_lowercase()),
            (
                "name, in a URL",
                Fields::of(&[("", name)])
                    .encode()
                    .trim_start_matches('=')
                    .to_owned(),
            ),
            (
                "name, escaped",
                name.chars().fold(String::new(), |text, c| {
                    format!("{text}\\u{:04x}", u32::from(c))
                }),
            ),
            ("number as printed", document.number().printed().to_owned()),
            ("canonical number", document.number().canonical().to_owned()),
            ("birth date", format!("{year:04}-{month:02}-{day:02}")),
            (
                "birth date, compact",
                format!("{year:04}{month:02}{day:02}"),
            ),
            (
                "birth date, slashes",
                format!("{year:04}/{month:02}/{day:02}"),
            ),
            ("birth date, Chinese", format!("{year}年{month}月{day}日")),
        ]);
    }
    identity
}

/// One person's share: every platform in every round, in all modes, with refusals, other ways and wrong PINs between.
async fn verifies(person: Holder, platforms: Arc<Vec<Platform>>) -> u32 {
    let mut verified = 0;
    for round in 0..ROUNDS {
        for platform in platforms.iter() {
            // R8.2: name and number leave by consent, to the bank alone, which must not spread them: what it received
            // is searched as well, for whoever looks over its shoulder sees ciphertext.
            let given: &[&str] = match (platform.name(), round) {
                ("bank", 2) => &["name"],
                ("bank", 3) => &["name", "document_number"],
                ("game", _) => &["age_marker"],
                _ => &[],
            };
            let request = match (platform.name(), round) {
                ("exam", 1) => platform.requests("supervised").await,
                ("lab", 2) => platform.requests_in_the_browser(""),
                ("bank", _) => {
                    let both = ["name", "document_number"];
                    platform.requests_attributes("account-opening", &both).await
                }
                ("game", _) => {
                    let scenario = "account-registration";
                    platform.requests_attributes(scenario, given).await
                }
                _ => platform.requests("").await,
            };
            if round == 1 {
                let wrong = person.approval(&request).await;
                let wrong = match platform.name() {
                    "exam" => wrong.pin("00000000"),
                    _ => wrong.with("attributes", json!(["age"])),
                };
                assert_eq!(wrong.send().await.status, 403);
            }
            let redirect = person.approves_with(&request, given).await;
            let result = platform.redeems(&redirect).await;
            let detail = &result.response["authorization_details"][0];
            assert_eq!(detail["result"], "pass");
            // What was consented to arrived, and nothing else (R8.1, R8.2).
            assert_eq!(result.claims().len(), given.len());
            assert_eq!(result.receipt["disclosed"], json!(given));
            let _ = platform.userinfo(result.access_token()).await;
            verified += 1;
        }
        let platform = &platforms[0];
        if round % 2 == 0 {
            person.refuses(&platform.requests("").await).await;
        } else {
            person.takes_another_way(&platform.requests("").await).await;
        }
    }
    verified
}

/// What goes wrong is logged; it must not be logged with what was typed.
async fn goes_wrong(world: &World, person: &SandboxPerson) {
    let applicant = world.person(&person.name);
    let wallet = Wallet::generate(&person.pin);
    for spoil in ["number", "birth_date", "valid_until", "kind"] {
        let mut body = applicant.application(&wallet).await;
        body["document"][spoil] = json!(format!("{}x", body["document"]["holder"]));
        let _ = applicant.apply(&body).await;
    }
    world.registry().set_silent(true);
    let _ = applicant.apply(&applicant.application(&wallet).await).await;
    world.registry().set_silent(false);
    let target = Fields::of(&[("name", applicant.person.document.holder().as_str())]).encode();
    let _ = world.send(Call::get(format!("/nothing?{target}"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r8_1_r9_1_c1_nothing_says_who_after_a_thousand_verifications() {
    let world = World::with(Setup {
        generated: GENERATED,
        ..Setup::default()
    })
    .await;
    let mut platforms: Vec<Platform> = ["forum", "exam", "bank", "game", "shop", "lab"]
        .iter()
        .map(|name| world.platform(name))
        .collect();
    platforms.push(world.platform("forum").at_sm());
    platforms.push(world.platform("bank").at_sm());
    let platforms = Arc::new(platforms);
    // 1. A thousand verifications.
    let names = NAMED.iter().map(|name| (*name).to_owned());
    let names = names.chain((0..GENERATED).map(|index| format!("generated-{index}")));
    let mut people = Vec::new();
    let mut needles = Needles::default();
    for name in names {
        let applicant = world.person(&name);
        goes_wrong(&world, &applicant.person).await;
        let person = applicant.applies().await;
        for (what, text) in identity_of(&applicant.person) {
            needles.add(&format!("{what} of {name}"), text.as_bytes());
        }
        needles.add(
            &format!("网号 of {name}"),
            person.wallet().wanghao.as_bytes(),
        );
        people.push(person);
    }
    let tasks: Vec<_> = people
        .iter()
        .map(|person| tokio::spawn(verifies(person.clone(), platforms.clone())))
        .collect();
    let mut verified = 0;
    for task in tasks {
        verified += task.await.expect("everyone verifies");
    }
    assert!(verified >= 1_000, "{verified}");
    // 2. The searcher sees: a person's own credential says it all.
    let own = with_decoded(people[0].wallet().credential.as_bytes());
    assert!(needles.first_in(&own).is_some(), "the control");
    // 3. Nobody else's bytes do.
    world.epoch().await;
    for (file, bytes) in world.database_files() {
        assert_eq!(needles.first_in(&with_decoded(&bytes)), None, "in {file}");
    }
    let received = world.platforms_received();
    assert!(received.len() > 4_000, "answers and redirects were kept");
    for (platform, bytes) in received {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(
            needles.first_in(&with_decoded(&bytes)),
            None,
            "{platform} received {text}"
        );
    }
    // The sum of many seconds has digits of its own: 90000002 is a number of the sandbox, and a sum of a rounding.
    let metrics = world.send(Call::get("/metrics")).await.expect(200);
    let told = metrics.text().lines();
    let told = told.filter(|line| !line.starts_with("wangzheng_http_request_duration_seconds_sum"));
    let told: String = told.flat_map(|line| [line, "\n"]).collect();
    assert_eq!(needles.first_in(told.as_bytes()), None, "in {told}");
    let logs = testkit::captured_logs();
    assert_eq!(needles.first_in(&with_decoded(&logs)), None, "in the logs");
    // 4. The log of everything is as it should be.
    let report = world.verify_log().await;
    assert!(report.is_good(), "{:?}", report.findings);
    assert_eq!(report.counts.pending, 0);
    only_days(&world).await;
}

/// Logs are searched apart, when the tests before this one in the process have written theirs too: what they log is as
/// bare as what this test logs.
#[tokio::test]
async fn r9_1_the_logs_say_nothing_of_anyone() {
    let world = World::new().await;
    let mut needles = Needles::default();
    for name in NAMED {
        let applicant = world.person(name);
        goes_wrong(&world, &applicant.person).await;
        let person = applicant.applies().await;
        let forum = world.platform("forum");
        let redirect = person.approves(&forum.requests("step-up").await).await;
        forum.redeems(&redirect).await;
        disclosed_in_vain(&person).await;
        for (what, text) in identity_of(&applicant.person) {
            needles.add(&format!("{what} of {name}"), text.as_bytes());
        }
        needles.add(
            &format!("网号 of {name}"),
            person.wallet().wanghao.as_bytes(),
        );
        needles.add(
            &format!("device of {name}"),
            person.wallet().handle.as_bytes(),
        );
        needles.add(&format!("code of {name}"), redirect.code().as_bytes());
    }
    let logs = testkit::captured_logs();
    assert_eq!(needles.first_in(&with_decoded(&logs)), None, "in the logs");
}

/// A disclosure, and disclosures that a rule stops: whatever was shown, nothing of it is logged.
async fn disclosed_in_vain(person: &Holder) {
    let both = ["name", "document_number"];
    let bank = person.world().platform("bank");
    let request = bank.requests_attributes("account-opening", &both).await;
    let good = person.approval(&request).await.consents(&both);
    let shown = good.presentation.clone().expect("a presentation");
    for spoiled in [
        shown.replace('~', "~~"),
        format!("{shown}x"),
        shown[1..].to_owned(),
    ] {
        let spoiled = good.clone().showing(Some(spoiled));
        assert_eq!(spoiled.send().await.status, 403);
    }
    // Left in an address by a careless script: refused, and not logged either.
    let careless = Call::get(format!("/oauth/authorize?presentation={shown}"));
    let _ = person.world().send(careless).await;
    let redirect = person.approves_with(&request, &both).await;
    bank.redeems(&redirect).await;
}

/// C1: an event of a person carries the day; no platform, no request, no second is in any row about a person.
async fn only_days(world: &World) {
    let today = Day::of(world.now().date()).0;
    for body in world.event_bodies().await {
        let event = body.as_object().expect("an object");
        if !event.contains_key("person") {
            continue;
        }
        assert_eq!(event["day"], today, "{body}");
        for name in event.keys() {
            let known = [
                "bucket", "change", "day", "device", "event", "notices", "outcome", "person",
                "reason", "sequence", "to",
            ];
            assert!(known.contains(&name.as_str()), "{name} in {body}");
        }
        // Ids are base32: the names of platforms are looked for as whole values.
        let text = body.to_string();
        for platform in ["forum", "exam", "bank", "game", "shop", "lab"] {
            let quoted = format!("\"{platform}\"");
            assert!(
                !text.contains(&quoted) && !text.contains(".example"),
                "{text}"
            );
        }
    }
}
