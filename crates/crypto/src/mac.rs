//! HMAC (RFC 2104) over SM3 and SHA-256, and HKDF-SHA256 (RFC 5869).

use aws_lc_rs::hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;
use zeroize::Zeroizing;

use crate::{CryptoError, digest::Digest};

/// HMAC-SM3 of the concatenated `parts`; the key may have any length.
#[expect(clippy::missing_panics_doc, reason = "HMAC takes a key of any length")]
pub fn hmac_sm3(key: &[u8], parts: &[&[u8]]) -> Digest {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    Digest(mac.finalize().into_bytes().into())
}

/// HMAC-SHA-256 of the concatenated `parts`; the key may have any length.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> Digest {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let mut context = aws_lc_rs::hmac::Context::with_key(&key);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.sign().as_ref());
    Digest(bytes)
}

/// 32 bytes of HKDF-SHA256 (RFC 5869) with the concatenated `info`.
pub fn hkdf_sha256(
    secret: &[u8],
    salt: &[u8],
    info: &[&[u8]],
) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    let mut key = Zeroizing::new([0; 32]);
    extracted
        .expand(info, hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut()))
        .map_err(|_| CryptoError::Failed)?;
    Ok(key)
}
