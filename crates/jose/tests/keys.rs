//! JWK and JWK sets.

use crypto::{Curve, PrivateKey, random::SeededRandom};
use jose::{
    JoseError,
    jwk::{ENCRYPTION, Jwk, JwkSet, SIGNATURE},
    jws::{self, Header, LocalSigner, Unverified},
};
use serde_json::json;

fn key(curve: Curve, seed: u64) -> PrivateKey {
    PrivateKey::generate(curve, &SeededRandom::new(seed)).unwrap()
}

#[test]
fn keys_come_back_from_json() {
    for (curve, name) in [(Curve::P256, "P-256"), (Curve::Sm2, "SM2-P-256")] {
        let key = key(curve, 1);
        let jwk = Jwk::private(&key, Some("a"), Some("ES256"), Some(SIGNATURE)).unwrap();
        let json = serde_json::to_value(&jwk).unwrap();
        assert_eq!(
            (&json["crv"], &json["kty"], &json["use"]),
            (&json!(name), &json!("EC"), &json!("sig"))
        );
        let again: Jwk = serde_json::from_value(json).unwrap();
        assert_eq!(again, jwk);
        assert_eq!(
            again.private_key().unwrap().scalar().unwrap(),
            key.scalar().unwrap()
        );
        let public = again.to_public();
        assert!(!public.is_private() && again.is_private());
        assert!(!serde_json::to_string(&public).unwrap().contains("\"d\""));
        assert_eq!(&public.public_key().unwrap(), key.public());
        assert!(public.private_key().is_err());
        assert!(!format!("{jwk:?}").contains("d:"));
    }
    let rsa = PrivateKey::generate_rsa().unwrap();
    let jwk = Jwk::public(rsa.public(), None, None, None);
    assert_eq!(&jwk.public_key().unwrap(), rsa.public());
    assert!(Jwk::private(&rsa, None, None, None).is_err());
}

#[test]
fn keys_that_are_not_keys_are_refused() {
    let good = serde_json::to_value(Jwk::private(&key(Curve::P256, 1), None, None, None).unwrap())
        .unwrap();
    let other = serde_json::to_value(Jwk::private(&key(Curve::P256, 2), None, None, None).unwrap())
        .unwrap();
    let read = |json| serde_json::from_value::<Jwk>(json).unwrap();
    assert!(read(good.clone()).private_key().is_ok());
    let y = good["y"].as_str().unwrap();
    for (name, value) in [
        ("y", other["y"].clone()),        // not on the curve
        ("y", json!("AAAA")),             // too short
        ("y", json!(format!("AAAA{y}"))), // too long
        ("y", json!(format!("{y}="))),    // padded
        ("crv", json!("P-384")),
        ("crv", json!("SM2-P-256")), // the point lies on another curve
        ("kty", json!("OKP")),
        ("kty", json!("RSA")),
    ] {
        let mut changed = good.clone();
        changed[name] = value;
        let jwk = read(changed);
        assert!(
            jwk.public_key().is_err() && jwk.thumbprint().is_err(),
            "{name}"
        );
    }
    for d in [other["d"].clone(), json!("AA"), json!("A".repeat(43))] {
        let mut changed = good.clone();
        changed["d"] = d;
        assert!(read(changed).private_key().is_err());
    }
}

#[test]
fn a_set_leaves_out_what_it_does_not_understand() {
    let known = serde_json::to_value(Jwk::public(
        key(Curve::P256, 1).public(),
        Some("a"),
        None,
        None,
    ))
    .unwrap();
    let set: JwkSet =
        serde_json::from_value(json!({ "keys": [{ "kty": 1 }, known, 7], "extra": 1 })).unwrap();
    assert_eq!(set.keys.len(), 1);
    assert!(serde_json::from_value::<JwkSet>(json!({ "key": [] })).is_err());
}

#[test]
fn a_set_gives_only_the_key_that_fits() {
    let signer = LocalSigner::new(key(Curve::P256, 1), Some("a"));
    let text = jws::sign_compact(Header::default(), b"{}", &signer).unwrap();
    let without_kid = LocalSigner {
        key_id: None,
        ..signer.clone()
    };
    let bare = jws::sign_compact(Header::default(), b"{}", &without_kid).unwrap();
    let public = |kid, alg, key_use| Jwk::public(signer.key.public(), kid, alg, key_use);
    let sm2 = Jwk::public(key(Curve::Sm2, 1).public(), Some("a"), None, None);
    let stranger = Jwk::public(key(Curve::P256, 2).public(), Some("b"), None, None);

    let verify = |text: &str, keys: Vec<Jwk>| {
        Unverified::parse(text)
            .unwrap()
            .verify_with_set(&JwkSet { keys })
    };
    assert!(
        verify(
            &text,
            vec![
                sm2.clone(),
                stranger.clone(),
                public(Some("a"), Some("ES256"), Some(SIGNATURE))
            ]
        )
        .is_ok()
    );
    assert!(verify(&bare, vec![sm2.clone(), public(Some("a"), None, None)]).is_ok());
    // Two keys could have made it: no guessing.
    assert!(matches!(
        verify(&bare, vec![stranger.clone(), public(None, None, None)]),
        Err(JoseError::NoSuchKey)
    ));
    for keys in [
        vec![],
        vec![stranger],
        vec![sm2],
        vec![public(Some("a"), None, Some(ENCRYPTION))],
        vec![public(Some("a"), Some("SGD_SM3_SM2"), None)],
        vec![public(None, None, None)],
        vec![public(Some("a"), None, None), public(Some("a"), None, None)],
    ] {
        assert!(matches!(verify(&text, keys), Err(JoseError::NoSuchKey)));
    }
}
