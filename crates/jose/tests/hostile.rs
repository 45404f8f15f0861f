//! Text nobody meant: no parser panics, and no changed byte passes.

use crypto::{Curve, PrivateKey, random::SeededRandom};
use jose::{
    jwe::{self, Encryption},
    jwk::{Jwk, JwkSet},
    jws::Unverified,
    jwt::RegisteredClaims,
    sd_jwt::{Disclosure, Presentation},
};
use proptest::prelude::*;

use crate::sd_jwt_world::{BINDING, EXPECTED, TYPE, World, world};

/// Text that looks like ours: base64url, dots, tildes, JSON.
const LIKELY: &str = r"([A-Za-z0-9_\-]{0,30}|[.~=]|eyJhbGciOiJFUzI1NiJ9|\PC{0,3}){0,12}";
const LIKELY_JSON: &str = r#"[{}\[\]",:0-9a-z\\ .\-]{0,40}"#;

thread_local!(static SHOWN: (World, String) = {
    let world = world();
    let shown = world.credential.present(&["name", "address"]).unwrap();
    let text = shown.bind(&BINDING, &world.holder).unwrap().to_string();
    (world, text)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_makes_a_parser_panic(text in LIKELY, json in LIKELY_JSON) {
        let key = PrivateKey::generate(Curve::P256, &SeededRandom::new(1)).unwrap();
        prop_assert!(jwe::decrypt(&text, &key).is_err());
        let _ = (Unverified::parse(&text).is_ok(), Presentation::parse(&text).is_ok(), Disclosure::parse(&text).is_ok());
        let _ = serde_json::from_str::<JwkSet>(&json).is_ok();
        let _ = serde_json::from_str::<Jwk>(&json).map(|jwk| (jwk.public_key().is_ok(), jwk.thumbprint().is_ok()));
        let _ = serde_json::from_str::<RegisteredClaims>(&json).map(|claims| claims.check_times(0, i64::MAX).is_ok());
    }

    #[test]
    fn no_changed_byte_of_a_presentation_passes(place: usize, byte in 0x20_u8..0x7f) {
        SHOWN.with(|(world, text)| {
            let place = place % text.len();
            let mut changed = text.clone().into_bytes();
            prop_assume!(changed[place] != byte);
            changed[place] = byte;
            let verified = Presentation::parse(&String::from_utf8(changed).unwrap())
                .and_then(|presentation| presentation.verify(TYPE, world.issuer.key.public(), &EXPECTED));
            prop_assert!(verified.is_err());
            Ok(())
        })?;
    }

    #[test]
    fn what_is_encrypted_comes_back(payload in proptest::collection::vec(any::<u8>(), 0..300), seed: u64) {
        let random = SeededRandom::new(seed);
        for (curve, encryption) in [(Curve::P256, Encryption::A256Gcm), (Curve::Sm2, Encryption::Sm4Gcm)] {
            let key = PrivateKey::generate(curve, &random).unwrap();
            let recipient = Jwk::public(key.public(), None, None, None);
            let text = jwe::encrypt(&recipient, encryption, None, &payload, &random).unwrap();
            prop_assert_eq!(jwe::decrypt(&text, &key).unwrap().payload, payload.clone());
        }
    }
}

#[test]
fn a_presentation_that_is_not_changed_passes() {
    SHOWN.with(|(world, text)| {
        let presentation = Presentation::parse(text).unwrap();
        assert!(
            presentation
                .verify(TYPE, world.issuer.key.public(), &EXPECTED)
                .is_ok()
        );
    });
}
