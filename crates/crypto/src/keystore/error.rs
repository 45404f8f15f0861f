use thiserror::Error;

use super::SigningPurpose;
use crate::{CryptoError, SignatureAlgorithm};

/// Why a key store could not. Contains no key material and no personal data.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The algorithm refused: a text was not made here, an input has no legal form.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The purpose has no key of this algorithm.
    #[error("no {algorithm:?} key for {purpose:?}")]
    NoSuchKey {
        /// What was to be signed.
        purpose: SigningPurpose,
        /// By which algorithm.
        algorithm: SignatureAlgorithm,
    },
    /// A sealed value is older than its keys live, or from the future.
    #[error("the sealed value has expired")]
    Expired,
    /// The passphrase does not open the key file (or the file's root entry was changed: the two look alike).
    #[error("wrong passphrase, or the root entry of the key file was changed")]
    WrongPassphrase,
    /// The key file opens, but is not whole.
    #[error("the key file is damaged at {0}")]
    Damaged(&'static str),
    /// The key file could not be read or replaced.
    #[error("the key file could not be read or written")]
    File(#[from] std::io::Error),
}
