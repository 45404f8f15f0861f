//! JWE: what opens, and all that does not.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PrivateKey, random::SeededRandom};
use jose::{
    JoseError,
    jwe::{self, Encryption},
    jwk::Jwk,
};

const ALL: [(Curve, Encryption); 3] = [
    (Curve::P256, Encryption::A128Gcm),
    (Curve::P256, Encryption::A256Gcm),
    (Curve::Sm2, Encryption::Sm4Gcm),
];

fn made(curve: Curve, encryption: Encryption) -> (PrivateKey, String) {
    let random = SeededRandom::new(1);
    let key = PrivateKey::generate(curve, &random).unwrap();
    let recipient = Jwk::public(key.public(), Some("enc-1"), None, Some("enc"));
    let text = jwe::encrypt(&recipient, encryption, Some("JWT"), b"secret", &random).unwrap();
    (key, text)
}

fn header_of(text: &str) -> serde_json::Value {
    let header = Base64UrlUnpadded::decode_vec(text.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&header).unwrap()
}

fn with_header(text: &str, header: &str) -> String {
    let (_, rest) = text.split_once('.').unwrap();
    format!(
        "{}.{rest}",
        Base64UrlUnpadded::encode_string(header.as_bytes())
    )
}

#[test]
fn the_recipient_reads_and_nobody_else() {
    for (curve, encryption) in ALL {
        let (key, text) = made(curve, encryption);
        let header = header_of(&text);
        assert_eq!(
            (&header["alg"], &header["enc"]),
            (&encryption.algorithm().into(), &encryption.name().into())
        );
        assert_eq!(jwe::key_id(&text).unwrap().as_deref(), Some("enc-1"));
        let decrypted = jwe::decrypt(&text, &key).unwrap();
        assert_eq!(decrypted.payload, b"secret");
        assert_eq!(decrypted.cty.as_deref(), Some("JWT"));
        for curve in [Curve::P256, Curve::Sm2] {
            let other = PrivateKey::generate(curve, &SeededRandom::new(2)).unwrap();
            assert!(jwe::decrypt(&text, &other).is_err());
        }
    }
}

#[test]
fn any_changed_character_is_refused() {
    for (curve, encryption) in ALL {
        let (key, text) = made(curve, encryption);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert!(
                jwe::decrypt(&String::from_utf8(changed).unwrap(), &key).is_err(),
                "place {place}"
            );
        }
    }
}

#[test]
fn a_key_of_the_other_curve_cannot_be_encrypted_to() {
    let random = SeededRandom::new(3);
    for (curve, encryption) in [
        (Curve::Sm2, Encryption::A256Gcm),
        (Curve::P256, Encryption::Sm4Gcm),
    ] {
        let key = PrivateKey::generate(curve, &random).unwrap();
        let recipient = Jwk::public(key.public(), None, None, None);
        assert!(jwe::encrypt(&recipient, encryption, None, b"secret", &random).is_err());
    }
}

#[test]
fn headers_that_mean_too_much_are_refused_by_name() {
    let (key, text) = made(Curve::P256, Encryption::A256Gcm);
    let epk = header_of(&text)["epk"].to_string();
    let header = |members: &str| with_header(&text, &format!(r#"{{"epk":{epk},{members}}}"#));
    let refused = |members: &str| jwe::decrypt(&header(members), &key).unwrap_err();
    assert!(matches!(
        refused(r#""alg":"ECDH-ES","enc":"A256GCM","zip":"DEF""#),
        JoseError::Compressed
    ));
    assert!(matches!(
        refused(r#""alg":"ECDH-ES","enc":"A256GCM","crit":[]"#),
        JoseError::CriticalHeader
    ));
    assert!(matches!(
        refused(r#""alg":"ECDH-ES","enc":"A256GCM","enc":"A256GCM""#),
        JoseError::DuplicateMember
    ));
    for members in [
        r#""alg":"none","enc":"A256GCM""#,
        r#""alg":"dir","enc":"A256GCM""#,
        r#""alg":"ECDH-ES+A256KW","enc":"A256GCM""#,
        r#""alg":"RSA1_5","enc":"A256GCM""#,
        r#""alg":"SGD_SM2_3","enc":"A256GCM""#,
        r#""alg":"ECDH-ES","enc":"SGD_SM4_GCM""#,
        r#""alg":"ECDH-ES","enc":"A128CBC-HS256""#,
        r#""alg":"ECDH-ES""#,
    ] {
        assert!(
            matches!(refused(members), JoseError::UnsupportedAlgorithm),
            "{members}"
        );
    }
}

/// RFC 7518 §4.6 and the invalid-curve attack: a point off the curve is refused before it meets the private key.
#[test]
fn an_ephemeral_key_off_the_curve_is_refused() {
    let (key, text) = made(Curve::P256, Encryption::A256Gcm);
    let mut header = header_of(&text);
    header["epk"]["y"] = header["epk"]["x"].clone();
    let refused = jwe::decrypt(&with_header(&text, &header.to_string()), &key).unwrap_err();
    assert!(matches!(
        refused,
        JoseError::Crypto(crypto::CryptoError::InvalidKey)
    ));
}

#[test]
fn texts_of_another_form_are_refused() {
    let (key, text) = made(Curve::P256, Encryption::A256Gcm);
    let parts: Vec<&str> = text.split('.').collect();
    for changed in [
        String::new(),
        parts[..4].join("."),
        format!("{text}."),
        text.replacen("..", ".AAAA.", 1), // an encrypted key where none belongs
        [parts[0], parts[1], "AAAA", parts[3], parts[4]].join("."),
        [parts[0], parts[1], parts[2], parts[3], "AAAA"].join("."),
        "a".repeat(jwe::MOST_BYTES + 1),
    ] {
        assert!(jwe::decrypt(&changed, &key).is_err());
    }
}
