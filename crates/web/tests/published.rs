//! What the service says of itself: discovery, keys, their rotation, and the credential they sign.

use std::collections::BTreeSet;

use jose::jwk::{Jwk, JwkSet};
use jose::sd_jwt::Presentation;
use serde_json::{Value, json};
use testkit::{Call, World};

async fn document(world: &World, path: &str) -> Value {
    let answer = world.send(Call::get(path)).await.expect(200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "*",
        "{path} is for every client"
    );
    answer.json()
}

/// OpenID Connect Discovery §3, RFC 8414 §2, design §5 Profiles: nothing is listed that is not there.
#[tokio::test]
async fn discovery_says_what_there_is_at_both_issuers() {
    let world = World::new().await;
    for (base, algorithms) in [
        ("", json!(["ES256", "RS256"])),
        ("/sm", json!(["SGD_SM3_SM2"])),
    ] {
        let found = document(&world, &format!("{base}/.well-known/openid-configuration")).await;
        let same = document(
            &world,
            &format!("/.well-known/oauth-authorization-server{base}"),
        )
        .await;
        assert_eq!(found, same);
        let issuer = format!("https://wz.example{base}");
        for (name, value) in [
            ("issuer", json!(issuer)),
            (
                "authorization_endpoint",
                json!(format!("{issuer}/oauth/authorize")),
            ),
            (
                "pushed_authorization_request_endpoint",
                json!(format!("{issuer}/oauth/par")),
            ),
            ("token_endpoint", json!(format!("{issuer}/oauth/token"))),
            (
                "userinfo_endpoint",
                json!(format!("{issuer}/oauth/userinfo")),
            ),
            ("jwks_uri", json!(format!("{issuer}/oauth/jwks"))),
            ("response_types_supported", json!(["code"])),
            ("subject_types_supported", json!(["pairwise"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("require_pushed_authorization_requests", json!(false)),
            (
                "authorization_response_iss_parameter_supported",
                json!(true),
            ),
            (
                "authorization_details_types_supported",
                json!(["identity_verification"]),
            ),
            ("id_token_signing_alg_values_supported", algorithms),
        ] {
            assert_eq!(found[name], value, "{base} {name}");
        }
        // Every endpoint that is named answers.
        for (name, value) in found.as_object().unwrap() {
            let path = value
                .as_str()
                .and_then(|url| url.strip_prefix("https://wz.example"));
            if let Some(path) = path.filter(|_| name.ends_with("_endpoint") || name == "jwks_uri") {
                assert_ne!(world.send(Call::get(path)).await.status, 404, "{name}");
            }
        }
    }
}

fn key_ids(keys: &Value) -> BTreeSet<String> {
    let keys = keys["keys"].as_array().unwrap();
    for key in keys {
        assert_eq!(key.get("d"), None, "public parts only");
        for private in ["p", "q", "dp", "dq", "qi", "k"] {
            assert_eq!(key.get(private), None);
        }
    }
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

/// Design §4 Keys: signing keys rotate with overlap. What was signed before verifies after, and what was under way
/// comes to its end.
#[tokio::test]
async fn signing_keys_rotate_with_overlap() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    for forum in [world.platform("forum"), world.platform("forum").at_sm()] {
        let keys = document(&world, &format!("{}/oauth/jwks", forum.base)).await;
        let request = forum.requests("").await;
        let redirect = person.approves(&forum.requests("").await).await;
        let before = forum
            .redeems(&person.approves(&forum.requests("").await).await)
            .await;
        world.rotate_keys();
        // A request and a code from before go on; the token is signed by a key that was published before it signed.
        forum.redeems(&redirect).await;
        let after = forum.redeems(&person.approves(&request).await).await;
        let old = key_of(&before.response["id_token"]);
        let new = key_of(&after.response["id_token"]);
        assert_ne!(old, new);
        assert!(
            key_ids(&keys).contains(&new),
            "the next key was published in time"
        );
        let keys = document(&world, &format!("{}/oauth/jwks", forum.base)).await;
        assert!(key_ids(&keys).contains(&old), "the old one still verifies");
    }
    world.epoch().await;
    world.rotate_keys();
    person.acts("lock", &json!({})).await.expect(200);
    world.epoch().await;
    assert!(
        world.verify_log().await.is_good(),
        "heads of both keys verify"
    );
}

fn key_of(token: &Value) -> String {
    let unverified = jose::jws::Unverified::parse(token.as_str().unwrap()).unwrap();
    unverified.header().kid.clone().unwrap()
}

/// A reader who knows SD-JWT VC alone finds the key: issuer and key id of a credential lead to it (R2.2).
#[tokio::test]
async fn the_key_of_a_credential_is_found_by_its_issuer() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let credential = Presentation::parse(&person.wallet().credential).unwrap();
    let metadata = document(&world, "/.well-known/jwt-vc-issuer").await;
    let claims = credential.unverified_claims().unwrap();
    assert_eq!(metadata["issuer"], claims["iss"]);
    let keys: JwkSet = serde_json::from_value(metadata["jwks"].clone()).unwrap();
    let key = keys.verifying_key(&credential.header().unwrap()).unwrap();
    assert!(credential.verify_unbound("dc+sd-jwt", &key).is_ok());
    for key in metadata["jwks"]["keys"].as_array().unwrap() {
        assert_eq!(
            key["crv"], "P-256",
            "an unknown curve makes clients refuse the set"
        );
        assert!(key.get("d").is_none());
    }
}

/// R2.2: the 网证 is an SD-JWT VC by a published key, bound to the device; open is only what all of a day share.
#[tokio::test]
async fn r2_2_the_credential_is_the_services_and_the_devices() {
    let world = World::new().await;
    let keys = document(&world, "/.well-known/wangzheng-keys").await;
    let mut open = Vec::new();
    for name in ["resident", "foreigner", "hongkong"] {
        let person = world.person(name).applies().await;
        let credential = Presentation::parse(&person.wallet().credential).unwrap();
        let header = credential.header().unwrap();
        let published = keys["keys"].as_array().unwrap().iter();
        let mut published = published
            .filter(|key| key["purpose"] == "credential" && key["key_id"] == json!(header.kid));
        let key: Jwk = serde_json::from_value(published.next().unwrap()["jwk"].clone()).unwrap();
        let claims = credential
            .verify_unbound("dc+sd-jwt", &key.public_key().unwrap())
            .unwrap();
        let claims = Value::Object(claims.into_inner());
        assert_eq!(
            claims["cnf"]["jwk"]["x"],
            testkit::Wallet::jwk(&person.wallet().device)["x"]
        );
        assert_eq!(claims["wanghao"], person.wallet().wanghao);
        assert_eq!(claims["name"], person.applicant().document()["holder"]);
        let signed = Value::Object(credential.unverified_claims().unwrap());
        let count = signed["_sd"].as_array().unwrap().len();
        open.push((
            signed["iss"].clone(),
            signed["vct"].clone(),
            signed["iat"].clone(),
            count,
        ));
    }
    open.dedup();
    assert_eq!(
        open.len(),
        1,
        "C2: nothing open tells one person, or one kind of document, from another"
    );
}
