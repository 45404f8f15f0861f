//! What a new device brings: keys that are keys, and a statement of its own.

use serde_json::json;
use testkit::{Statement, Wallet, World};

use super::{outcome, refused};

#[tokio::test]
async fn the_statement_of_a_device_is_its_own_for_here_and_now() {
    let world = World::new().await;
    let resident = world.person("resident");
    let other = Wallet::generate("58203947");
    let fresh = || Statement::of_new_device(&world);
    let now = world.now().0;
    for (what, statement, expected) in [
        (
            "another type",
            fresh().typed("wz-act+jwt").sign(&other.device),
            (400, "statement_invalid"),
        ),
        (
            "without a key",
            Statement {
                with_key: false,
                ..fresh()
            }
            .sign(&other.device),
            (400, "statement_invalid"),
        ),
        (
            "another service",
            fresh().with("aud", "https://x.example").sign(&other.device),
            (403, "statement_stale"),
        ),
        (
            "old",
            fresh().with("iat", now - 301).sign(&other.device),
            (403, "statement_stale"),
        ),
        (
            "in the future",
            fresh().with("iat", now + 301).sign(&other.device),
            (403, "statement_stale"),
        ),
        (
            "without a time",
            fresh().with("iat", json!(null)).sign(&other.device),
            (400, "statement_invalid"),
        ),
        (
            "without an identifier",
            fresh().with("jti", "").sign(&other.device),
            (400, "statement_invalid"),
        ),
        (
            "long identifier",
            fresh().with("jti", "x".repeat(65)).sign(&other.device),
            (400, "statement_invalid"),
        ),
        ("no statement", "x".to_owned(), (400, "statement_invalid")),
    ] {
        let found = outcome(&resident, |body| body["statement"] = json!(statement)).await;
        assert_eq!(found, (expected.0, expected.1.to_owned()), "{what}");
    }
}

#[tokio::test]
async fn the_keys_and_wraps_of_a_device_are_keys_and_wraps() {
    let world = World::new().await;
    let resident = world.person("resident");
    let other = Wallet::generate("58203947");
    let private = json!(jose::jwk::Jwk::private(&other.agreement, None, None, None).unwrap());
    let mut off_curve = Wallet::jwk(&other.agreement);
    off_curve["x"] = off_curve["y"].clone();
    for key in ["agreement_key", "history_key"] {
        for wrong in [
            private.clone(),
            off_curve.clone(),
            json!({}),
            json!(null),
            json!("x"),
        ] {
            let found = outcome(&resident, |body| body[key] = wrong.clone()).await;
            assert_eq!(found, (400, "malformed".to_owned()), "{key} = {wrong}");
        }
    }
    for (wraps, code) in [("", "device_keys"), (&*"A".repeat(2000), "device_keys")] {
        let found = outcome(&resident, |body| body["history_wrap"] = json!(wraps)).await;
        assert_eq!(found, refused(code));
    }
    let found = outcome(&resident, |body| body["recovery"]["proof"] = json!("AAAA")).await;
    assert_eq!(found, refused("device_keys"));
    let found = outcome(&resident, |body| {
        body["device_name"] = json!("长".repeat(41));
    })
    .await;
    assert_eq!(found, refused("device_keys"));
    resident.applies().await;
}
