//! Round trips of everything that seals, and the refusal of every flipped bit.

use crypto::{
    CryptoError, Curve, PrivateKey,
    aead::{AeadAlgorithm, AeadKey, TAG_LEN},
    agreement,
    keystore::{KeyStore, MemoryKeys},
    pke,
    random::SeededRandom,
    sealed_box,
};
use proptest::{collection::vec, prelude::*};

const CIPHERS: [AeadAlgorithm; 3] = [
    AeadAlgorithm::Sm4Gcm,
    AeadAlgorithm::Aes128Gcm,
    AeadAlgorithm::Aes256Gcm,
];

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..most)
}

fn flipped(text: &[u8], bit: usize) -> Vec<u8> {
    let mut changed = text.to_vec();
    let bit = bit % (changed.len() * 8);
    changed[bit / 8] ^= 1 << (bit % 8);
    changed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn aead_round_trips_and_any_flipped_bit_is_refused(
        key in vec(any::<u8>(), 32), nonce: [u8; 12], aad in bytes(40), text in bytes(200), bit: usize,
    ) {
        for algorithm in CIPHERS {
            let key = AeadKey::new(algorithm, &key[..algorithm.key_len()]).unwrap();
            let sealed = key.seal(nonce, &aad, &text);
            prop_assert_eq!(sealed.len(), text.len() + TAG_LEN);
            prop_assert_eq!(key.open(nonce, &aad, &sealed).unwrap(), text.clone());
            prop_assert!(key.open(nonce, &aad, &flipped(&sealed, bit)).is_err());
            prop_assert!(key.open(flipped(&nonce, bit).try_into().unwrap(), &aad, &sealed).is_err());
            prop_assert!(key.open(nonce, &[&aad[..], &[0]].concat(), &sealed).is_err());
            prop_assert!(key.open(nonce, &aad, &sealed[..sealed.len() - 1]).is_err());
        }
    }

    #[test]
    fn boxes_round_trip_and_any_flipped_bit_is_refused(
        seed: u64, aad in bytes(40), text in bytes(200), bit: usize,
    ) {
        let random = SeededRandom::new(seed);
        for curve in [Curve::P256, Curve::Sm2] {
            let key = PrivateKey::generate(curve, &random).unwrap();
            let sealed = sealed_box::seal(key.public(), &aad, &text, &random).unwrap();
            prop_assert_eq!(sealed_box::open(&key, &aad, &sealed).unwrap(), text.clone());
            prop_assert!(sealed_box::open(&key, &aad, &flipped(&sealed, bit)).is_err());
            prop_assert!(sealed_box::open(&key, &[&aad[..], &[0]].concat(), &sealed).is_err());
            prop_assert!(sealed_box::open(&key, &aad, &sealed[..bit % sealed.len()]).is_err());
        }
    }

    #[test]
    fn sealed_values_round_trip_and_any_flipped_bit_is_refused(text in bytes(200), aad in bytes(20), bit: usize) {
        thread_local!(static STORE: MemoryKeys = MemoryKeys::generate(&SeededRandom::new(1)));
        STORE.with(|store| {
            let sealed = store.seal("label", &aad, &text, 1_700_000_000).unwrap();
            prop_assert_eq!(store.open("label", &aad, &sealed, 1_700_000_000).unwrap(), text.clone());
            prop_assert!(store.open("label", &aad, &flipped(&sealed, bit), 1_700_000_000).is_err());
            Ok(())
        })?;
    }

    #[test]
    fn sm2_encryption_round_trips_and_any_flipped_bit_is_refused(seed: u64, text in vec(any::<u8>(), 1..100), bit: usize) {
        let random = SeededRandom::new(seed);
        let key = PrivateKey::generate(Curve::Sm2, &random).unwrap();
        let sealed = pke::encrypt(key.public(), &text, &random).unwrap();
        prop_assert_eq!(sealed.len(), text.len() + pke::OVERHEAD);
        prop_assert_eq!(pke::decrypt(&key, &sealed).unwrap().to_vec(), text);
        prop_assert!(pke::decrypt(&key, &flipped(&sealed, bit)).is_err());
    }
}

#[test]
fn keys_of_another_length_are_refused() {
    for algorithm in CIPHERS {
        for length in [0, 15, 17, 24, 31, 33] {
            let key = AeadKey::new(algorithm, &vec![1; length]);
            assert_eq!(
                key.err(),
                Some(CryptoError::InvalidKey),
                "{algorithm:?} {length}"
            );
        }
    }
}

#[test]
fn agreement_has_two_equal_ends_and_p256_only() {
    let random = SeededRandom::new(2);
    let key = |curve| PrivateKey::generate(curve, &random).unwrap();
    let (alice, bob, sm2) = (key(Curve::P256), key(Curve::P256), key(Curve::Sm2));
    let secret = agreement::shared_secret(&alice, bob.public()).unwrap();
    assert_eq!(
        secret,
        agreement::shared_secret(&bob, alice.public()).unwrap()
    );
    for (private, public) in [(&sm2, &alice), (&alice, &sm2), (&sm2, &sm2)] {
        let refused = agreement::shared_secret(private, public.public());
        assert_eq!(refused, Err(CryptoError::AlgorithmMismatch));
    }
}

#[test]
fn boxes_open_by_no_other_key_and_empty_messages_have_no_sm2_encryption() {
    let random = SeededRandom::new(3);
    let key = |curve| PrivateKey::generate(curve, &random).unwrap();
    for curve in [Curve::P256, Curve::Sm2] {
        let sealed = sealed_box::seal(key(curve).public(), b"", b"m", &random).unwrap();
        for other in [key(Curve::P256), key(Curve::Sm2)] {
            assert_eq!(
                sealed_box::open(&other, b"", &sealed),
                Err(CryptoError::DecryptionFailed)
            );
        }
    }
    assert_eq!(
        pke::encrypt(key(Curve::Sm2).public(), b"", &random),
        Err(CryptoError::Malformed)
    );
    assert_eq!(
        pke::encrypt(key(Curve::P256).public(), b"m", &random),
        Err(CryptoError::AlgorithmMismatch)
    );
    let rsa = PrivateKey::generate_rsa().unwrap();
    assert_eq!(
        sealed_box::seal(rsa.public(), b"", b"m", &random),
        Err(CryptoError::AlgorithmMismatch)
    );
}

/// The same point in its compressed form would be a second ciphertext of the same message.
#[test]
fn sm2_ciphertexts_have_one_encoding() {
    let random = SeededRandom::new(4);
    let key = PrivateKey::generate(Curve::Sm2, &random).unwrap();
    let ciphertext = pke::encrypt(key.public(), &[7; 64], &random).unwrap();
    let compressed = [
        &[2 + (ciphertext[64] & 1)][..],
        &ciphertext[1..33],
        &ciphertext[65..],
    ]
    .concat();
    assert_eq!(
        pke::decrypt(&key, &compressed),
        Err(CryptoError::DecryptionFailed)
    );
    assert!(pke::decrypt(&key, &ciphertext).is_ok());
}
