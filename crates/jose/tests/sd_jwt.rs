//! SD-JWT: issue, present, verify; and what a holder or a thief may not do.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PrivateKey, PublicKey, digest, random::SeededRandom};
use jose::{
    JoseError, Verified,
    jwk::Jwk,
    jws::{self, Header, LocalSigner},
    sd_jwt::{Disclosure, ExpectedBinding, Issue, KeyBinding, Presentation, SdJwt},
};
use serde_json::{Map, Value, json};

const TYPE: &str = "dc+sd-jwt";
const EXPECTED: ExpectedBinding<'_> = ExpectedBinding {
    audience: "verifier",
    nonce: "n1",
    now: 1000,
    max_age: 60,
    leeway: 5,
};
const BINDING: KeyBinding<'_> = KeyBinding {
    audience: "verifier",
    nonce: "n1",
    issued_at: 990,
};

struct World {
    issuer: LocalSigner,
    holder: LocalSigner,
    credential: SdJwt,
}

fn world() -> World {
    let random = SeededRandom::new(1);
    let signer = |curve| LocalSigner::new(PrivateKey::generate(curve, &random).unwrap(), Some("k"));
    let (issuer, holder) = (signer(Curve::Sm2), signer(Curve::P256));
    let issue = Issue {
        typ: TYPE.to_owned(),
        claims: object(&json!({"iss": "https://issuer", "vct": "urn:test"})),
        disclosable: object(&json!({"name": "A", "number": "1", "address": {"city": "B"}})),
        holder: Some(Jwk::private(&holder.key, None, None, None).unwrap()),
        decoys: 2,
    };
    let credential = SdJwt::issue(issue, &issuer, &random).unwrap();
    World {
        issuer,
        holder,
        credential,
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

impl World {
    fn key(&self) -> &PublicKey {
        self.issuer.key.public()
    }

    fn verify(&self, text: &str) -> Result<Verified<Map<String, Value>>, JoseError> {
        Presentation::parse(text)?.verify(TYPE, self.key(), &EXPECTED)
    }

    /// Payload as JSON, signed by the issuer, with these disclosures and no key binding.
    fn unbound(
        &self,
        payload: &Value,
        disclosures: &[&str],
    ) -> Result<Verified<Map<String, Value>>, JoseError> {
        let payload = payload.to_string();
        let jws = jws::sign_compact(Header::typ(TYPE), payload.as_bytes(), &self.issuer).unwrap();
        let text = disclosures
            .iter()
            .fold(format!("{jws}~"), |text, disclosure| {
                format!("{text}{disclosure}~")
            });
        Presentation::parse(&text)?.verify_unbound(TYPE, self.key())
    }
}

#[test]
fn a_reader_learns_what_was_chosen_and_nothing_else() {
    let world = world();
    let text = world
        .credential
        .present(&["name"])
        .unwrap()
        .bind(&BINDING, &world.holder)
        .unwrap()
        .to_string();
    let claims = world.verify(&text).unwrap();
    let jwk = json!(Jwk::public(world.holder.key.public(), None, None, None));
    let expected =
        json!({"iss": "https://issuer", "vct": "urn:test", "name": "A", "cnf": {"jwk": jwk}});
    assert_eq!(Value::Object(claims.into_inner()), expected);
    // The text itself carries nothing of the rest, and the credential nothing of the holder's private key.
    assert_eq!(
        Presentation::parse(&text).unwrap().sd_jwt.disclosures.len(),
        1
    );
    assert_eq!(
        object(&json!(
            Presentation::parse(&text)
                .unwrap()
                .unverified_claims()
                .unwrap()
        ))["cnf"]["jwk"]["d"],
        Value::Null
    );

    let everything = Presentation::parse(&world.credential.to_string()).unwrap();
    let claims = everything.verify_unbound(TYPE, world.key()).unwrap();
    assert_eq!(claims["address"], json!({"city": "B"}));
    assert_eq!(
        SdJwt::parse(&world.credential.to_string()).unwrap(),
        world.credential
    );
}

#[test]
fn decoys_and_order_say_nothing() {
    let world = world();
    let claims = Presentation::parse(&world.credential.to_string())
        .unwrap()
        .unverified_claims()
        .unwrap();
    let digests: Vec<_> = claims["_sd"]
        .as_array()
        .unwrap()
        .iter()
        .map(|digest| digest.as_str().unwrap())
        .collect();
    assert_eq!(digests.len(), 5);
    assert!(digests.is_sorted());
    assert_eq!(claims["_sd_alg"], "sha-256");
}

#[test]
fn a_binding_holds_for_one_reader_one_nonce_one_moment_one_choice() {
    let world = world();
    let shown = world.credential.present(&["name"]).unwrap();
    let bound =
        |binding: KeyBinding<'_>, holder| shown.clone().bind(&binding, holder).unwrap().to_string();
    assert!(world.verify(&bound(BINDING, &world.holder)).is_ok());

    let refused = |binding| world.verify(&bound(binding, &world.holder)).unwrap_err();
    assert!(matches!(
        refused(KeyBinding {
            audience: "other",
            ..BINDING
        }),
        JoseError::WrongAudience
    ));
    assert!(matches!(
        refused(KeyBinding {
            nonce: "n2",
            ..BINDING
        }),
        JoseError::WrongNonce
    ));
    assert!(matches!(
        refused(KeyBinding {
            issued_at: 939,
            ..BINDING
        }),
        JoseError::Expired
    ));
    assert!(matches!(
        refused(KeyBinding {
            issued_at: 1006,
            ..BINDING
        }),
        JoseError::NotYetValid
    ));
    // A thief with the credential and another key.
    assert!(matches!(
        world.verify(&bound(BINDING, &world.issuer)),
        Err(JoseError::Crypto(_))
    ));

    // The binding of one choice under another.
    let text = bound(BINDING, &world.holder);
    let binding = text.rsplit_once('~').unwrap().1;
    let more = world.credential.present(&["name", "number"]).unwrap();
    assert!(matches!(
        world.verify(&format!("{more}{binding}")),
        Err(JoseError::KeyBinding)
    ));
    // Without a binding, or with one nobody looks at.
    assert!(matches!(
        world.verify(&shown.to_string()),
        Err(JoseError::KeyBinding)
    ));
    let looked = Presentation::parse(&text)
        .unwrap()
        .verify_unbound(TYPE, world.key());
    assert!(matches!(looked, Err(JoseError::KeyBinding)));
    assert!(matches!(SdJwt::parse(&text), Err(JoseError::KeyBinding)));
    // Another JWT of the holder is no binding.
    let claims = json!({"iat": 990, "aud": "verifier", "nonce": "n1", "sd_hash": "x"}).to_string();
    let other =
        jws::sign_compact(Header::typ("dpop+jwt"), claims.as_bytes(), &world.holder).unwrap();
    assert!(matches!(
        world.verify(&format!("{shown}{other}")),
        Err(JoseError::WrongType)
    ));
}

#[test]
fn credentials_of_others_and_of_other_types_are_refused() {
    let world = world();
    let parsed = Presentation::parse(&world.credential.to_string()).unwrap();
    assert!(matches!(
        parsed.verify_unbound("other+jwt", world.key()),
        Err(JoseError::WrongType)
    ));
    assert!(
        parsed
            .verify_unbound(TYPE, world.holder.key.public())
            .is_err()
    );
}

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

/// RFC 9901 §7.1 step 3, with payloads an issuer should never have signed.
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
