//! 书面同意: a document that both sides signed, in the inbox, and checkable by anybody years later.

use crypto::{Curve, PublicKey};
use identity::notice::WrittenAgreement;
use jose::jwk::JwkSet;
use jose::jws::Unverified;
use serde_json::{Value, json};
use testkit::{Call, World};

use super::{agrees, can_verify, standing, written_notice};

#[tokio::test]
async fn r9_2_a_written_consent_is_a_document_both_sides_signed() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let notice = written_notice();
    world.publishes(&notice).await;
    assert_eq!(
        can_verify(&person).await,
        (403, "agreement_needed".to_owned())
    );
    agrees(&person, "written").await;
    assert_eq!(can_verify(&person).await.0, 200);

    // 1. It lies in the person's inbox, of the size of any other entry.
    let history = person.history().await;
    let entries: Vec<Value> = history
        .iter()
        .filter_map(|entry| serde_json::from_str(&entry.text).ok())
        .collect();
    let entry = entries.iter().find(|e| e["topic"] == "written_agreement");
    let document = entry.expect("in the inbox")["document"].as_str().unwrap();

    // 2. The service signed it, with a published key.
    let keys = world.send(Call::get("/.well-known/wangzheng-keys")).await;
    let keys: Vec<Value> = keys.json()["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["purpose"] == "receipt")
        .map(|key| key["jwk"].clone())
        .collect();
    let keys: JwkSet = serde_json::from_value(json!({ "keys": keys })).unwrap();
    let signed = Unverified::parse(document)
        .unwrap()
        .verify_with_set(&keys)
        .unwrap();
    let agreement: WrittenAgreement = serde_json::from_slice(&signed.into_inner()).unwrap();
    assert_eq!(
        (agreement.notice.as_str(), agreement.version),
        ("written", 1)
    );

    // 3. So did the person's device, and it named the digest of the text.
    let point: Vec<u8> = (0..agreement.device_key.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&agreement.device_key[at..at + 2], 16).unwrap())
        .collect();
    let device = PublicKey::from_sec1(Curve::P256, &point).unwrap();
    let statement = Unverified::parse(&agreement.statement)
        .unwrap()
        .verify(&device)
        .unwrap();
    let statement: Value = serde_json::from_slice(&statement.into_inner()).unwrap();
    assert_eq!(statement["act"], "agree");
    assert_eq!(statement["notice"], json!(agreement.digest));

    // 4. The text itself is public for ever and has that digest: the document can be made again from both.
    let text = notice
        .text_of(&agreement.digest)
        .expect("the text that was read");
    assert_eq!(text.language, agreement.language);
    let public = world
        .send(Call::get("/notices/written/1"))
        .await
        .expect(200);
    assert!(public.text().contains("书面同意示例"));
}

/// Who applies is not asked for a document before there is a device that could sign one.
#[tokio::test]
async fn r9_2_a_written_consent_is_asked_of_a_known_device_only() {
    let world = World::new().await;
    world.publishes(&written_notice()).await;
    let person = world.person("resident").applies().await;
    assert_eq!(standing(&person, "written").await["state"], "not_given");
    assert_eq!(standing(&person, "written").await["asked"], true);
}
