use thiserror::Error;

/// Which check failed. Never says why a decryption or a signature failed, so that it can be no oracle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// A key is not of the length, form or range its algorithm wants, or the point is not on its curve.
    #[error("invalid key")]
    InvalidKey,
    /// The signature is not one of this key over this message.
    #[error("invalid signature")]
    InvalidSignature,
    /// The algorithm does not fit the key (algorithm confusion ends here).
    #[error("the algorithm does not fit the key")]
    AlgorithmMismatch,
    /// A ciphertext was not made by this key with this associated data.
    #[error("decryption failed")]
    DecryptionFailed,
    /// An input is not of the form or size its definition wants.
    #[error("malformed input")]
    Malformed,
    /// The library below refused to work.
    #[error("the cryptographic library failed")]
    Failed,
}
