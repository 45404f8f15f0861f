//! The examples of RFC 7515, RFC 7638 and RFC 9901. (RFC 7518 Appendix C stands beside its code, in `jwe.rs`.)

use base64ct::{Base64UrlUnpadded, Encoding};
use jose::{
    JoseError,
    jwk::Jwk,
    jws::{self, Header, LocalSigner, Unverified},
    sd_jwt::{Disclosure, ExpectedBinding, Presentation},
};
use serde_json::{Map, Value, json};

const RFC7515: &str = include_str!("../testdata/rfc7515.txt");

fn section(name: &str) -> Map<String, Value> {
    let start = RFC7515.split_once(&format!("[{name}]\n")).unwrap().1;
    let lines = start.split("\n[").next().unwrap().lines();
    lines
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

fn key(mut members: Map<String, Value>) -> Jwk {
    let crv = members
        .contains_key("x")
        .then(|| members.insert("crv".to_owned(), "P-256".into()));
    members.insert(
        "kty".to_owned(),
        if crv.is_some() { "EC" } else { "RSA" }.into(),
    );
    serde_json::from_value(members.into()).unwrap()
}

#[test]
fn rfc7515_signatures() {
    for name in ["A.2: RS256", "A.3: ES256"] {
        let example = section(name);
        let text = example["jws"].as_str().unwrap();
        let key = key(example.clone()).public_key().unwrap();
        let claims = Unverified::parse(text)
            .unwrap()
            .verify(&key)
            .unwrap()
            .claims::<Value>()
            .unwrap();
        assert_eq!(
            *claims,
            json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true})
        );
    }
    let unsecured = section("A.5: unsecured");
    let parsed = Unverified::parse(unsecured["jws"].as_str().unwrap());
    assert!(matches!(parsed, Err(JoseError::UnsupportedAlgorithm)));
}

#[test]
fn rfc7515_a3_key_signs_the_same_input() {
    let example = section("A.3: ES256");
    let private = key(example.clone()).private_key().unwrap();
    let [header, payload, _] = example["jws"]
        .as_str()
        .unwrap()
        .split('.')
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let payload = Base64UrlUnpadded::decode_vec(payload).unwrap();
    let text = jws::sign_compact(
        Header::default(),
        &payload,
        &LocalSigner::new(private.clone(), None),
    )
    .unwrap();
    assert!(text.starts_with(&format!("{header}.")));
    assert!(
        Unverified::parse(&text)
            .unwrap()
            .verify(private.public())
            .is_ok()
    );
}

#[test]
fn rfc7638_thumbprint() {
    let example = section("3.1: thumbprint");
    let mut jwk = key(example.clone());
    jwk.kid = Some("2011-04-29".to_owned());
    jwk.alg = Some("RS256".to_owned());
    assert_eq!(jwk.thumbprint().unwrap(), example["thumbprint"]);
}

#[test]
fn rfc9901_disclosures() {
    // §4.2.1 and §4.2.3: four encodings of one claim, each with its own digest.
    let text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    let first = Disclosure::parse(text).unwrap();
    assert_eq!(
        first.digest(),
        "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    );
    for other in [
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
        "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
    ] {
        let other = Disclosure::parse(other).unwrap();
        assert_eq!(
            (other.name(), other.value()),
            (Some("family_name"), &json!("Möbius"))
        );
        assert_ne!(other.digest(), first.digest());
    }
    // §4.2.2 and §4.2.4.2: an element of an array.
    let element = Disclosure::parse("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0").unwrap();
    assert_eq!((element.name(), element.value()), (None, &json!("FR")));
    assert_eq!(
        element.digest(),
        "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"
    );
}

/// RFC 9901 Appendix A.5.
fn issuer() -> Jwk {
    let (x, y) = (
        "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
    );
    key(Map::from_iter([
        ("x".to_owned(), x.into()),
        ("y".to_owned(), y.into()),
    ]))
}

/// A presentation, and the payload a verifier gets.
type Example = (&'static str, &'static str);

const SECTION_5: Example = (
    include_str!("../testdata/rfc9901/section-5.txt"),
    include_str!("../testdata/rfc9901/section-5.json"),
);
const SECTION_A1: Example = (
    include_str!("../testdata/rfc9901/section-a1.txt"),
    include_str!("../testdata/rfc9901/section-a1.json"),
);
const SECTION_A2: Example = (
    include_str!("../testdata/rfc9901/section-a2.txt"),
    include_str!("../testdata/rfc9901/section-a2.json"),
);
const SECTION_A3: Example = (
    include_str!("../testdata/rfc9901/section-a3.txt"),
    include_str!("../testdata/rfc9901/section-a3.json"),
);
const SECTION_A4: Example = (
    include_str!("../testdata/rfc9901/section-a4.txt"),
    include_str!("../testdata/rfc9901/section-a4.json"),
);

#[test]
fn rfc9901_presentations_with_key_binding() {
    let expected = ExpectedBinding {
        audience: "https://verifier.example.org",
        nonce: "1234567890",
        now: 1_748_536_900,
        max_age: 60,
        leeway: 0,
    };
    let issuer = issuer().public_key().unwrap();
    for (typ, (text, payload)) in [
        ("example+sd-jwt", SECTION_5),
        ("dc+sd-jwt", SECTION_A3),
        ("example+sd-jwt", SECTION_A4),
    ] {
        let presentation = Presentation::parse(text.trim()).unwrap();
        assert_eq!(presentation.to_string(), text.trim());
        let claims = presentation.verify(typ, &issuer, &expected).unwrap();
        assert_eq!(
            Value::Object(claims.into_inner()),
            serde_json::from_str::<Value>(payload).unwrap()
        );

        let late = ExpectedBinding {
            now: expected.now + 60,
            ..expected
        };
        assert!(matches!(
            presentation.verify(typ, &issuer, &late),
            Err(JoseError::Expired)
        ));
        let mut fewer = presentation.clone();
        fewer.sd_jwt.disclosures.pop();
        assert!(matches!(
            fewer.verify(typ, &issuer, &expected),
            Err(JoseError::KeyBinding)
        ));
    }
}

#[test]
fn rfc9901_presentations_without_key_binding() {
    let issuer = issuer().public_key().unwrap();
    for (text, payload) in [SECTION_A1, SECTION_A2] {
        let claims = Presentation::parse(text.trim())
            .unwrap()
            .verify_unbound("example+sd-jwt", &issuer)
            .unwrap();
        assert_eq!(
            Value::Object(claims.into_inner()),
            serde_json::from_str::<Value>(payload).unwrap()
        );
    }
}
