//! SD-JWT: issue, present, verify; and what a thief may not do.

use jose::{
    JoseError,
    jwk::Jwk,
    jws::{self, Header},
    sd_jwt::{KeyBinding, Presentation, SdJwt},
};
use serde_json::{Value, json};

use crate::sd_jwt_world::{BINDING, TYPE, object, world};

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
