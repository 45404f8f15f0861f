//! 注销 (R9.5, R2.3, C6): a person leaves, and nothing is left but what the receipt of erasure names.

use base64ct::{Base64UrlUnpadded, Encoding};
use identity::service::Policy;
use jose::jws::Unverified;
use serde_json::{Value, json};
use testkit::{Holder, Setup, Statement, World};

mod nothing_left;
mod retention;

/// A world in which leaving takes effect at once, as in the demo.
async fn without_cooling_off() -> World {
    World::with(Setup {
        policy: Policy {
            leave_cooling_off: 0,
            ..Policy::default()
        },
        ..Setup::default()
    })
    .await
}

async fn leaves(person: &Holder) -> testkit::Answer {
    person
        .acts(
            "leave",
            &json!({ "pin": person.wallet().pin, "clients": ["forum"] }),
        )
        .await
}

/// The claims of a compact JWS, unverified; the wallet's own test verifies them.
fn claims(jws: &Value) -> Value {
    let text = jws.as_str().expect("a JWS");
    let header = Unverified::parse(text).expect("a JWS").header().typ.clone();
    assert_eq!(header.as_deref(), Some("wz-erasure-receipt+jwt"));
    let payload = text.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).expect("base64url"))
        .expect("JSON")
}

/// R9.5: asked, restricted at once, cancelled, asked again, erased when the cooling-off is over; the receipt is
/// fetched by the device afterwards.
#[tokio::test]
async fn r9_5_a_person_leaves_thinks_again_and_leaves() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let given = person.approves(&forum.requests("").await).await;

    // Restricted at once: neither what was approved nor anything new gives a result.
    let answer = leaves(&person).await.expect(200).json();
    assert_eq!(answer["state"], "leaving");
    assert_eq!(answer["erase_on"], "2026-11-29");
    let code = forum.ask_for_tokens(&forum.redemption(&given)).await;
    assert_eq!(code.json()["error"], "invalid_grant");
    let request = forum.requests("").await;
    let refused = person.approval(&request).await.send().await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (403, &json!("leaving"))
    );
    // Only the acts of leaving, and reading one's own.
    for act in [
        "lock",
        "unlock",
        "credential",
        "history-wrap",
        "remove-device",
        "link",
    ] {
        let answer = person
            .acts(act, &json!({ "pin": person.wallet().pin }))
            .await;
        assert_eq!(answer.json()["code"], "leaving", "{act}");
    }
    person.acts("receipts", &json!({})).await.expect(200);

    // Thinks again: everything is as it was.
    let cancelled = person.acts("leave-cancel", &json!({})).await.expect(200);
    assert_eq!(cancelled.json()["state"], "active");
    person.approves(&request).await;
    let again = person.acts("leave-cancel", &json!({})).await;
    assert_eq!(
        (again.status, &again.json()["code"]),
        (409, &json!("not_leaving"))
    );

    // Leaves for good: a day before the end the service erases nobody, at the end it does.
    leaves(&person).await.expect(200);
    world.advance(7 * 86_400 - 1);
    assert_eq!(world.service().erase_due(world.now()).await.unwrap(), 0);
    world.advance(1);
    let late = person.acts("leave-cancel", &json!({})).await;
    assert_eq!(late.json()["code"], "not_leaving", "too late");
    assert_eq!(world.service().erase_due(world.now()).await.unwrap(), 1);
    assert_eq!(world.service().erase_due(world.now()).await.unwrap(), 0);
    let gone = person.acts("receipts", &json!({})).await;
    assert_eq!(gone.json()["code"], "device_unknown");

    // The device fetches its receipt; another key does not.
    let fetch = |key: &crypto::PrivateKey| {
        let mut statement =
            Statement::new(&world, "wz-erased+jwt").with("device", person.wallet().handle.clone());
        statement.with_key = true;
        json!({ "statement": statement.sign(key) })
    };
    let ask = |body: Value| {
        let world = world.clone();
        async move {
            let call = testkit::Call::post("/person/api/leave-receipt").json(&body);
            world.send(call).await
        }
    };
    let receipt = ask(fetch(&person.wallet().device)).await.expect(200).json();
    let claims = claims(&receipt["receipt"]);
    assert_eq!(claims["erased_on"], "2026-11-29");
    assert_eq!(claims["backups_until"], "2026-12-06");
    assert_eq!(ask(fetch(&person.wallet().agreement)).await.status, 404);
}

/// The receipt names what is gone, what survives and why, and until when.
#[tokio::test]
async fn r9_5_the_receipt_names_what_survives() {
    let world = without_cooling_off().await;
    let person = world.person("resident").applies().await;
    let answer = leaves(&person).await.expect(200).json();
    assert_eq!(answer["state"], "erased");
    let claims = claims(&answer["receipt"]);
    let remains: Vec<&str> = claims["remains"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        remains,
        [
            "log_leaves",
            "removal_event",
            "wanghao_digest",
            "tombstone",
            "erasure_receipt",
            "messages_to_platforms",
            "platform_accounts"
        ]
    );
    assert_eq!(claims["remains"][3]["until"], "2027-11-30");
    assert_eq!(claims["credential"], "revoked");
    assert_eq!(claims["backups_until"], "2026-11-29");
    assert!(claims["erased"].as_array().unwrap().len() > 5);
}

/// R9.5: leaving cannot be undone, so it asks the 口令; a wrong one spends an attempt and changes nothing.
#[tokio::test]
async fn r9_5_leaving_asks_the_pin() {
    let world = without_cooling_off().await;
    let person = world.person("resident").applies().await;
    let without = person.acts("leave", &json!({})).await;
    assert_eq!(without.json()["code"], "pin_needed");
    let wrong = person.acts("leave", &json!({ "pin": "11111111" })).await;
    assert_eq!(wrong.json()["code"], "pin_wrong");
    let forum = world.platform("forum");
    person.approves(&forum.requests("").await).await;
}

/// R2.3: back at once the first time, with another identifier everywhere; after that the wait.
#[tokio::test]
async fn r2_3_coming_back_gives_new_identifiers_and_is_limited_and_counted() {
    let world = without_cooling_off().await;
    let forum = world.platform("forum");
    let applicant = world.person("resident");
    let mut subjects = Vec::new();
    for _ in 0..2 {
        let person = applicant.applies().await;
        let redirect = person.approves(&forum.requests("").await).await;
        subjects.push(forum.redeems(&redirect).await.subject().to_owned());
        leaves(&person).await.expect(200);
    }
    assert_ne!(subjects[0], subjects[1]);
    // The second time: not before the wait is over, counted from the end of the month.
    let wallet = testkit::Wallet::generate("58203947");
    let body = applicant.application(&wallet).await;
    let refused = applicant.apply(&body).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["code"], "returns_later");
    assert_eq!(refused.json()["from"], "2026-12-30");
    world.advance(37 * 86_400);
    let wallet = testkit::Wallet::generate("58203947");
    let body = applicant.application(&wallet).await;
    assert_eq!(applicant.apply(&body).await.status, 403, "the day before");
    world.advance(86_400);
    applicant.applies().await;
}

/// C6: what is missing is named by a leaf; nothing else may be missing.
#[tokio::test]
async fn c6_the_log_verifies_after_an_erasure() {
    let world = without_cooling_off().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let redirect = person.approves(&forum.requests("").await).await;
    forum.redeems(&redirect).await;
    world.epoch().await;
    // Some leaves are in the tree, some still wait.
    person.acts("lock", &json!({})).await.expect(200);
    leaves(&person).await.expect(200);
    world.epoch().await;
    let report = world.verify_log().await;
    assert!(report.is_good(), "{:?}", report.findings);
    assert!(report.counts.removed >= 4, "{:?}", report.counts);
    assert_eq!(
        report.counts.events + report.counts.removed,
        report.counts.leaves
    );
}
