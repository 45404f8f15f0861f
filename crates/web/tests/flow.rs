//! 核验 from end to end, for each profile and suite: the platform learns the answer and nothing else (R8.1).

use serde_json::{Map, Value, json};
use testkit::{Platform, Verified, World};

const WZ: &str = "urn:wangzheng:mode:wz";

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// R8.1: these members and no others.
fn result_only(verified: &Verified) {
    assert_eq!(
        keys(verified.response.as_object().unwrap()),
        [
            "access_token",
            "authorization_details",
            "expires_in",
            "id_token",
            "scope",
            "token_type"
        ]
    );
    assert_eq!(
        keys(&verified.id_token),
        [
            "acr",
            "amr",
            "aud",
            "auth_time",
            "exp",
            "iat",
            "iss",
            "nonce",
            "sub"
        ]
    );
    let details = verified.response["authorization_details"]
        .as_array()
        .unwrap();
    assert_eq!(details.len(), 1);
    assert_eq!(
        keys(details[0].as_object().unwrap()),
        ["further_plaintext", "receipt", "result", "scenario", "type"]
    );
    assert_eq!(details[0]["result"], "pass");
    assert_eq!(details[0]["further_plaintext"], "prohibited");
    assert_eq!(
        keys(&verified.receipt),
        [
            "acr",
            "aud",
            "commitment",
            "disclosed",
            "further_plaintext",
            "host",
            "iat",
            "iss",
            "jti",
            "platform",
            "purpose",
            "result",
            "scenario",
            "sub"
        ]
    );
    assert_eq!(verified.receipt["disclosed"], json!([]));
    assert_eq!(verified.response["token_type"], "Bearer");
}

async fn verifies(platform: &Platform) -> Verified {
    let person = platform.world().person("resident").applies().await;
    let request = platform.requests("account-registration").await;
    let redirect = person.approves(&request).await;
    assert_eq!(redirect.value("iss"), platform.issuer(), "RFC 9207");
    assert_eq!(redirect.value("state"), request.state());
    platform.redeems(&redirect).await
}

#[tokio::test]
async fn r8_1_fapi_learns_the_result_alone() {
    let world = World::new().await;
    let verified = verifies(&world.platform("forum")).await;
    result_only(&verified);
    assert_eq!(verified.algorithm, "ES256");
    assert_eq!(verified.id_token["acr"], WZ);
}

#[tokio::test]
async fn r8_1_simple_learns_the_result_alone_by_secret_or_key_pushed_or_not() {
    let world = World::new().await;
    let person = world.person("resident2").applies().await;
    for lab in [world.lab(), world.lab().with_key()] {
        for request in [
            lab.requests("").await,
            lab.requests_in_the_browser("account-registration"),
        ] {
            let redirect = person.approves(&request).await;
            let verified = lab.redeems(&redirect).await;
            result_only(&verified);
            let userinfo = lab.userinfo(verified.access_token()).await.expect(200);
            assert_eq!(
                userinfo.json(),
                json!({ "sub": verified.subject() }),
                "sub and nothing else"
            );
        }
    }
}

#[tokio::test]
async fn an_id_token_is_rs256_where_it_was_registered() {
    let world = World::new().await;
    let verified = verifies(&world.platform("lab-rsa")).await;
    assert_eq!(verified.algorithm, "RS256");
    result_only(&verified);
}

#[tokio::test]
async fn r13_1_the_sm_issuer_speaks_sm2_throughout() {
    let world = World::new().await;
    let forum = world.platform("forum").at_sm();
    let verified = verifies(&forum).await;
    result_only(&verified);
    assert_eq!(verified.algorithm, "SGD_SM3_SM2");
    assert_eq!(verified.id_token["iss"], "https://wz.example/sm");
    let keys = world
        .send(testkit::Call::get("/sm/oauth/jwks"))
        .await
        .expect(200)
        .json();
    for key in keys["keys"].as_array().unwrap() {
        assert_eq!(key["alg"], "SGD_SM3_SM2", "{key}");
    }
    let keys = world
        .send(testkit::Call::get("/oauth/jwks"))
        .await
        .expect(200)
        .json();
    for key in keys["keys"].as_array().unwrap() {
        assert_ne!(
            key["crv"], "SM2-P-256",
            "many clients refuse a set with an unknown curve"
        );
    }
}

#[tokio::test]
async fn a_native_app_may_hold_an_sm2_key() {
    let world = World::new().await;
    let person = world.person("resident").applies_with_sm2_device().await;
    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    forum.redeems(&redirect).await;
}

/// S6: `acr` names the mode that was shown, `amr` follows from it.
#[tokio::test]
async fn s6_acr_and_amr_follow_the_mode() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let amr = |mode: &str| match mode {
        "wz" => json!(["pop"]),
        "wz+pin" => json!(["pop", "pin"]),
        "wz+face" => json!(["pop", "face"]),
        _ => json!(["pop", "pin", "face"]),
    };
    let exam = world.platform("exam");
    for (scenario, asked, reached) in [
        ("account-registration", "", "wz"),
        ("account-registration", "wz", "wz"),
        ("account-registration", "wz+pin", "wz+pin"),
        ("account-registration", "wz+face", "wz+face"),
        ("account-registration", "wz+pin+face", "wz+pin+face"),
        ("on-site-check", "", "wz+face"),
        ("on-site-check", "wz+pin+face", "wz+pin+face"),
        ("supervised", "", "wz+pin+face"),
    ] {
        let acr = |mode: &str| format!("urn:wangzheng:mode:{mode}");
        let request = match asked {
            "" => exam.requests(scenario).await,
            mode => exam.requests_mode(scenario, &acr(mode)).await,
        };
        let redirect = person.approves(&request).await;
        let verified = exam.redeems(&redirect).await;
        assert_eq!(verified.id_token["acr"], acr(reached), "{scenario} {asked}");
        assert_eq!(verified.id_token["amr"], amr(reached), "{scenario} {asked}");
        assert_eq!(verified.receipt["acr"], acr(reached));
    }
}

/// S6: a request may only raise the mode of its scenario.
#[tokio::test]
async fn s6_a_weaker_mode_is_unmet() {
    let world = World::new().await;
    let exam = world.platform("exam");
    for (scenario, weaker) in [
        ("on-site-check", "urn:wangzheng:mode:wz"),
        ("on-site-check", "urn:wangzheng:mode:wz+pin"),
        ("supervised", "urn:wangzheng:mode:wz+face"),
    ] {
        let fields = exam.request_for(scenario).fields.with("acr_values", weaker);
        let answer = exam.push(&fields).await;
        assert_eq!(
            answer.outcome(),
            (400, "unmet_authentication_requirements".to_owned())
        );
    }
}

/// R5.1, R8.2: only what was reviewed may be asked.
#[tokio::test]
async fn r5_1_r8_2_asking_for_more_than_was_reviewed_is_refused() {
    let world = World::new().await;
    let details = |value: Value| json!([value]).to_string();
    let kind = "identity_verification";
    for (platform, asked) in [
        (
            "shop",
            details(json!({ "type": kind, "scenario": "account-opening" })),
        ),
        (
            "shop",
            details(
                json!({ "type": kind, "scenario": "account-registration", "attributes": ["name"] }),
            ),
        ),
        (
            "bank",
            details(
                json!({ "type": kind, "scenario": "account-opening", "attributes": ["birth_date"] }),
            ),
        ),
        (
            "forum",
            details(
                json!({ "type": kind, "scenario": "sign-in", "locations": ["https://x.example"] }),
            ),
        ),
        (
            "forum",
            details(json!({ "type": "payment_initiation", "scenario": "sign-in" })),
        ),
        ("forum", "[]".to_owned()),
    ] {
        let platform = world.platform(platform);
        let fields = platform
            .request_for("")
            .fields
            .with("authorization_details", &asked);
        let answer = platform.push(&fields).await;
        assert_eq!(
            answer.outcome(),
            (400, "invalid_authorization_details".to_owned()),
            "{asked}"
        );
    }
}

/// R6.1, C1: the person's own record of it, which only the person's device opens.
#[tokio::test]
async fn c1_both_sides_hold_the_receipt_and_the_log_its_commitment() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    let verified = forum.redeems(&redirect).await;
    let history = person.history().await;
    assert_eq!(history[0].text, verified.receipt_text(), "word for word");
    assert_eq!(history[0].commitment, verified.commitment());
    let proof = format!("/log/proof?commitment={}", verified.commitment());
    world.send(testkit::Call::get(&proof)).await.expect(404);
    world.epoch().await.expect("leaves waited");
    let proof = world
        .send(testkit::Call::get(&proof))
        .await
        .expect(200)
        .json();
    assert_eq!(proof["tree_size"], world.event_count().await);
    assert!(world.verify_log().await.is_good());
}
