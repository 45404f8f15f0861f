//! ECDH on P-256 (NIST SP 800-56A §5.7.1.2).

use aws_lc_rs::agreement::{self, ECDH_P256, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::{CryptoError, Curve, PrivateKey, PublicKey};

/// The x coordinate of private · public, 32 bytes. Both keys must be P-256.
pub fn shared_secret(
    private: &PrivateKey,
    public: &PublicKey,
) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    if private.curve() != Some(Curve::P256) || public.curve() != Some(Curve::P256) {
        return Err(CryptoError::AlgorithmMismatch);
    }
    let scalar = private.scalar()?;
    let point = public.to_sec1()?;
    let private = agreement::PrivateKey::from_private_key(&ECDH_P256, scalar.as_ref())
        .map_err(|_| CryptoError::InvalidKey)?;
    agreement::agree(
        &private,
        UnparsedPublicKey::new(&ECDH_P256, point),
        CryptoError::Failed,
        |secret| {
            let mut bytes = Zeroizing::new([0; 32]);
            if secret.len() != bytes.len() {
                return Err(CryptoError::Failed);
            }
            bytes.copy_from_slice(secret);
            Ok(bytes)
        },
    )
}
