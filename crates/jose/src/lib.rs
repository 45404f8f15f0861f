//! JWK, JWS, JWE, JWT and SD-JWT over `crypto`: compact forms only, parsed strictly.
//!
//! What nobody needs is not here: `alg: none`, MACs, JSON serialisation, `crit`, compression, keys by URL or
//! certificate. Text with duplicate JSON members, padded or non-canonical base64url, or beyond its size limit is
//! refused. The invariant: a [`Verified`] value exists only after its signature was checked.
//!
//! Why this is written here and not taken from a library: `docs/decisions/0003-own-jose-over-crypto.md`.

pub mod algorithm;
mod base64url;
mod error;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod jws;
pub mod jwt;
pub mod sd_jwt;
mod verified;

pub use algorithm::{algorithm_name, from_name};
pub use error::JoseError;
pub use verified::Verified;
