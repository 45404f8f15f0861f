//! A device acts for its own person, and only as long as it is one of the person's (P21, C3).

use serde_json::json;
use testkit::{Call, Statement, Wallet, World};

/// Acts of a device are its own person's: a stranger's handle, key or device is nobody.
#[tokio::test]
async fn a_device_acts_for_its_own_person_alone() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let stranger = world.person("resident2").applies().await;
    let send = async |statement: String| {
        let call = Call::post("/person/api/lock").json(&json!({ "statement": statement }));
        world.send(call).await.outcome()
    };
    let forged = person.act("lock").sign(&stranger.wallet().device);
    assert_eq!(send(forged).await, (400, "statement_invalid".to_owned()));
    let nobody = person
        .act("lock")
        .by(&"a".repeat(26))
        .sign(&stranger.wallet().device);
    assert_eq!(send(nobody).await, (403, "device_unknown".to_owned()));
    let other_act = person.act("unlock").sign(&person.wallet().device);
    assert_eq!(send(other_act).await, (400, "malformed".to_owned()));
    let approval = Statement::new(&world, "wz-approval+jwt").by(&person.wallet().handle);
    let approval = approval.with("act", "lock").sign(&person.wallet().device);
    assert_eq!(send(approval).await, (400, "statement_invalid".to_owned()));
    // Somebody else's device is not found, and stays.
    let handle = json!({ "device": person.wallet().handle });
    let answer = stranger.acts("remove-device", &handle).await;
    assert_eq!(answer.outcome(), (404, "not_found".to_owned()));
    let good = person.act("lock").sign(&person.wallet().device);
    assert_eq!(send(good.clone()).await.0, 200);
    assert_eq!(send(good).await, (403, "statement_replayed".to_owned()));
}

/// A removed device is nobody's: its statements and its sessions end.
#[tokio::test]
async fn p21_a_removed_device_ends_its_sessions() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let proof = old.wallet().recovery_proof();
    let wallet = Wallet::generate(&applicant.person.pin);
    let answer = applicant
        .recover(&wallet, Some(&proof))
        .await
        .expect(201)
        .json();
    let lost = applicant.holds(wallet, &answer);
    let cookie = lost.signs_in().await;
    let address = world.platform("forum").requests("").await.address;
    let page = async || {
        world
            .send(Call::get(&address).header("cookie", &cookie))
            .await
    };
    let signed_in = page().await.expect(200);
    old.acts("remove-device", &json!({ "device": lost.wallet().handle }))
        .await
        .expect(200);
    let signed_out = page().await.expect(200);
    assert_ne!(
        signed_in.body, signed_out.body,
        "the page does not know anyone"
    );
    assert_eq!(
        lost.acts("receipts", &json!({})).await.outcome().1,
        "device_unknown"
    );
}

/// P21: the last device does not go by a slip; afterwards only the document check is left.
#[tokio::test]
async fn p21_the_last_device_goes_on_purpose_only() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    let own = json!({ "device": person.wallet().handle });
    let answer = person.acts("remove-device", &own).await;
    assert_eq!(answer.outcome(), (409, "last_device".to_owned()));
    let meant = json!({ "device": person.wallet().handle, "last_device": true });
    person.acts("remove-device", &meant).await.expect(200);
    assert_eq!(
        person.acts("receipts", &json!({})).await.outcome().1,
        "device_unknown"
    );
    let wallet = Wallet::generate(&applicant.person.pin);
    let proof = person.wallet().recovery_proof();
    let answer = applicant.recover(&wallet, Some(&proof)).await;
    let mut back = applicant.holds(wallet, &answer.expect(201).json());
    back.wallet_mut().history = person.wallet().history.clone();
    assert_eq!(
        back.history_kinds().await,
        ["device-recovered", "device-removed"],
        "both are told"
    );
}
