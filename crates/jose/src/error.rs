use crypto::{CryptoError, keystore::KeyError};
use thiserror::Error;

/// Which check failed. Contains no text of the token.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JoseError {
    /// A part is not of its form; the word says which.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// A JSON object names a member twice.
    #[error("a JSON member occurs twice")]
    DuplicateMember,
    /// The text is longer than its limit.
    #[error("the text is too long")]
    TooLong,
    /// `none`, a MAC, or an algorithm nobody here knows.
    #[error("unsupported algorithm")]
    UnsupportedAlgorithm,
    /// The header has `crit` or `b64` (RFC 7515 §4.1.11, RFC 7797): no extension is understood here.
    #[error("a critical header extension is not understood")]
    CriticalHeader,
    /// The header has `zip`: nothing is decompressed here.
    #[error("compression is refused")]
    Compressed,
    /// No key fits the header.
    #[error("no key fits the header")]
    NoSuchKey,
    /// `typ` is not the expected one.
    #[error("unexpected type")]
    WrongType,
    /// `exp` has passed.
    #[error("expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("not valid yet")]
    NotYetValid,
    /// `aud` does not name the reader.
    #[error("unexpected audience")]
    WrongAudience,
    /// The nonce is not the expected one.
    #[error("unexpected nonce")]
    WrongNonce,
    /// The disclosures do not fit the digests (RFC 9901 §7.1).
    #[error("the disclosures do not fit the credential")]
    Disclosures,
    /// The key binding is absent, unexpected, or of another presentation.
    #[error("the key binding does not fit the presentation")]
    KeyBinding,
    /// The algorithm refused.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The key store could not.
    #[error(transparent)]
    KeyStore(#[from] KeyError),
}
