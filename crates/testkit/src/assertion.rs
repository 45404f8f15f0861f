//! How a platform says who it is, with every part of it open to a test.

use crypto::{PrivateKey, SignatureAlgorithm};
use jose::jws::{Header, LocalSigner, sign_compact};
use openid::JWT_BEARER;
use serde_json::Value;

use crate::http::Fields;

/// A client assertion that is not signed yet (RFC 7523).
#[derive(Debug, Clone)]
pub struct Assertion {
    /// The claims.
    pub claims: Value,
    /// The key it is signed with.
    pub key: PrivateKey,
    /// `kid`.
    pub key_id: String,
    /// The algorithm; the key's own when nothing is said.
    pub algorithm: Option<SignatureAlgorithm>,
}

impl Assertion {
    /// The same with one claim changed.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    /// Compact JWS.
    pub fn sign(&self) -> String {
        let mut signer = LocalSigner::new(self.key.clone(), Some(&self.key_id));
        if let Some(algorithm) = self.algorithm {
            signer.algorithm = algorithm;
        }
        let payload = self.claims.to_string();
        sign_compact(Header::typ("JWT"), payload.as_bytes(), &signer)
            .expect("an assertion is signed")
    }

    /// Form fields with the signed assertion.
    pub fn added_to(&self, fields: Fields) -> Fields {
        fields
            .with("client_assertion_type", JWT_BEARER)
            .with("client_assertion", &self.sign())
    }
}
