//! SD-JWT: disclosures and digests that do not fit each other.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{digest, random::SeededRandom};
use jose::{
    JoseError,
    sd_jwt::{Disclosure, Issue, Presentation, SdJwt},
};
use serde_json::{Value, json};

use crate::sd_jwt_world::{TYPE, object, world};

#[test]
fn only_disclosures_that_were_issued_pass() {
    let world = world();
    let name = world.credential.present(&["name"]).unwrap();
    let forged = Base64UrlUnpadded::encode_string(br#"["c2FsdA","name","Z"]"#);
    let encoded = name.disclosures[0].encoded();
    for text in [
        format!("{name}{forged}~"),                 // added
        name.to_string().replace(encoded, &forged), // changed
        format!("{name}{encoded}~"),                // twice
    ] {
        let refused = Presentation::parse(&text)
            .unwrap()
            .verify_unbound(TYPE, world.key());
        assert!(matches!(refused, Err(JoseError::Disclosures)));
    }
    assert!(matches!(
        world.credential.present(&["name", "other"]),
        Err(JoseError::Disclosures)
    ));
}

#[test]
fn payloads_that_could_be_read_two_ways_are_refused() {
    let world = world();
    let of = |text: &str| {
        let encoded = Base64UrlUnpadded::encode_string(text.as_bytes());
        let digest = Disclosure::parse(&encoded).unwrap().digest();
        (encoded, digest)
    };
    let (member, member_digest) = of(r#"["s","a",1]"#);
    let (element, element_digest) = of(r#"["s",1]"#);
    let (reserved, reserved_digest) = of(r#"["s","_sd",["x"]]"#);
    let (dots, dots_digest) = of(r#"["s","...","x"]"#);
    assert_eq!(
        object(&json!(
            *world
                .unbound(&json!({"_sd": [member_digest]}), &[&member])
                .unwrap()
        ))["a"],
        1
    );
    let cases: [(Value, &[&str]); 11] = [
        (json!({"_sd": [member_digest], "a": 2}), &[&member]),
        (json!({"_sd": [member_digest, member_digest]}), &[&member]),
        (json!({"_sd": ["x", "x"]}), &[]),
        (
            json!({"_sd": [member_digest], "b": {"_sd": [member_digest]}}),
            &[&member],
        ),
        (json!({"_sd": [element_digest]}), &[&element]),
        (json!({"_sd": [reserved_digest]}), &[&reserved]),
        (json!({"_sd": [dots_digest]}), &[&dots]),
        (json!({"l": [{"...": member_digest}]}), &[&member]),
        (json!({"l": [{"...": element_digest, "x": 1}]}), &[&element]),
        (json!({"_sd": "x"}), &[]),
        (json!({"_sd": [1]}), &[]),
    ];
    for (payload, disclosures) in cases {
        assert!(
            matches!(
                world.unbound(&payload, disclosures),
                Err(JoseError::Disclosures)
            ),
            "{payload}"
        );
    }
    let refused = world.unbound(&json!({"_sd": [], "_sd_alg": "sha-1"}), &[]);
    assert!(matches!(refused, Err(JoseError::UnsupportedAlgorithm)));
}

#[test]
fn disclosures_hang_on_disclosures_and_in_arrays_but_not_without_end() {
    let world = world();
    let chain = |links: usize| {
        let mut disclosures: Vec<String> = Vec::new();
        let mut digests: Vec<String> = Vec::new();
        for _ in 0..links {
            let text = json!(["s", "a", {"_sd": digests.last()}]).to_string();
            let text = if digests.is_empty() {
                json!(["s", "a", 1]).to_string()
            } else {
                text.replace("{\"_sd\":", "{\"_sd\":[").replace('}', "]}")
            };
            let encoded = Base64UrlUnpadded::encode_string(text.as_bytes());
            digests.push(Base64UrlUnpadded::encode_string(
                &digest::sha256(&[encoded.as_bytes()]).0,
            ));
            disclosures.push(encoded);
        }
        let payload = json!({"_sd": [digests.last()]});
        world.unbound(
            &payload,
            &disclosures.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        Value::Object(chain(3).unwrap().into_inner()),
        json!({"a": {"a": {"a": 1}}})
    );
    assert!(matches!(chain(250), Err(JoseError::Disclosures)));
    assert!(matches!(chain(300), Err(JoseError::TooLong)));

    let element = Base64UrlUnpadded::encode_string(br#"["s","x"]"#);
    let digest = Disclosure::parse(&element).unwrap().digest();
    let payload = json!({"l": [{"...": "unknown"}, {"...": digest}, "y"]});
    let claims = world.unbound(&payload, &[&element]).unwrap();
    assert_eq!(claims["l"], json!(["x", "y"]));
}

#[test]
fn texts_of_another_form_are_refused() {
    let world = world();
    let good = world.credential.to_string();
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    assert!(SdJwt::parse(&good).is_ok());
    for text in [
        String::new(),
        "~".to_owned(),
        world.credential.jws.clone(),
        format!("{good}~"),
        format!("x{good}"),
        format!("{}~{}~", world.credential.jws, encode(r#"["s","a",1,2]"#)),
        format!("{}~{}~", world.credential.jws, encode(r#"["s"]"#)),
        format!("{}~{}~", world.credential.jws, encode(r#"[1,"a",1]"#)),
        format!("{}~{}~", world.credential.jws, encode(r#"{"s":1}"#)),
        format!(
            "{}~{}~",
            world.credential.jws,
            encode(r#"["s","a",{"b":1,"b":2}]"#)
        ),
        "x".repeat(jose::sd_jwt::MOST_BYTES + 1),
    ] {
        assert!(SdJwt::parse(&text).is_err(), "{text}");
    }
}

#[test]
fn reserved_and_repeated_names_cannot_be_issued() {
    let world = world();
    for (claims, disclosable) in [
        (json!({"a": 1}), json!({"a": 2})),
        (json!({"_sd": []}), json!({})),
        (json!({"cnf": {}}), json!({})),
        (json!({}), json!({"...": 1})),
        (json!({}), json!({"_sd_alg": 1})),
    ] {
        let issue = Issue {
            claims: object(&claims),
            disclosable: object(&disclosable),
            ..Issue::default()
        };
        assert!(SdJwt::issue(issue, &world.issuer, &SeededRandom::new(2)).is_err());
    }
}
