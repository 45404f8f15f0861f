//! JWS: what verifies, and all that does not.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PrivateKey, SignatureAlgorithm, random::SeededRandom};
use jose::{
    JoseError,
    jwk::Jwk,
    jws::{self, Header, LocalSigner, Signer, Unverified},
    jwt::RegisteredClaims,
};
use serde_json::{Value, json};

fn signer(curve: Curve) -> LocalSigner {
    let key = PrivateKey::generate(curve, &SeededRandom::new(1)).unwrap();
    LocalSigner::new(key, Some("k1"))
}

fn sign(signer: &dyn Signer, payload: &Value) -> String {
    jws::sign_compact(
        Header::typ("test+jwt"),
        payload.to_string().as_bytes(),
        signer,
    )
    .unwrap()
}

/// The text with another header, signed anew: only the header's rules can refuse it.
fn with_header(signer: &LocalSigner, header: &str) -> String {
    let input = format!("{}.{}", encode(header.as_bytes()), encode(b"{}"));
    let signature = signer.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", encode(&signature))
}

/// What an error must be.
type Check = fn(&JoseError) -> bool;

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[test]
fn every_algorithm_signs_and_verifies() {
    let rsa = LocalSigner::new(PrivateKey::generate_rsa().unwrap(), Some("k1"));
    let pss = LocalSigner {
        algorithm: SignatureAlgorithm::Ps256,
        ..rsa.clone()
    };
    for signer in [signer(Curve::P256), signer(Curve::Sm2), rsa, pss] {
        let text = sign(&signer, &json!({"sub": "a", "exp": 100}));
        let unverified = Unverified::parse(&text).unwrap();
        assert_eq!(unverified.header().alg, signer.algorithm);
        assert_eq!(unverified.header().kid.as_deref(), Some("k1"));
        assert!(unverified.header().has_type("test+jwt"));
        assert!(unverified.header().has_type("application/TEST+jwt"));
        assert!(!unverified.header().has_type("jwt"));
        let claims = unverified
            .verify(signer.key.public())
            .unwrap()
            .claims::<RegisteredClaims>()
            .unwrap();
        assert_eq!(claims.sub.as_deref(), Some("a"));
    }
}

#[test]
fn any_changed_character_is_refused() {
    let signer = signer(Curve::Sm2);
    let text = sign(&signer, &json!({"sub": "a"}));
    for place in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let verified =
            Unverified::parse(&changed).and_then(|text| text.verify(signer.key.public()));
        assert!(verified.is_err(), "place {place}");
    }
}

#[test]
fn another_key_or_algorithm_is_refused() {
    let (p256, sm2) = (signer(Curve::P256), signer(Curve::Sm2));
    let text = sign(&p256, &json!({}));
    let other = PrivateKey::generate(Curve::P256, &SeededRandom::new(9)).unwrap();
    for key in [other.public(), sm2.key.public()] {
        assert!(Unverified::parse(&text).unwrap().verify(key).is_err());
    }
    // The header says SM2, the key is P-256 (algorithm confusion).
    let confused = with_header(&p256, r#"{"alg":"SGD_SM3_SM2"}"#);
    let refused = Unverified::parse(&confused)
        .unwrap()
        .verify(p256.key.public());
    assert!(matches!(
        refused,
        Err(JoseError::Crypto(crypto::CryptoError::AlgorithmMismatch))
    ));
}

#[test]
fn headers_that_mean_too_much_or_nothing_are_refused() {
    let signer = signer(Curve::P256);
    assert!(Unverified::parse(&with_header(&signer, r#"{"alg":"ES256"}"#)).is_ok());
    let unsupported: Check = |error| matches!(error, JoseError::UnsupportedAlgorithm);
    let critical: Check = |error| matches!(error, JoseError::CriticalHeader);
    let duplicate: Check = |error| matches!(error, JoseError::DuplicateMember);
    let malformed: Check = |error| matches!(error, JoseError::Malformed(_));
    let private = json!(Jwk::private(&signer.key, None, None, None).unwrap());
    let private = format!(r#"{{"alg":"ES256","jwk":{private}}}"#);
    let cases: [(&str, Check); 16] = [
        (r#"{"alg":"none"}"#, unsupported),
        (r#"{"alg":"None"}"#, unsupported),
        (r#"{"alg":"HS256"}"#, unsupported),
        (r#"{"alg":"ES384"}"#, unsupported),
        (r#"{"alg":"es256"}"#, unsupported),
        (r"{}", unsupported),
        (r#"{"alg":"ES256","crit":["exp"],"exp":1}"#, critical),
        (r#"{"alg":"ES256","crit":[]}"#, critical),
        (r#"{"alg":"ES256","b64":false}"#, critical),
        (r#"{"alg":"ES256","alg":"ES256"}"#, duplicate),
        (r#"{"alg":"none","alg":"ES256"}"#, duplicate),
        (r#"{"alg":"ES256","x":{"y":1,"y":2}}"#, duplicate),
        (r#"{"alg":1}"#, malformed),
        (r#"{"alg":"ES256","kid":1}"#, malformed),
        (&private, malformed),
        (r#"["ES256"]"#, malformed),
    ];
    for (header, expected) in cases {
        let error = Unverified::parse(&with_header(&signer, header)).unwrap_err();
        assert!(expected(&error), "{header} gave {error:?}");
    }
    let compressed = with_header(&signer, r#"{"alg":"ES256","zip":"DEF"}"#);
    assert!(matches!(
        Unverified::parse(&compressed),
        Err(JoseError::Compressed)
    ));
}

#[test]
fn texts_of_another_form_are_refused() {
    let signer = signer(Curve::P256);
    let text = sign(&signer, &json!({}));
    let [header, payload, signature] = text.split('.').collect::<Vec<_>>().try_into().unwrap();
    for changed in [
        String::new(),
        "..".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{text}."),
        format!("{text}.x"),
        format!("{header}..{signature}"),
        format!("{text}="),
        format!(" {text}"),
        format!("{text}\n"),
        text.replace(payload, &format!("{payload}=")),
    ] {
        let verified =
            Unverified::parse(&changed).and_then(|text| text.verify(signer.key.public()));
        assert!(verified.is_err(), "{changed}");
    }
    let long = sign(&signer, &json!({ "a": "x".repeat(jws::MOST_BYTES) }));
    assert!(matches!(Unverified::parse(&long), Err(JoseError::TooLong)));
    assert!(Unverified::parse_up_to(&long, 2 * jws::MOST_BYTES).is_ok());
}

#[test]
fn duplicate_claims_are_refused_although_signed() {
    let signer = signer(Curve::P256);
    let text = jws::sign_compact(Header::default(), br#"{"sub":"a","sub":"b"}"#, &signer).unwrap();
    let verified = Unverified::parse(&text)
        .unwrap()
        .verify(signer.key.public())
        .unwrap();
    assert!(matches!(
        verified.claims::<Value>(),
        Err(JoseError::DuplicateMember)
    ));
    let unverified = Unverified::parse(&text).unwrap();
    assert!(matches!(
        unverified.unverified_claims::<Value>(),
        Err(JoseError::DuplicateMember)
    ));
}

#[test]
fn extra_members_pass_but_none_of_ours() {
    let signer = signer(Curve::P256);
    let header = |name: &str| Header {
        extra: json!({ name: "v" }).as_object().unwrap().clone(),
        ..Header::default()
    };
    let text = jws::sign_compact(header("iss"), b"{}", &signer).unwrap();
    assert_eq!(Unverified::parse(&text).unwrap().header().extra["iss"], "v");
    for name in ["alg", "kid", "typ", "cty", "jwk", "crit", "b64", "zip"] {
        assert!(
            jws::sign_compact(header(name), b"{}", &signer).is_err(),
            "{name}"
        );
    }
    let jwk = Some(Jwk::private(&signer.key, None, None, None).unwrap());
    assert!(
        jws::sign_compact(
            Header {
                jwk,
                ..Header::default()
            },
            b"{}",
            &signer
        )
        .is_err()
    );
    let jwk = Some(Jwk::public(signer.key.public(), None, None, None));
    let text = jws::sign_compact(
        Header {
            jwk,
            ..Header::default()
        },
        b"{}",
        &signer,
    )
    .unwrap();
    let unverified = Unverified::parse(&text).unwrap();
    let key = unverified
        .header()
        .jwk
        .as_ref()
        .unwrap()
        .public_key()
        .unwrap();
    assert!(unverified.verify(&key).is_ok());
}
