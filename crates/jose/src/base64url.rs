use base64ct::{Base64UrlUnpadded, Encoding};

use crate::JoseError;

/// base64url without padding (RFC 7515 §2).
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Decodes the one canonical encoding: no padding, no white space, no stray bits at the end.
pub(crate) fn decode(text: &str, what: &'static str) -> Result<Vec<u8>, JoseError> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| JoseError::Malformed(what))
}

/// Decodes exactly `N` bytes.
pub(crate) fn decode_array<const N: usize>(
    text: &str,
    what: &'static str,
) -> Result<[u8; N], JoseError> {
    decode(text, what)?
        .try_into()
        .map_err(|_| JoseError::Malformed(what))
}
