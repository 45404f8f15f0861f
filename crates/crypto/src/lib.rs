//! Algorithms as values: SM2, SM3 and SM4 beside ES256, SHA-256 and AES; keys, key stores and sealed boxes.
//!
//! This crate knows no identity words and no wire format of tokens (that is `jose`). Libraries do the mathematics
//! (`docs/decisions/0002-crypto-libraries.md`); what is ours is the choice of parameters, the framing of inputs and
//! the life of keys. Its one invariant: a [`PublicKey`] or [`PrivateKey`] that exists is valid on its curve.

pub mod aead;
pub mod agreement;
pub mod block;
pub mod digest;
mod error;
pub mod keystore;
pub mod mac;
pub mod password;
pub mod pke;
pub mod random;
pub mod sealed_box;
pub mod signature;

pub use error::CryptoError;
pub use signature::{Curve, PrivateKey, PublicKey, SignatureAlgorithm};
