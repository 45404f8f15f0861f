//! What wallets send: every member of every body, at every depth.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use testkit::{Call, Statement, Wallet};

use super::answers::Form;
use super::spoil::{Spoil, any_spoil};
use super::{Town, property};

async fn spoiled_body(town: &Town, path: &str, good: &Value, spoil: &Spoil) -> u16 {
    let spoiled = spoil.json(good, &town.pool);
    let call = Call::post(path).body("application/json", spoiled.call.clone());
    let answer = town.judge(call, Form::Api).await;
    let exact =
        spoiled.changed && ["/statement", "/transaction", "/session"].contains(&&*spoiled.place);
    if exact || spoiled.twice {
        assert!(
            answer.status >= 400,
            "{path} took another {}: {}",
            spoiled.place,
            spoiled.call
        );
    }
    answer.status
}

/// A person who did not apply yet.
static NEXT: AtomicU64 = AtomicU64::new(0);

#[test]
fn every_member_of_an_application() {
    property(400, any_spoil(), |town, spoil| async move {
        let name = format!("generated-{}", NEXT.load(Ordering::Relaxed) % 100);
        let applicant = town.world.person(&name);
        let good = applicant
            .application(&Wallet::generate(&applicant.person.pin))
            .await;
        if spoiled_body(town, "/person/api/apply", &good, &spoil).await == 201 {
            NEXT.fetch_add(1, Ordering::Relaxed);
        }
    });
}

#[test]
fn every_member_of_a_recovery() {
    property(250, any_spoil(), |town, spoil| async move {
        let applicant = town.person.applicant();
        let mut good = applicant
            .document_check(&Wallet::generate(&applicant.person.pin))
            .await;
        good["recovery_proof"] = json!(town.person.wallet().recovery_proof());
        spoiled_body(town, "/person/api/recover", &good, &spoil).await;
    });
}

#[test]
fn every_member_of_a_new_pin() {
    property(200, any_spoil(), |town, spoil| async move {
        let applicant = town.person.applicant();
        let good = json!({
            "statement": town.person.act("set_pin").sign(&town.person.wallet().device),
            "consents": applicant.consents().await,
            "document": applicant.document(),
            "evidence": { "chip": true, "face": null },
            "pin": town.person.wallet().pin,
        });
        spoiled_body(town, "/person/api/set-pin", &good, &spoil).await;
    });
}

#[test]
fn every_member_of_a_decision() {
    property(300, any_spoil(), |town, spoil| async move {
        let request = town.forum.requests("").await;
        let mut good = town.person.approval(&request).await.body();
        good["presentation"] = json!("e30.e30.c2ln~WyJzYWx0IiwibmFtZSIsIngiXQ~e30.e30.c2ln");
        spoiled_body(town, "/oauth/decide", &good, &spoil).await;
    });
}

#[test]
fn every_member_of_an_act() {
    const ACTS: [&str; 9] = [
        "lock",
        "unlock",
        "receipts",
        "devices",
        "remove-device",
        "history-wrap",
        "history-begin",
        "credential",
        "link",
    ];
    property(300, any_spoil(), |town, spoil| async move {
        let (act, spoil) = spoil.turn(&ACTS);
        let statement = town.person.act(&act.replace('-', "_"));
        let mut good = json!({ "statement": statement.sign(&town.person.wallet().device) });
        if *act == "receipts" {
            good["below"] = json!(3);
        }
        spoiled_body(town, &format!("/person/api/{act}"), &good, &spoil).await;
    });
}

#[test]
fn every_member_of_a_session_and_of_a_link() {
    property(300, any_spoil(), |town, spoil| async move {
        let device = &town.person.wallet().device;
        let session =
            Statement::new(&town.world, "wz-session+jwt").by(&town.person.wallet().handle);
        let session = json!({ "statement": session.sign(device) });
        spoiled_body(town, "/person/api/session", &session, &spoil).await;
        let wallet = Wallet::generate("58203947");
        let claim = json!({
            "link_code": "12345678",
            "statement": Statement::of_new_device(&town.world).sign(&wallet.device),
            "agreement_key": Wallet::jwk(&wallet.agreement),
            "device_name": "新设备",
        });
        spoiled_body(town, "/person/api/link/claim", &claim, &spoil).await;
        spoiled_body(
            town,
            "/person/api/link/finish",
            &json!({ "claim": "AAAA" }),
            &spoil,
        )
        .await;
    });
}

#[test]
fn every_member_of_a_hand_off() {
    property(200, any_spoil(), |town, spoil| async move {
        let uri = town.forum.requests("").await.request_uri();
        let transaction = uri.rsplit(':').next().unwrap_or_default();
        spoiled_body(
            town,
            "/x/open",
            &json!({ "transaction": transaction }),
            &spoil,
        )
        .await;
        spoiled_body(town, "/x/extend", &json!({ "session": "AAAA" }), &spoil).await;
    });
}
