//! Authenticated encryption with associated data: GCM (NIST SP 800-38D) over SM4 (RFC 8998) and AES.

use aes_gcm::{
    AesGcm,
    aead::{Aead, KeyInit, Payload, consts::U12},
};
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sm4::Sm4;

use crate::CryptoError;

/// Bytes of a nonce.
pub const NONCE_LEN: usize = 12;
/// Bytes of the tag at the end of a sealed text.
pub const TAG_LEN: usize = 16;

/// Which cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AeadAlgorithm {
    /// SM4 in GCM with a nonce of 12 bytes and a tag of 16 (RFC 8998 §2).
    Sm4Gcm,
    /// AES-128 in GCM.
    Aes128Gcm,
    /// AES-256 in GCM.
    Aes256Gcm,
}

impl AeadAlgorithm {
    /// Bytes of a key.
    pub fn key_len(self) -> usize {
        match self {
            Self::Sm4Gcm | Self::Aes128Gcm => 16,
            Self::Aes256Gcm => 32,
        }
    }
}

/// A key of one cipher. The caller never uses a nonce twice with one key for different inputs.
pub struct AeadKey(Inner);

enum Inner {
    Sm4(Box<AesGcm<Sm4, U12>>),
    Aes(Box<LessSafeKey>),
}

impl AeadKey {
    /// A key of exactly [`AeadAlgorithm::key_len`] bytes.
    pub fn new(algorithm: AeadAlgorithm, key: &[u8]) -> Result<Self, CryptoError> {
        let aes = |cipher| {
            UnboundKey::new(cipher, key)
                .map(|key| Inner::Aes(Box::new(LessSafeKey::new(key))))
                .map_err(|_| CryptoError::InvalidKey)
        };
        Ok(Self(match algorithm {
            AeadAlgorithm::Sm4Gcm => Inner::Sm4(Box::new(
                AesGcm::new_from_slice(key).map_err(|_| CryptoError::InvalidKey)?,
            )),
            AeadAlgorithm::Aes128Gcm => aes(&AES_128_GCM)?,
            AeadAlgorithm::Aes256Gcm => aes(&AES_256_GCM)?,
        }))
    }

    /// The ciphertext and, behind it, the tag of 16 bytes.
    ///
    /// # Panics
    /// If the plaintext is longer than GCM allows (64 GiB).
    pub fn seal(&self, nonce: [u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        const SHORT: &str = "the plaintext is shorter than 64 GiB";
        match &self.0 {
            Inner::Sm4(key) => key
                .encrypt(
                    &nonce.into(),
                    Payload {
                        msg: plaintext,
                        aad,
                    },
                )
                .expect(SHORT),
            Inner::Aes(key) => {
                let mut text = Vec::with_capacity(plaintext.len() + TAG_LEN);
                text.extend_from_slice(plaintext);
                let nonce = Nonce::assume_unique_for_key(nonce);
                key.seal_in_place_append_tag(nonce, Aad::from(aad), &mut text)
                    .expect(SHORT);
                text
            }
        }
    }

    /// The plaintext, if `sealed` was made by this key with this nonce and this associated data.
    pub fn open(
        &self,
        nonce: [u8; NONCE_LEN],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match &self.0 {
            Inner::Sm4(key) => key
                .decrypt(&nonce.into(), Payload { msg: sealed, aad })
                .map_err(|_| CryptoError::DecryptionFailed),
            Inner::Aes(key) => {
                let mut text = sealed.to_vec();
                let nonce = Nonce::assume_unique_for_key(nonce);
                let length = key
                    .open_in_place(nonce, Aad::from(aad), &mut text)
                    .map_err(|_| CryptoError::DecryptionFailed)?
                    .len();
                text.truncate(length);
                Ok(text)
            }
        }
    }
}

impl std::fmt::Debug for AeadKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AeadKey")
    }
}
