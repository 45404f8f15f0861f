//! The vectors of Project Wycheproof: thousands of inputs chosen to break implementations.

use crypto::{
    Curve, PrivateKey, PublicKey, SignatureAlgorithm,
    aead::{AeadAlgorithm, AeadKey},
    agreement::shared_secret,
    mac::{hkdf_sha256, hmac_sha256, hmac_sm3},
};
use wycheproof::{TestResult, aead, ecdh, ecdsa, hkdf, mac, rsa_pkcs1_verify, rsa_pss_verify};

#[test]
fn gcm() {
    let sets = [
        (aead::TestName::Sm4Gcm, &[AeadAlgorithm::Sm4Gcm][..]),
        (
            aead::TestName::AesGcm,
            &[AeadAlgorithm::Aes128Gcm, AeadAlgorithm::Aes256Gcm],
        ),
    ];
    for (name, algorithms) in sets {
        let mut tried = 0;
        for group in aead::TestSet::load(name).unwrap().test_groups {
            let algorithm = algorithms
                .iter()
                .find(|algorithm| algorithm.key_len() * 8 == group.key_size);
            let (Some(algorithm), 96, 128) = (algorithm, group.nonce_size, group.tag_size) else {
                continue;
            };
            for test in group.tests {
                let key = AeadKey::new(*algorithm, &test.key).unwrap();
                let nonce = test.nonce[..].try_into().unwrap();
                let sealed = [&test.ct[..], &test.tag].concat();
                let opened = key.open(nonce, &test.aad, &sealed);
                if test.result == TestResult::Invalid {
                    assert!(opened.is_err(), "{name:?} {}", test.tc_id);
                } else {
                    assert_eq!(opened.unwrap(), test.pt[..], "{name:?} {}", test.tc_id);
                    assert_eq!(
                        key.seal(nonce, &test.aad, &test.pt),
                        sealed,
                        "{name:?} {}",
                        test.tc_id
                    );
                }
                tried += 1;
            }
        }
        assert!(tried > 60, "{name:?}: {tried}");
    }
}

#[test]
fn hmac() {
    type Hmac = fn(&[u8], &[&[u8]]) -> crypto::digest::Digest;
    for (name, hmac) in [
        (mac::TestName::HmacSm3, hmac_sm3 as Hmac),
        (mac::TestName::HmacSha256, hmac_sha256),
    ] {
        let mut tried = 0;
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let tag = hmac(&test.key, &[&test.msg]);
                let same = tag.0[..group.tag_size / 8] == test.tag[..];
                assert_eq!(
                    same,
                    test.result != TestResult::Invalid,
                    "{name:?} {}",
                    test.tc_id
                );
                tried += 1;
            }
        }
        assert!(tried > 100, "{name:?}: {tried}");
    }
}

#[test]
fn hkdf_of_32_bytes() {
    let mut tried = 0;
    for group in hkdf::TestSet::load(hkdf::TestName::HkdfSha256)
        .unwrap()
        .test_groups
    {
        for test in group
            .tests
            .into_iter()
            .filter(|test| test.size >= 32 && test.result != TestResult::Invalid)
        {
            // The output for a longer length begins with the output for a shorter one (RFC 5869 §2.3).
            let key = hkdf_sha256(&test.ikm, &test.salt, &[&test.info]).unwrap();
            assert_eq!(key[..], test.okm[..32], "{}", test.tc_id);
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn ecdsa_p256() {
    let mut tried = 0;
    for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363)
        .unwrap()
        .test_groups
    {
        let key = PublicKey::from_sec1(Curve::P256, &group.key.key).unwrap();
        for test in group.tests {
            let verified = key
                .verify(SignatureAlgorithm::Es256, &test.msg, &test.sig)
                .is_ok();
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn ecdh_p256() {
    let (mut tried, mut refused) = (0, 0);
    for group in ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1Ecpoint)
        .unwrap()
        .test_groups
    {
        for test in group.tests {
            let scalar = right_aligned(&test.private_key);
            let private = PrivateKey::from_scalar(Curve::P256, &scalar).unwrap();
            let secret = PublicKey::from_sec1(Curve::P256, &test.public_key)
                .and_then(|public| shared_secret(&private, &public));
            match test.result {
                TestResult::Valid => assert_eq!(
                    secret.unwrap()[..],
                    test.shared_secret[..],
                    "{}",
                    test.tc_id
                ),
                // Compressed points are legal elsewhere, not here.
                TestResult::Invalid | TestResult::Acceptable => {
                    assert!(secret.is_err(), "{}", test.tc_id);
                    refused += 1;
                }
            }
            tried += 1;
        }
    }
    assert!(tried > 200 && refused > 5, "{tried} {refused}");
}

#[test]
fn rsa_pkcs1_2048() {
    let mut tried = 0;
    for group in rsa_pkcs1_verify::TestSet::load(rsa_pkcs1_verify::TestName::Rsa2048Sha256)
        .unwrap()
        .test_groups
    {
        let key = PublicKey::rsa(stripped(&group.key.n), stripped(&group.key.e));
        for test in group.tests {
            let verified = key.as_ref().is_ok_and(|key| {
                key.verify(SignatureAlgorithm::Rs256, &test.msg, &test.sig)
                    .is_ok()
            });
            // A small exponent is legal elsewhere; here the key itself is refused.
            let expected = test.result == TestResult::Valid && key.is_ok();
            assert_eq!(verified, expected, "{}", test.tc_id);
            tried += usize::from(key.is_ok());
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn rsa_pss_2048() {
    let mut tried = 0;
    let name = rsa_pss_verify::TestName::RsaPss2048Sha256Mgf1SaltLen32;
    for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
        let key = PublicKey::rsa(stripped(&group.key.n), stripped(&group.key.e)).unwrap();
        for test in group.tests {
            let verified = key
                .verify(SignatureAlgorithm::Ps256, &test.msg, &test.sig)
                .is_ok();
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

fn stripped(number: &[u8]) -> &[u8] {
    let start = number
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(number.len());
    &number[start..]
}

fn right_aligned(number: &[u8]) -> [u8; 32] {
    let (number, mut aligned) = (stripped(number), [0; 32]);
    aligned[32 - number.len()..].copy_from_slice(number);
    aligned
}
