//! A message only one key can open, from a sender who stays unnamed.
//!
//! - P-256 recipient: `1 ‖ ephemeral point (65) ‖ AES-256-GCM`, where the key is HKDF-SHA256 with
//!   ikm = the x coordinate of the ECDH, an empty salt and info = `"wangzheng-box-1" ‖ ephemeral (65) ‖ recipient (65)`,
//!   and the nonce is 12 zero bytes (each key is used once). WebCrypto computes the same.
//! - SM2 recipient: `2 ‖ SM2 encryption (C1C3C2) of a fresh key of 16 bytes (113) ‖ SM4-GCM` with a zero nonce.
//!
//! `aad` is authenticated as it is and not carried.

use zeroize::Zeroizing;

use crate::{
    CryptoError, Curve, PrivateKey, PublicKey,
    aead::{AeadAlgorithm, AeadKey, NONCE_LEN},
    agreement,
    mac::hkdf_sha256,
    pke,
    random::{self, Random},
};

const P256: u8 = 1;
const SM2: u8 = 2;
const LABEL: &[u8] = b"wangzheng-box-1";
const NONCE: [u8; NONCE_LEN] = [0; NONCE_LEN];
const POINT_LEN: usize = 65;
const SM2_KEY_LEN: usize = pke::OVERHEAD + 16;

/// Seals `plaintext` to `recipient`, an EC key.
pub fn seal(
    recipient: &PublicKey,
    aad: &[u8],
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, CryptoError> {
    match recipient.curve() {
        Some(Curve::P256) => {
            let ephemeral = PrivateKey::generate(Curve::P256, random)?;
            let ephemeral_point = ephemeral.public().to_sec1()?;
            let key = p256_key(
                &ephemeral,
                recipient,
                &ephemeral_point,
                &recipient.to_sec1()?,
            )?;
            Ok([
                &[P256][..],
                &ephemeral_point,
                &key.seal(NONCE, aad, plaintext),
            ]
            .concat())
        }
        Some(Curve::Sm2) => {
            let key = Zeroizing::new(random::array::<16>(random));
            let wrapped = pke::encrypt(recipient, key.as_ref(), random)?;
            let key = AeadKey::new(AeadAlgorithm::Sm4Gcm, key.as_ref())?;
            Ok([&[SM2][..], &wrapped, &key.seal(NONCE, aad, plaintext)].concat())
        }
        None => Err(CryptoError::AlgorithmMismatch),
    }
}

/// Opens what [`seal`] made for the public part of `private` with the same `aad`.
pub fn open(private: &PrivateKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let (version, rest) = sealed.split_first().ok_or(CryptoError::DecryptionFailed)?;
    match (private.curve(), *version) {
        (Some(Curve::P256), P256) => {
            let (point, text) = rest
                .split_at_checked(POINT_LEN)
                .ok_or(CryptoError::DecryptionFailed)?;
            let ephemeral = PublicKey::from_sec1(Curve::P256, point)
                .map_err(|_| CryptoError::DecryptionFailed)?;
            let key = p256_key(private, &ephemeral, point, &private.public().to_sec1()?)?;
            key.open(NONCE, aad, text)
        }
        (Some(Curve::Sm2), SM2) => {
            let (wrapped, text) = rest
                .split_at_checked(SM2_KEY_LEN)
                .ok_or(CryptoError::DecryptionFailed)?;
            let key = pke::decrypt(private, wrapped)?;
            AeadKey::new(AeadAlgorithm::Sm4Gcm, &key)?.open(NONCE, aad, text)
        }
        _ => Err(CryptoError::DecryptionFailed),
    }
}

fn p256_key(
    private: &PrivateKey,
    public: &PublicKey,
    ephemeral: &[u8],
    recipient: &[u8],
) -> Result<AeadKey, CryptoError> {
    let secret = agreement::shared_secret(private, public)?;
    let key = hkdf_sha256(secret.as_ref(), &[], &[LABEL, ephemeral, recipient])?;
    AeadKey::new(AeadAlgorithm::Aes256Gcm, key.as_ref())
}
