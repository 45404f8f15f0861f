//! What a client signs to prove who it is: `private_key_jwt`.

use serde::{Deserialize, Serialize};

use crate::ClientId;
use crate::json::Object;
use crate::numeric_date;

/// The claims of a client assertion (RFC 7523 §3, OIDC Core §9). Members nobody knows are ignored.
///
/// `iss` and `sub` are both the client id: claims in which they differ do not exist as a value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Object")]
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
}

/// `aud` (RFC 7519 §4.1.3): one text, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// `"aud":"a"`.
    One(String),
    /// `"aud":["a","b"]`; at most [`Audience::LIMIT`].
    Many(Vec<String>),
}

impl Audience {
    /// Most values in a list.
    pub const LIMIT: usize = 8;

    /// Whether this is the one text, and no list (FAPI 2.0 Security Profile §5.3.2.1).
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::One(only) if only == name)
    }

    /// Whether the name is among the values.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(only) => only == name,
            Self::Many(list) => list.iter().any(|one| one == name),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Members {
    iss: ClientId,
    sub: ClientId,
    aud: Audience,
    jti: String,
    #[serde(deserialize_with = "numeric_date::required")]
    exp: i64,
    #[serde(
        default,
        deserialize_with = "numeric_date::optional",
        skip_serializing_if = "Option::is_none"
    )]
    iat: Option<i64>,
    #[serde(
        default,
        deserialize_with = "numeric_date::optional",
        skip_serializing_if = "Option::is_none"
    )]
    nbf: Option<i64>,
}

impl TryFrom<Object> for ClientAssertionClaims {
    type Error = serde_json::Error;

    fn try_from(object: Object) -> Result<Self, serde_json::Error> {
        let refused = |reason: &str| Err(serde::de::Error::custom(reason));
        let Members {
            iss,
            sub,
            aud,
            jti,
            exp,
            iat,
            nbf,
        } = object.read()?;
        // RFC 7523 §3: both MUST be the client_id.
        if iss != sub {
            return refused("iss and sub differ");
        }
        if !(1..=Self::JTI_LIMIT).contains(&jti.len()) {
            return refused("jti is empty or too long");
        }
        if matches!(&aud, Audience::Many(list) if list.len() > Audience::LIMIT) {
            return refused("aud has too many values");
        }
        Ok(Self {
            client_id: iss,
            audience: aud,
            jti,
            exp,
            iat,
            nbf,
        })
    }
}

impl Serialize for ClientAssertionClaims {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            client_id,
            audience,
            jti,
            exp,
            iat,
            nbf,
        } = self.clone();
        Members {
            iss: client_id.clone(),
            sub: client_id,
            aud: audience,
            jti,
            exp,
            iat,
            nbf,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: &str = r#"{"iss":"forum","sub":"forum","aud":"https://wz.example","jti":"1","exp":1763800060,"iat":1763800000}"#;

    fn parse(text: &str) -> Option<ClientAssertionClaims> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn reads_and_prints() {
        let claims = parse(CLAIMS).expect("claims");
        assert_eq!(claims.client_id.as_str(), "forum");
        assert_eq!(
            (claims.exp, claims.iat, claims.nbf),
            (1_763_800_060, Some(1_763_800_000), None)
        );
        assert_eq!(serde_json::to_string(&claims).expect("serialises"), CLAIMS);
    }

    /// The `fapi` profile wants the issuer as the one audience; `simple` lets it be among several.
    #[test]
    fn tells_one_audience_from_a_list() {
        let one = parse(CLAIMS).expect("claims").audience;
        assert!(one.is("https://wz.example") && one.contains("https://wz.example"));
        assert!(!one.is("https://wz.example/") && !one.contains("https://other.example"));

        let list = CLAIMS.replace(
            "\"https://wz.example\"",
            r#"["https://other.example","https://wz.example"]"#,
        );
        let list = parse(&list).expect("claims").audience;
        assert!(!list.is("https://wz.example") && list.contains("https://wz.example"));
    }

    #[test]
    fn refuses_what_is_not_exactly_that() {
        let many = format!("[{}\"a\"]", "\"a\",".repeat(Audience::LIMIT));
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
