//! Attributes for a platform: approved ∩ legal basis ∩ separate consent, encrypted, with a receipt on both sides
//! (Art. 8(2), R8.2, R8.3), told from the person's and the platform's side.

use jose::jwe;
use serde_json::{Value, json};
use testkit::{Applicant, Call, Holder, Platform, Redirect, World};

mod age_marker;
mod over_asking;
mod presented;

const BOTH: [&str; 2] = ["name", "document_number"];

/// A world with a resident who holds a 网证, and the bank, approved for name and document number.
async fn at_the_bank() -> (World, Holder, Platform) {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let bank = world.platform("bank");
    (world, person, bank)
}

fn name_of(person: &Applicant) -> Value {
    json!(person.person.document.holder().as_str())
}

fn number_of(person: &Applicant) -> Value {
    json!(person.person.document.number().canonical())
}

fn detail(response: &Value) -> &Value {
    &response["authorization_details"][0]
}

/// R8.2: attribute by attribute. One of two is ticked: one of two leaves.
#[tokio::test]
async fn r8_2_only_what_was_ticked_leaves_and_only_the_bank_can_read_it() {
    let (world, person, bank) = at_the_bank().await;
    let request = bank.requests_attributes("account-opening", &BOTH).await;
    let shown = person.looks_at(&request).await;
    assert_eq!(shown["attributes"][0]["name"], "name");
    assert_eq!(shown["attributes"][1]["name"], "document_number");
    assert!(!shown["attributes"][1]["basis"].as_str().unwrap().is_empty());
    let redirect = person.approves_with(&request, &["document_number"]).await;
    let verified = bank.redeems(&redirect).await;
    // 1. The bank reads exactly that, with its own key (testkit checked the service's signature inside).
    let expected = json!({ "document_number": number_of(person.applicant()) });
    assert_eq!(Value::Object(verified.claims()), expected);
    // 2. Names, never values, in the answer and in both receipts; the pass stands by itself.
    assert_eq!(detail(&verified.response)["result"], "pass");
    assert_eq!(
        detail(&verified.response)["attributes"],
        json!(["document_number"])
    );
    assert_eq!(verified.receipt["disclosed"], json!(["document_number"]));
    let own = &person.history().await[0];
    assert_eq!(
        own.text,
        verified.receipt_text(),
        "the person holds the same receipt"
    );
    // 3. R7.2: said in each result, with attributes too.
    assert_eq!(
        detail(&verified.response)["further_plaintext"],
        "prohibited"
    );
    assert_eq!(verified.receipt["further_plaintext"], "prohibited");
    // 4. Nobody else can read it: not another platform, not the bank's key for the other issuer.
    let sealed = verified.id_token["verified_claims"].as_str().unwrap();
    for other in [world.platform("game"), world.platform("bank").at_sm()] {
        assert!(jwe::decrypt(sealed, other.encryption_key()).is_err());
    }
}

/// R8.1, R8.2: consenting to none is a pass, and result-only platforms have nothing besides.
#[tokio::test]
async fn r8_1_consenting_to_none_is_a_pass_with_the_result_alone() {
    let (world, person, bank) = at_the_bank().await;
    let request = bank.requests_attributes("account-opening", &BOTH).await;
    let verified = bank.redeems(&person.approves(&request).await).await;
    assert_eq!(detail(&verified.response)["result"], "pass");
    assert_eq!(detail(&verified.response)["attributes"], json!([]));
    assert_eq!(verified.receipt["disclosed"], json!([]));
    assert!(!verified.id_token.contains_key("verified_claims"));

    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    let verified = forum.redeems(&redirect).await;
    let names: Vec<&str> = verified.id_token.keys().map(String::as_str).collect();
    let only = [
        "acr",
        "amr",
        "aud",
        "auth_time",
        "exp",
        "iat",
        "iss",
        "nonce",
        "sub",
    ];
    let mut names = names;
    names.sort_unstable();
    assert_eq!(names, only);
    assert!(detail(&verified.response).get("attributes").is_none());
}

/// R8.3: what leaves is bound to recipient and purpose, in the receipt and beside the values.
#[tokio::test]
async fn r8_3_receipt_and_claims_name_recipient_and_purpose() {
    let (_, person, bank) = at_the_bank().await;
    let request = bank.requests_attributes("account-opening", &BOTH).await;
    let redirect = person.approves_with(&request, &BOTH).await;
    let verified = bank.redeems(&redirect).await;
    let inside = verified.disclosed.as_ref().expect("something was given");
    for said in [inside, &verified.receipt] {
        assert_eq!(said["aud"], bank.client_id());
        assert_eq!(said["sub"], verified.subject());
        assert_eq!(said["scenario"], "account-opening");
        assert_eq!(said["purpose"], "场景 account-opening purpose");
        assert_eq!(said["further_plaintext"], "prohibited");
    }
    assert_eq!(verified.receipt["host"], "bank.example");
    let framework = &inside["verified_claims"]["verification"]["trust_framework"];
    assert_eq!(framework, "cn_wangzheng");
    let expected = json!({
        "name": name_of(person.applicant()), "document_number": number_of(person.applicant()),
    });
    assert_eq!(Value::Object(verified.claims()), expected);
}

/// R8.2, R13.1: ECDH-ES with A256GCM at the main issuer; SM2 with SM4-GCM at `/sm`, signed by SM2 inside.
#[tokio::test]
async fn r13_1_each_issuer_encrypts_with_its_own_suite() {
    let (_, person, bank) = at_the_bank().await;
    for (platform, alg, enc) in [
        (bank.clone(), "ECDH-ES", "A256GCM"),
        (bank.at_sm(), "SGD_SM2_3", "SGD_SM4_GCM"),
    ] {
        let request = platform
            .requests_attributes("account-opening", &["name"])
            .await;
        let redirect = person.approves_with(&request, &["name"]).await;
        let verified = platform.redeems(&redirect).await;
        assert_eq!(verified.claims()["name"], name_of(person.applicant()));
        let sealed = verified.id_token["verified_claims"].as_str().unwrap();
        assert_eq!(sealed.split('.').count(), 5, "a JWE");
        let header = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::decode_vec(
            sealed.split('.').next().unwrap(),
        );
        let header: Value = serde_json::from_slice(&header.unwrap()).unwrap();
        assert_eq!(
            (&header["alg"], &header["enc"], &header["cty"]),
            (&json!(alg), &json!(enc), &json!("JWT"))
        );
    }
}

/// B2: the same decision sent twice is one decision; the code gives its values once.
#[tokio::test]
async fn b2_the_same_consent_twice_discloses_once() {
    let (world, person, bank) = at_the_bank().await;
    let request = bank.requests_attributes("account-opening", &BOTH).await;
    let decision = person.approval(&request).await.consents(&["name"]);
    let sent = Call::post("/oauth/decide").json(&decision.body());
    let first = Redirect::of(&world.send(sent.clone()).await.expect(200));
    let second = Redirect::of(&world.send(sent).await.expect(200));
    assert_eq!(bank.redeems(&first).await.claims().len(), 1);
    let again = bank.ask_for_tokens(&bank.redemption(&second)).await;
    assert_eq!(again.outcome(), (400, "invalid_grant".to_owned()));
}

/// Every attribute there is, at once: each from the device, none else; the code still fits where codes go.
#[tokio::test]
async fn r8_2_all_attributes_together_fit() {
    let world = World::new().await;
    let bank = world.platform("bank");
    let names = [
        "name",
        "document_kind",
        "document_number",
        "birth_date",
        "nationality",
        "sex",
    ];
    presented::approve_attributes(&world, "bank", &names).await;
    let person = world.person("resident").applies().await;
    let mut request = bank.request_with("account-opening", &names);
    let state = "s".repeat(900);
    request.fields = request.fields.with("state", &state);
    let request = bank.pushes(request).await;
    let redirect = person.approves_with(&request, &names).await;
    let claims = bank.redeems(&redirect).await.claims();
    let given: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(given.len(), names.len());
    for (name, value) in &claims {
        assert!(value.is_string(), "{name}");
    }
    assert_eq!(claims["birth_date"], "1990-01-31");
}
