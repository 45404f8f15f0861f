//! Who a platform is, at PAR and at the token endpoint (RFC 7521, RFC 7523, FAPI 2.0 §5.3.2.1).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{PrivateKey, SignatureAlgorithm};
use serde_json::json;
use testkit::{Assertion, Call, Fields, Platform, World};

mod profiles;

const INVALID_CLIENT: (u16, &str) = (401, "invalid_client");

async fn push_with(platform: &Platform, assertion: &str) -> (u16, String) {
    let fields = platform
        .request_for("")
        .fields
        .with("client_assertion_type", openid::JWT_BEARER)
        .with("client_assertion", assertion);
    let call = Call::post(format!("{}/oauth/par", platform.base)).form(&fields);
    platform.receive(call).await.outcome()
}

async fn refuses(platform: &Platform, what: &str, assertion: &str) {
    let (status, code) = push_with(platform, assertion).await;
    assert_eq!((status, code.as_str()), INVALID_CLIENT, "{what}");
}

#[tokio::test]
async fn rfc7523_a_client_assertion_is_checked_whole() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let good = || forum.assertion();
    let now = world.now().0;
    let spoiled: Vec<(&str, Assertion)> = vec![
        (
            "another audience",
            good().with("aud", "https://other.example"),
        ),
        (
            "the token endpoint as audience",
            good().with("aud", "https://wz.example/oauth/token"),
        ),
        (
            "two audiences",
            good().with(
                "aud",
                json!(["https://wz.example", "https://other.example"]),
            ),
        ),
        (
            "the other issuer",
            good().with("aud", "https://wz.example/sm"),
        ),
        ("no audience", good().with("aud", json!(null))),
        ("expired", good().with("exp", now - 61)),
        ("lives too long", good().with("exp", now + 3600)),
        ("no end", good().with("exp", json!(null))),
        (
            "made in the future",
            good().with("iat", now + 120).with("exp", now + 180),
        ),
        ("not yet", good().with("nbf", now + 120)),
        ("no identifier", good().with("jti", json!(null))),
        ("empty identifier", good().with("jti", "")),
        ("another issuer", good().with("iss", "app-shop")),
        ("another subject", good().with("sub", "app-shop")),
        (
            "unknown client",
            good().with("iss", "nobody").with("sub", "nobody"),
        ),
        (
            "another client's name",
            good().with("iss", "app-shop").with("sub", "app-shop"),
        ),
        (
            "a foreign key",
            Assertion {
                key: world.platform("shop").key().clone(),
                ..good()
            },
        ),
        (
            "an unknown key id",
            Assertion {
                key_id: "forum-9".to_owned(),
                ..good()
            },
        ),
        ("the SM2 key here", {
            let sm = forum.clone().at_sm();
            Assertion {
                key: sm.key().clone(),
                key_id: "forum-sm-1".to_owned(),
                ..good()
            }
        }),
    ];
    let events = world.event_count().await;
    for (what, assertion) in spoiled {
        refuses(&forum, what, &assertion.sign()).await;
    }
    assert_eq!(world.event_count().await, events);
    assert_eq!(
        push_with(&forum, &good().sign()).await.0,
        201,
        "the control"
    );
}

/// Forged headers around a good payload.
#[tokio::test]
async fn rfc7515_no_algorithm_but_the_registered_one() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let good = forum.assertion();
    let payload = Base64UrlUnpadded::encode_string(good.claims.to_string().as_bytes());
    let header =
        |header: serde_json::Value| Base64UrlUnpadded::encode_string(header.to_string().as_bytes());
    let signature = good.sign().rsplit('.').next().unwrap().to_owned();
    for head in [
        json!({ "alg": "none" }),
        json!({ "alg": "None", "kid": "forum-1" }),
        json!({ "alg": "HS256", "kid": "forum-1" }),
        json!({ "alg": "RS256", "kid": "forum-1" }),
        json!({ "alg": "PS256", "kid": "forum-1" }),
        json!({ "alg": "ES384", "kid": "forum-1" }),
        json!({ "alg": "SGD_SM3_SM2", "kid": "forum-1" }),
        json!({ "alg": "ES256", "kid": "forum-1", "crit": ["x"], "x": 1 }),
        json!({ "alg": "ES256", "kid": "forum-1", "b64": false }),
        json!({ "kid": "forum-1" }),
    ] {
        for signature in ["", &signature] {
            let forged = format!("{}.{payload}.{signature}", header(head.clone()));
            refuses(&forum, &head.to_string(), &forged).await;
        }
    }
    // A key of its own in the header convinces nobody.
    let own = world.platform("shop").key().clone();
    let jwk = jose::jwk::Jwk::public(own.public(), Some("forum-1"), None, None);
    let head = jose::jws::Header {
        jwk: Some(jwk),
        ..jose::jws::Header::typ("JWT")
    };
    let signer = jose::jws::LocalSigner::new(own, Some("forum-1"));
    let forged =
        jose::jws::sign_compact(head, good.claims.to_string().as_bytes(), &signer).unwrap();
    refuses(&forum, "a key in the header", &forged).await;
    let mut changed = forum.assertion().sign();
    changed.truncate(changed.len() - 4);
    refuses(&forum, "a short signature", &changed).await;
    refuses(&forum, "two parts", "e30.e30").await;
    refuses(
        &forum,
        "large",
        &format!(
            "{}.{}.AA",
            header(json!({ "alg": "ES256" })),
            "A".repeat(7000)
        ),
    )
    .await;
}

#[tokio::test]
async fn b2_a_client_assertion_is_good_once_at_any_endpoint() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let assertion = forum.assertion();
    assert_eq!(push_with(&forum, &assertion.sign()).await.0, 201);
    refuses(&forum, "the same again", &assertion.sign()).await;
    let fields = assertion.added_to(Fields::of(&[("grant_type", "authorization_code")]));
    let answer = forum
        .receive(Call::post("/oauth/token").form(&fields))
        .await;
    assert_eq!(
        answer.outcome(),
        (401, "invalid_client".to_owned()),
        "nor at the other endpoint"
    );
    // Another client may use the same identifier: it is unique within its issuer.
    let other = world.platform("shop");
    let jti = assertion.claims["jti"].clone();
    assert_eq!(
        push_with(&other, &other.assertion().with("jti", jti).sign())
            .await
            .0,
        201
    );
}

#[tokio::test]
async fn one_way_of_authentication_and_no_other() {
    let world = World::new().await;
    let lab = world.lab();
    let fields = lab.request_for("").fields;
    let post = |fields: &Fields| Call::post("/oauth/par").form(fields);
    let pair = base64ct::Base64::encode_string(format!("app-lab:{}", lab.secret()).as_bytes());
    let both = lab.assertion().added_to(fields.clone());
    let answer = world
        .send(post(&both).header("authorization", format!("Basic {pair}")))
        .await;
    assert_eq!(answer.outcome(), (400, "invalid_request".to_owned()));
    let in_body = fields.clone().with("client_secret", lab.secret());
    assert_eq!(
        world.send(post(&in_body)).await.outcome(),
        (401, "invalid_client".to_owned())
    );
    assert_eq!(
        world.send(post(&fields)).await.outcome(),
        (401, "invalid_client".to_owned())
    );
    let bearer = post(&fields).header("authorization", "Bearer x");
    assert_eq!(
        world.send(bearer).await.outcome(),
        (401, "invalid_client".to_owned())
    );
    // RFC 7521 §4.2: a client_id beside the assertion is the same.
    let forum = world.platform("forum");
    let other = forum
        .assertion()
        .added_to(fields.with("client_id", "app-shop"));
    assert_eq!(
        world.send(post(&other)).await.outcome(),
        (401, "invalid_client".to_owned())
    );
}

/// Design §5: PS256 and RS256 assertions are for `simple` clients that registered such a key.
#[tokio::test]
async fn an_rsa_assertion_needs_an_rsa_key() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let key = PrivateKey::generate_rsa().unwrap();
    let assertion = Assertion {
        key,
        algorithm: Some(SignatureAlgorithm::Rs256),
        ..forum.assertion()
    };
    refuses(&forum, "RS256 at fapi", &assertion.sign()).await;
    let lab = world.lab().with_key();
    let key = PrivateKey::generate_rsa().unwrap();
    let assertion = Assertion {
        key,
        algorithm: Some(SignatureAlgorithm::Rs256),
        ..lab.assertion()
    };
    refuses(&lab, "an unregistered RSA key", &assertion.sign()).await;
}
