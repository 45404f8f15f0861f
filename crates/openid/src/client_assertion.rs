//! What a client signs to prove who it is: `private_key_jwt`.

use jose::jwt::{Audience, numeric_date};
use serde::{Deserialize, Serialize};

use crate::ClientId;

/// The claims of a client assertion (RFC 7523 §3, OIDC Core §9), read from a verified JWS with `jose`, which refuses
/// repeated members. Members nobody knows are ignored.
///
/// `iss` and `sub` are both the client id: claims in which they differ do not exist as a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Members", into = "Members")]
pub struct ClientAssertionClaims {
    /// `iss` and `sub`.
    pub client_id: ClientId,
    /// Whom it is for.
    pub audience: Audience,
    /// Unique for the assertion; 1 to [`ClientAssertionClaims::JTI_LIMIT`] bytes. Required by OIDC Core §9.
    pub jti: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was made, in seconds since 1970.
    pub iat: Option<i64>,
    /// When it begins, in seconds since 1970.
    pub nbf: Option<i64>,
}

impl ClientAssertionClaims {
    /// Longest accepted `jti`, in bytes.
    pub const JTI_LIMIT: usize = 256;
    /// Most audiences in a list.
    pub const AUDIENCE_LIMIT: usize = 8;
}

#[derive(Serialize, Deserialize)]
struct Members {
    iss: ClientId,
    sub: ClientId,
    aud: Audience,
    jti: String,
    #[serde(deserialize_with = "numeric_date")]
    exp: Option<i64>,
    #[serde(
        default,
        deserialize_with = "numeric_date",
        skip_serializing_if = "Option::is_none"
    )]
    iat: Option<i64>,
    #[serde(
        default,
        deserialize_with = "numeric_date",
        skip_serializing_if = "Option::is_none"
    )]
    nbf: Option<i64>,
}

impl TryFrom<Members> for ClientAssertionClaims {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, Self::Error> {
        let Members {
            iss,
            sub,
            aud,
            jti,
            exp,
            iat,
            nbf,
        } = members;
        // RFC 7523 §3: both MUST be the client_id.
        if iss != sub {
            return Err("iss and sub differ");
        }
        if !(1..=Self::JTI_LIMIT).contains(&jti.len()) {
            return Err("jti is empty or too long");
        }
        if matches!(&aud, Audience::Many(list) if list.len() > Self::AUDIENCE_LIMIT) {
            return Err("aud has too many values");
        }
        Ok(Self {
            client_id: iss,
            audience: aud,
            jti,
            exp: exp.ok_or("exp is missing")?,
            iat,
            nbf,
        })
    }
}

impl From<ClientAssertionClaims> for Members {
    fn from(claims: ClientAssertionClaims) -> Self {
        let ClientAssertionClaims {
            client_id,
            audience,
            jti,
            exp,
            iat,
            nbf,
        } = claims;
        Self {
            iss: client_id.clone(),
            sub: client_id,
            aud: audience,
            jti,
            exp: Some(exp),
            iat,
            nbf,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: &str = r#"{"iss":"forum","sub":"forum","aud":"https://wz.example","jti":"1","exp":1763800060,"iat":1763800000}"#;

    fn parse(text: &str) -> Option<ClientAssertionClaims> {
        jose::json::object(text.as_bytes(), "claims").ok()
    }

    #[test]
    fn reads_and_prints() {
        let claims = parse(CLAIMS).expect("claims");
        assert_eq!(claims.client_id.as_str(), "forum");
        assert_eq!(claims.audience, Audience::from("https://wz.example"));
        assert_eq!(
            (claims.exp, claims.iat, claims.nbf),
            (1_763_800_060, Some(1_763_800_000), None)
        );
        assert_eq!(serde_json::to_string(&claims).expect("serialises"), CLAIMS);
    }

    #[test]
    fn refuses_what_is_not_exactly_that() {
        let many = format!(
            "[{}\"a\"]",
            "\"a\",".repeat(ClientAssertionClaims::AUDIENCE_LIMIT)
        );
        for text in [
            CLAIMS.replace("\"iss\"", "\"x\""),
            CLAIMS.replace("\"sub\"", "\"x\""),
            CLAIMS.replace("\"aud\"", "\"x\""),
            CLAIMS.replace("\"jti\"", "\"x\""),
            CLAIMS.replace("\"exp\"", "\"x\""),
            CLAIMS.replace("\"sub\":\"forum\"", "\"sub\":\"bank\""),
            CLAIMS.replace("\"forum\"", "\"\""),
            CLAIMS.replace("\"https://wz.example\"", "null"),
            CLAIMS.replace("\"https://wz.example\"", "[1]"),
            CLAIMS.replace("\"https://wz.example\"", &many),
            CLAIMS.replace("\"jti\":\"1\"", "\"jti\":\"\""),
            CLAIMS.replace("\"jti\":\"1\"", "\"jti\":1"),
            CLAIMS.replace(
                "\"jti\":\"1\"",
                &format!(
                    "\"jti\":\"{}\"",
                    "j".repeat(ClientAssertionClaims::JTI_LIMIT + 1)
                ),
            ),
            CLAIMS.replace("1763800060", "\"1763800060\""),
            CLAIMS.replace("1763800060", "-1"),
            CLAIMS.replace("1763800000", "null"),
            CLAIMS.replace('}', ",\"nbf\":null}"),
            CLAIMS.replace('}', ",\"exp\":9999999999}"),
            CLAIMS.replace('}', ",\"x\":{\"a\":1,\"a\":1}}"),
            r#"["forum","forum","https://wz.example","1",1763800060]"#.to_owned(),
        ] {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}
