//! Over-asking is refused at the door with the rule named, and counted per platform without persons (R8.2, R5.1, R10.1).

use identity::age::marker::Bracket;
use identity::id::PlatformId;
use testkit::{Platform, World};

use super::presented::{approve_attributes, register};

/// Pushes a request for attributes; the code and the description of the refusal.
async fn asks(platform: &Platform, scenario: &str, attributes: &[&str]) -> (String, String) {
    let request = platform.request_with(scenario, attributes);
    let answer = platform.push(&request.fields).await.expect(400);
    let description = answer.json()["error_description"]
        .as_str()
        .map(str::to_owned);
    (answer.code(), description.unwrap_or_default())
}

async fn counts(world: &World) -> Vec<String> {
    let counts = world.service().over_asking().await.unwrap();
    let line = |count: &identity::disclosure::over_asking::OverAskingCount| {
        let of = &count.of;
        format!(
            "{} {} {} {}",
            of.platform,
            of.month,
            of.kind.as_str(),
            count.count
        )
    };
    counts.iter().map(line).collect()
}

#[tokio::test]
async fn r8_2_over_asking_is_refused_at_par_names_the_rule_and_is_counted() {
    let world = World::new().await;
    let (shop, bank, lab) = (world.platform("shop"), world.platform("bank"), world.lab());
    for (platform, scenario, attributes, rule) in [
        (&shop, "account-registration", &["name"][..], "R8.2"),
        (&shop, "account-registration", &["photo"], "R8.2"),
        (&bank, "account-registration", &["name"], "R8.2"),
        (&bank, "account-opening", &["name", "birth_date"], "R8.2"),
        (&bank, "account-opening", &["age_marker"], "R8.2"),
        (&lab, "account-registration", &["name"], "R8.2"),
        (&shop, "loan", &[], "R5.1"),
    ] {
        let (code, description) = asks(platform, scenario, attributes).await;
        assert_eq!(code, "invalid_authorization_details");
        assert!(description.starts_with(rule), "{description}");
    }
    assert_eq!(
        counts(&world).await,
        [
            "bank 2026-11-01 attribute 3",
            "lab 2026-11-01 attribute 1",
            "shop 2026-11-01 attribute 2",
            "shop 2026-11-01 scenario 1"
        ]
    );
    // Another month, another count. The event says what and who, and knows no person.
    world.advance(20 * 86_400);
    asks(&shop, "account-registration", &["name"]).await;
    assert_eq!(counts(&world).await[4], "shop 2026-12-01 attribute 1");
    let events = world.event_bodies().await;
    let events = events
        .iter()
        .filter(|event| event["event"] == "platform_over_asked");
    for event in events {
        assert!(event.get("person").is_none(), "{event}");
        assert_eq!(event["outcome"], "done");
    }
}

/// R3.1, R12.1, R14.1: who supervises or reviews sees the counts, a platform its own, who runs the machines none.
#[tokio::test]
async fn r14_1_over_asking_is_seen_by_those_whose_work_it_is() {
    let world = World::new().await;
    for name in ["shop", "bank"] {
        asks(&world.platform(name), "account-registration", &["name"]).await;
    }
    for (login, seen) in [
        ("reviewer1", 2),
        ("cases", 2),
        ("auditor", 2),
        ("wangxin", 2),
        ("weijian", 0),
        ("bank-member", 1),
        ("forum-member", 0),
    ] {
        let answer = world.staff(login).gets("/staff/api/over-asking").await;
        let answer = answer.expect(200).json();
        let counts = answer["over_asking"].as_array().unwrap();
        assert_eq!(counts.len(), seen, "{login}: {answer}");
    }
    for login in ["sysadmin", "secadmin", "reviewer3"] {
        let answer = world.staff(login).gets("/staff/api/over-asking").await;
        assert_eq!(
            answer.outcome(),
            (403, "not_your_duty".to_owned()),
            "{login}"
        );
    }
}

/// What a stranger writes into a browser's address in a platform's name is refused, and not counted against it.
#[tokio::test]
async fn r8_2_what_came_through_a_browser_is_refused_and_not_counted() {
    let world = World::new().await;
    let lab = world.lab();
    let person = world.person("resident").applies().await;
    let request = lab.request_with("account-registration", &["name"]);
    let address = format!("/oauth/authorize?{}", request.fields.encode());
    let answer = person.follow(&address).await;
    let location = answer.location().unwrap_or_default();
    assert!(
        location.contains("error=invalid_authorization_details"),
        "{location}"
    );
    assert!(counts(&world).await.is_empty());
}

/// R8.1, R8.2: approved on paper without what the rule needs, an attribute is asked of nobody.
#[tokio::test]
async fn r8_2_an_attribute_without_basis_key_or_profile_is_asked_of_nobody() {
    let world = World::new().await;
    // No key to encrypt to.
    approve_attributes(&world, "shop", &["name"]).await;
    let (code, description) =
        asks(&world.platform("shop"), "account-registration", &["name"]).await;
    assert_eq!(code, "invalid_authorization_details");
    assert!(description.contains("encryption key"), "{description}");
    // The sandbox profile.
    approve_attributes(&world, "lab", &["name"]).await;
    let (code, _) = asks(&world.lab(), "account-registration", &["name"]).await;
    assert_eq!(code, "invalid_authorization_details");
    // No statute.
    let bank = world
        .service()
        .platform(&PlatformId::parse("bank").unwrap());
    let mut bank = (*bank.unwrap()).clone();
    bank.scenarios[0].attributes[0].legal_basis.chinese.clear();
    register(&world, bank).await;
    let (_, description) = asks(&world.platform("bank"), "account-opening", &["name"]).await;
    assert!(description.starts_with("R8.2"), "{description}");
}

/// R10.1: an age marker without a duty about exactly one bracket.
#[tokio::test]
async fn r10_1_a_second_bracket_at_one_platform_ends_both() {
    let world = World::new().await;
    let id = PlatformId::parse("game").unwrap();
    let game = (*world.service().platform(&id).unwrap()).clone();
    for bracket in [None, Some("nonsense"), Some("elder")] {
        let mut changed = game.clone();
        let mut second = changed.scenarios[0].clone();
        second.id = identity::id::ScenarioId::parse("second").unwrap();
        second.default = false;
        second.attributes[0].bracket = bracket.map(Bracket::new);
        changed.scenarios.push(second);
        register(&world, changed).await;
        let (code, description) = asks(&world.platform("game"), "second", &["age_marker"]).await;
        assert_eq!(code, "invalid_authorization_details", "{bracket:?}");
        assert!(description.starts_with("R10.1"), "{description}");
    }
    // With two different brackets the first is not answered any more either.
    let (_, description) = asks(
        &world.platform("game"),
        "account-registration",
        &["age_marker"],
    )
    .await;
    assert!(description.starts_with("R10.1"), "{description}");
    assert!(counts(&world).await[0].starts_with("game 2026-11-01 age_bracket"));
}

/// A request whose answer would not fit into a code is refused at once, not after the person's consent; the largest that
/// is taken does fit, with everything there is to give.
#[tokio::test]
async fn a_request_for_attributes_that_would_not_fit_is_refused() {
    let world = World::new().await;
    let names = [
        "name",
        "document_kind",
        "document_number",
        "birth_date",
        "nationality",
        "sex",
    ];
    approve_attributes(&world, "bank", &names).await;
    let (bank, person) = (
        world.platform("bank"),
        world.person("foreigner").applies().await,
    );
    // In a form every such character takes three bytes.
    let request = |characters: usize| {
        let mut request = bank.request_with("account-opening", &names);
        request.fields = request.fields.with("state", &"&".repeat(characters));
        request
    };
    let too_long = bank.push(&request(1024).fields).await;
    assert_eq!(too_long.outcome(), (400, "invalid_request".to_owned()));
    assert!(too_long.text().contains("R8.2"), "{}", too_long.text());
    let mut characters = 1024;
    while bank.push(&request(characters).fields).await.status == 400 {
        characters -= 8;
    }
    let largest = bank.pushes(request(characters)).await;
    let redirect = person.approves_with(&largest, &names).await;
    let code = redirect.code().len();
    assert!((5000..8192).contains(&code), "{code} bytes");
    assert_eq!(bank.redeems(&redirect).await.claims().len(), names.len());
}
