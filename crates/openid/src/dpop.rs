//! Demonstrating proof of possession (RFC 9449): the names in it.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::Digest;
use jose::jwt::numeric_date;
use serde::{Deserialize, Serialize};

use crate::pkce::digest_from_base64url;

/// The SHA-256 thumbprint of a JWK (RFC 7638), as in `dpop_jkt` and `cnf.jkt`: 43 characters of base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thumbprint(pub Digest);

impl Thumbprint {
    /// The text as a thumbprint, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        digest_from_base64url(text).map(Self)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Base64UrlUnpadded::encode_string(&self.0.0))
    }
}

/// The claims of a DPoP proof (RFC 9449 §4.2). Members nobody knows are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Members")]
pub struct DpopProofClaims {
    /// Unique for the proof; 1 to [`DpopProofClaims::JTI_LIMIT`] bytes.
    pub jti: String,
    /// The HTTP method.
    pub htm: String,
    /// The target without query and fragment.
    pub htu: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// The SHA-256 of the access token; only where one is presented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ath: Option<Digest>,
    /// The nonce this server asked for (RFC 9449 §8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

impl DpopProofClaims {
    /// Longest accepted `jti`, in bytes.
    pub const JTI_LIMIT: usize = 256;
}

#[derive(Deserialize)]
struct Members {
    jti: String,
    htm: String,
    htu: String,
    #[serde(deserialize_with = "numeric_date")]
    iat: Option<i64>,
    ath: Option<Digest>,
    nonce: Option<String>,
}

impl TryFrom<Members> for DpopProofClaims {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, Self::Error> {
        let Members {
            jti,
            htm,
            htu,
            iat,
            ath,
            nonce,
        } = members;
        if !(1..=Self::JTI_LIMIT).contains(&jti.len()) {
            return Err("jti is empty or too long");
        }
        Ok(Self {
            jti,
            htm,
            htu,
            iat: iat.ok_or("iat is missing")?,
            ath,
            nonce,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: &str = r#"{"jti":"-BwC3ESc6acc2lTc","htm":"POST","htu":"https://as.example/token","iat":1562262616}"#;

    #[test]
    fn reads_the_four_claims_and_prints_them_back() {
        let claims: DpopProofClaims = serde_json::from_str(CLAIMS).expect("claims");
        assert_eq!((claims.htm.as_str(), claims.iat), ("POST", 1_562_262_616));
        assert_eq!(serde_json::to_string(&claims).expect("serialises"), CLAIMS);
    }

    #[test]
    fn refuses_missing_repeated_and_oversized_claims() {
        for text in [
            CLAIMS.replace("\"jti\"", "\"other\""),
            CLAIMS.replace("\"htm\"", "\"other\""),
            CLAIMS.replace("\"htu\"", "\"other\""),
            CLAIMS.replace("\"iat\"", "\"other\""),
            CLAIMS.replace('}', ",\"iat\":1}"),
            CLAIMS.replace('}', ",\"ath\":\"short\"}"),
            CLAIMS.replace("-BwC3ESc6acc2lTc", ""),
            CLAIMS.replace(
                "-BwC3ESc6acc2lTc",
                &"j".repeat(DpopProofClaims::JTI_LIMIT + 1),
            ),
        ] {
            assert!(
                jose::json::object::<DpopProofClaims>(text.as_bytes(), "claims").is_err(),
                "{text}"
            );
        }
    }
}
