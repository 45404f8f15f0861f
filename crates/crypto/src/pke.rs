//! SM2 public-key encryption (GB/T 32918.4-2016), the ciphertext as C1 ‖ C3 ‖ C2 with an uncompressed point:
//! 65 + 32 + length of the message.

use sm2::pke::{DecryptingKey, EncryptingKey, Mode};
use zeroize::Zeroizing;

use crate::{
    CryptoError, Curve, PrivateKey, PublicKey,
    random::{Random, RandomAdapter},
};

/// Bytes a ciphertext is longer than its message.
pub const OVERHEAD: usize = 65 + 32;

/// Encrypts a message of at least one byte to an SM2 key.
pub fn encrypt(
    recipient: &PublicKey,
    message: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, CryptoError> {
    if recipient.curve() != Some(Curve::Sm2) {
        return Err(CryptoError::AlgorithmMismatch);
    }
    if message.is_empty() {
        return Err(CryptoError::Malformed);
    }
    let point = sm2::PublicKey::from_sec1_bytes(&recipient.to_sec1()?)
        .map_err(|_| CryptoError::InvalidKey)?;
    EncryptingKey::new_with_mode(point, Mode::C1C3C2)
        .encrypt(&mut RandomAdapter(random), message)
        .map_err(|_| CryptoError::Failed)
}

/// Decrypts what [`encrypt`] made for this key.
pub fn decrypt(private: &PrivateKey, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    if private.curve() != Some(Curve::Sm2) {
        return Err(CryptoError::AlgorithmMismatch);
    }
    // One encoding only: an uncompressed point, and at least one byte of message.
    if ciphertext.len() <= OVERHEAD || ciphertext[0] != 0x04 {
        return Err(CryptoError::DecryptionFailed);
    }
    let scalar = private.scalar()?;
    let secret =
        sm2::SecretKey::from_slice(scalar.as_ref()).map_err(|_| CryptoError::InvalidKey)?;
    DecryptingKey::new_with_mode(secret.to_nonzero_scalar(), Mode::C1C3C2)
        .decrypt(ciphertext)
        .map(Zeroizing::new)
        .map_err(|_| CryptoError::DecryptionFailed)
}
