//! A second device, vouched for by one that is there (P-recovery, P21).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PublicKey};
use serde_json::{Value, json};
use testkit::{Answer, Call, Holder, Statement, Wallet, World};

async fn post(world: &World, endpoint: &str, body: &Value) -> Answer {
    world
        .send(Call::post(format!("/person/api/{endpoint}")).json(body))
        .await
}

async fn code_of(old: &Holder) -> String {
    let answer = old.acts("link", &json!({})).await.expect(200).json();
    assert_eq!(answer["expires_at"], old.world().now().0 + 120);
    let code = answer["link_code"].as_str().unwrap().to_owned();
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
    code
}

async fn claims(world: &World, code: &str, wallet: &Wallet) -> Answer {
    let body = json!({
        "link_code": code,
        "statement": Statement::of_new_device(world).sign(&wallet.device),
        "agreement_key": Wallet::jwk(&wallet.agreement),
        "device_name": "平板",
    });
    post(world, "link/claim", &body).await
}

/// An act whose endpoint has a path of two parts.
async fn acts(old: &Holder, endpoint: &str, fields: &Value) -> Answer {
    let statement = old.act(&endpoint.replace(['-', '/'], "_")).with_all(fields);
    let body = json!({ "statement": statement.sign(&old.wallet().device) });
    post(old.world(), endpoint, &body).await
}

#[tokio::test]
async fn p_recovery_an_old_device_brings_a_new_one_in() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let old = applicant.applies().await;
    let forum = world.platform("forum");
    forum
        .redeems(&old.approves(&forum.requests("").await).await)
        .await;
    let code = code_of(&old).await;
    let link = json!({ "link_code": code });
    assert_eq!(
        acts(&old, "link/claimed", &link).await.expect(200).json()["state"],
        "waiting"
    );

    let wallet = Wallet::generate(&applicant.person.pin);
    let claim = claims(&world, &code, &wallet).await.expect(200).json();
    let finish = json!({ "claim": claim["claim"] });
    assert_eq!(
        post(&world, "link/finish", &finish)
            .await
            .expect(200)
            .json()["state"],
        "waiting"
    );
    // The person compares four digits on both screens; nobody else's key has them.
    let claimed = acts(&old, "link/claimed", &link).await.expect(200).json();
    assert_eq!(claimed["check"], claim["check"]);
    assert_eq!(claimed["device_name"], "平板");
    let agreement =
        Base64UrlUnpadded::decode_vec(claimed["agreement_key"].as_str().unwrap()).unwrap();
    let agreement = PublicKey::from_sec1(Curve::P256, &agreement).unwrap();
    let wrap = old.wallet().history_wrap_for(&agreement);
    let confirm = json!({ "link_code": code, "history_wrap": wrap });
    acts(&old, "link/confirm", &confirm).await.expect(200);

    let done = post(&world, "link/finish", &finish)
        .await
        .expect(200)
        .json();
    assert_eq!(done["state"], "done");
    let mut new = applicant.holds(wallet, &done);
    new.wallet_mut()
        .open_history_wrap(done["history_wrap"].as_str().unwrap());
    forum
        .redeems(&new.approves(&forum.requests("step-up").await).await)
        .await;
    assert_eq!(
        new.history_kinds().await,
        ["receipt", "device-added", "receipt"]
    );
    assert_eq!(old.history_kinds().await, new.history_kinds().await);
    let devices = new.acts("devices", &json!({})).await.expect(200).json();
    assert_eq!(devices["devices"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn p_recovery_a_link_is_one_device_for_two_minutes() {
    let world = World::new().await;
    let old = world.person("resident").applies().await;
    let (first, second) = (Wallet::generate("58203947"), Wallet::generate("58203947"));
    // One claim wins.
    let code = code_of(&old).await;
    let claim = claims(&world, &code, &first).await.expect(200).json();
    assert_eq!(
        claims(&world, &code, &second).await.outcome(),
        (403, "link_taken".to_owned())
    );
    // The old device says no: the claim is nobody's.
    acts(&old, "link/cancel", &json!({ "link_code": code }))
        .await
        .expect(200);
    let finish = post(&world, "link/finish", &json!({ "claim": claim["claim"] })).await;
    assert_eq!(finish.outcome(), (404, "not_found".to_owned()));
    // Two minutes.
    let code = code_of(&old).await;
    world.advance(121);
    assert_eq!(
        claims(&world, &code, &first).await.outcome(),
        (404, "not_found".to_owned())
    );
    // Confirming before anybody came.
    let code = code_of(&old).await;
    let confirm = json!({ "link_code": code, "history_wrap": old.wallet().own_history_wrap() });
    let early = acts(&old, "link/confirm", &confirm).await;
    assert_eq!(early.outcome(), (403, "link_not_claimed".to_owned()));
}

/// A stranger cannot see, confirm or cancel somebody's link, nor guess a code for long.
#[tokio::test]
async fn p_recovery_a_link_is_the_persons_own() {
    let world = World::new().await;
    let old = world.person("resident").applies().await;
    let stranger = world.person("resident2").applies().await;
    let code = code_of(&old).await;
    claims(&world, &code, &Wallet::generate("58203947"))
        .await
        .expect(200);
    let fields = json!({ "link_code": code, "history_wrap": stranger.wallet().own_history_wrap() });
    for endpoint in ["link/claimed", "link/confirm"] {
        let answer = acts(&stranger, endpoint, &fields).await;
        assert_eq!(
            answer.outcome(),
            (404, "not_found".to_owned()),
            "{endpoint}"
        );
    }
    let cancelled = acts(&stranger, "link/cancel", &fields)
        .await
        .expect(200)
        .json();
    assert_eq!(cancelled["done"], false);
    let claimed = acts(&old, "link/claimed", &json!({ "link_code": code }))
        .await
        .expect(200)
        .json();
    assert_eq!(claimed["state"], "claimed", "it is still there");
    // Guessing ends.
    let mut refused = 0;
    for guess in 0..200 {
        let answer = claims(
            &world,
            &format!("{guess:08}"),
            &Wallet::generate("58203947"),
        )
        .await;
        refused += usize::from(answer.outcome() == (429, "too_many".to_owned()));
    }
    assert!(refused > 0, "nobody tries two hundred codes in a row");
}

/// C3: a locked 网证 takes no new device.
#[tokio::test]
async fn c3_a_locked_person_links_no_device() {
    let world = World::new().await;
    let old = world.person("resident").applies().await;
    old.acts("lock", &json!({})).await.expect(200);
    assert_eq!(
        old.acts("link", &json!({})).await.outcome(),
        (403, "locked".to_owned())
    );
}
