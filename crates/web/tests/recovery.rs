//! P-recovery: lost device, forgotten 口令, another device. No path is weaker than application.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use testkit::{Call, Holder, Wallet, World};

/// With the recovery code a new device works at once, and reads the old history.
#[tokio::test]
async fn p_recovery_the_code_brings_device_and_history_back_at_once() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let forum = world.platform("forum");
    let verified = forum
        .redeems(&old.approves(&forum.requests("").await).await)
        .await;

    let mut wallet = Wallet::generate(&applicant.person.pin);
    wallet.recovery_code = old.wallet().recovery_code;
    let proof = wallet.recovery_proof();
    let answer = applicant
        .recover(&wallet, Some(&proof))
        .await
        .expect(201)
        .json();
    assert_eq!(answer["active_from"], world.now().0);
    let mut new = applicant.holds(wallet, &answer);
    new.wallet_mut()
        .open_recovery_wrap(answer["recovery_wrap"].as_str().unwrap());

    let history = new.history().await;
    assert_eq!(history[0].kind(), "device-recovered", "the person is told");
    assert_eq!(
        history[1].text,
        verified.receipt_text(),
        "the old history opens"
    );
    forum
        .redeems(&new.approves(&forum.requests("step-up").await).await)
        .await;
    // The device keeps the history key for itself from now on.
    let wrap = new.wallet().own_history_wrap();
    new.acts("history-wrap", &json!({ "history_wrap": wrap }))
        .await
        .expect(200);
    let receipts = new.acts("receipts", &json!({})).await.expect(200).json();
    new.wallet_mut()
        .open_history_wrap(receipts["history_wrap"].as_str().unwrap());
    // Firefox and Safari import a private key only together with its public part.
    let public = Wallet::jwk(new.wallet().history.as_ref().unwrap());
    assert_eq!(answer["history_key"], public);
    assert_eq!(receipts["history_key"], public);
    assert_eq!(new.history().await.len(), 3);
    // The old device still works: it was not said to be stolen.
    assert_eq!(old.history_kinds().await[0], "receipt");
}

/// Without a code the device waits, and every other device is told; the document alone is not enough at once.
#[tokio::test]
async fn p_recovery_without_the_code_a_device_waits_and_the_others_are_told() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let wallet = Wallet::generate(&applicant.person.pin);
    let answer = applicant.recover(&wallet, None).await.expect(201).json();
    let delay = world.service().policy.recovery_delay;
    assert_eq!(answer["active_from"], world.now().0 + delay);
    assert_eq!(answer["recovery_wrap"], Value::Null);
    let new = applicant.holds(wallet, &answer);

    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let early = new.approval(&request).await.send().await;
    assert_eq!(early.outcome(), (403, "device_waiting".to_owned()));
    assert_eq!(early.json()["active_from"], answer["active_from"]);
    for act in ["lock", "receipts", "devices"] {
        let answer = new.acts(act, &json!({})).await;
        assert_eq!(
            answer.outcome(),
            (403, "device_waiting".to_owned()),
            "{act}"
        );
    }
    // The old device hears of it and may throw the new one out.
    assert_eq!(old.history_kinds().await, ["device-recovered"]);
    let devices = old.acts("devices", &json!({})).await.expect(200).json();
    let stranger = devices["devices"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["this"] == false);
    let handle = stranger.unwrap()["device"].as_str().unwrap();
    assert_eq!(handle, new.wallet().handle);
    old.acts("remove-device", &json!({ "device": handle }))
        .await
        .expect(200);
    world.advance(delay);
    let late = new.acts("receipts", &json!({})).await;
    assert_eq!(late.outcome(), (403, "device_unknown".to_owned()));
}

/// Nobody objected: after the delay the device works, with a history that begins anew.
#[tokio::test]
async fn p_recovery_after_the_delay_a_new_history_begins() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let forum = world.platform("forum");
    forum
        .redeems(&old.approves(&forum.requests("").await).await)
        .await;
    let wallet = Wallet::generate(&applicant.person.pin);
    let answer = applicant.recover(&wallet, None).await.expect(201).json();
    let new = applicant.holds(wallet, &answer);
    world.advance(world.service().policy.recovery_delay);
    assert!(
        new.history().await.is_empty(),
        "sealed to a key this device never had"
    );

    let history = new.wallet().history.as_ref().unwrap();
    let key = Base64UrlUnpadded::encode_string(&history.public().to_sec1().unwrap());
    let fields = json!({ "history_key": key, "history_wrap": new.wallet().own_history_wrap() });
    new.acts("history-begin", &fields).await.expect(200);
    forum
        .redeems(&new.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(new.history_kinds().await, ["receipt"]);
    // A device that can read the history may not begin another: it would hide what comes from the others.
    let again = new.acts("history-begin", &fields).await;
    assert_eq!(again.outcome(), (400, "statement_invalid".to_owned()));
}

#[tokio::test]
async fn p_recovery_a_wrong_code_and_a_strangers_document_open_nothing() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let events = world.event_count().await;
    let wallet = Wallet::generate(&applicant.person.pin);
    let wrong = wallet.recovery_proof();
    let answer = applicant.recover(&wallet, Some(&wrong)).await;
    assert_eq!(answer.outcome(), (403, "recovery_code_wrong".to_owned()));
    // The code of one person with the document of another.
    let stranger = world.person("resident2");
    let code = old.wallet().recovery_proof();
    let answer = stranger
        .recover(&Wallet::generate("58203947"), Some(&code))
        .await;
    assert_eq!(answer.outcome(), (403, "holds_none".to_owned()));
    assert_eq!(world.event_count().await, events, "nothing is written");
    stranger.applies().await;
    let answer = stranger
        .recover(&Wallet::generate("58203947"), Some(&code))
        .await;
    assert_eq!(answer.outcome(), (403, "recovery_code_wrong".to_owned()));
}

async fn set_pin(person: &Holder, document: Value, pin: &str) -> testkit::Answer {
    let statement = person.act("set_pin").sign(&person.wallet().device);
    let body = json!({
        "statement": statement,
        "consents": person.applicant().consents().await,
        "document": document,
        "evidence": { "chip": true, "face": null },
        "pin": pin,
    });
    person
        .world()
        .send(Call::post("/person/api/set-pin").json(&body))
        .await
}

#[tokio::test]
async fn p_recovery_a_forgotten_pin_takes_device_and_document() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let stranger = world.person("resident2").applies().await;
    let forum = world.platform("forum");
    // Locked out.
    let request = forum.requests("step-up").await;
    for _ in 0..5 {
        person.approval(&request).await.pin("11111111").send().await;
    }
    let own = person.applicant().document();
    let foreign = stranger.applicant().document();
    let answer = set_pin(&person, foreign, "60914275").await;
    assert_eq!(
        answer.outcome(),
        (403, "document_no_match".to_owned()),
        "somebody else's document"
    );
    let answer = set_pin(&person, own.clone(), "12345678").await;
    assert_eq!(answer.outcome(), (403, "pin_weak".to_owned()));
    set_pin(&person, own, "60914275").await.expect(200);
    assert_eq!(
        person.history_kinds().await,
        ["pin-replaced"],
        "the other devices are told"
    );
    let old = person.approval(&request).await.send().await;
    assert_eq!(old.code(), "pin_wrong");
    let redirect = person
        .approval(&request)
        .await
        .pin("60914275")
        .send()
        .await
        .expect(200);
    forum.redeems(&testkit::Redirect::of(&redirect)).await;
}

#[tokio::test]
async fn p_recovery_a_person_holds_so_many_devices_and_no_more() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let most = world.service().policy.most_devices;
    let proof = old.wallet().recovery_proof();
    for _ in 1..most {
        applicant
            .recover(&Wallet::generate("58203947"), Some(&proof))
            .await
            .expect(201);
    }
    let answer = applicant
        .recover(&Wallet::generate("58203947"), Some(&proof))
        .await;
    assert_eq!(answer.outcome(), (403, "too_many_devices".to_owned()));
    let devices = old.acts("devices", &json!({})).await.expect(200).json();
    assert_eq!(
        devices["devices"].as_array().unwrap().len(),
        usize::try_from(most).unwrap()
    );
}
