//! `Authorization` and `WWW-Authenticate` (RFC 9110 §11): an access token comes in, a challenge goes out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, OAuthError, Secret};

/// The kind of an access token, as in `token_type` and as the scheme it is presented with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenType {
    /// Whoever holds it may use it (RFC 6750).
    Bearer,
    /// Only with a proof of possession (RFC 9449 §5).
    DPoP,
}

impl TokenType {
    /// The scheme.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}

/// An access token as it was presented. Nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedToken {
    /// The scheme it came with.
    pub token_type: TokenType,
    /// The token.
    pub token: Secret,
}

impl PresentedToken {
    /// Longest accepted token, in bytes.
    pub const LIMIT: usize = 8 * 1024;

    /// Reads the value of the `Authorization` header (RFC 6750 §2.1, RFC 9449 §7.1).
    ///
    /// `Ok(None)` if there is no header or another scheme: the challenge then carries no error (RFC 6750 §3). Tokens in a
    /// body or a query are not looked for (RFC 9700 §4.3.2).
    pub fn parse(authorization: Option<&[u8]>) -> Result<Option<Self>, OAuthError> {
        let Some(header) = authorization else {
            return Ok(None);
        };
        for token_type in [TokenType::Bearer, TokenType::DPoP] {
            if has_scheme(header, token_type.as_str()) {
                let token = credentials_of(header, token_type.as_str())
                    .filter(|token| token.len() <= Self::LIMIT)
                    .ok_or(
                        ErrorCode::InvalidRequest.because("the Authorization header is malformed"),
                    )?;
                return Ok(Some(Self {
                    token_type,
                    token: Secret::new(token),
                }));
            }
        }
        Ok(None)
    }
}

/// The value of `WWW-Authenticate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// To a client that tried the `Authorization` header (RFC 6749 §5.2).
    Basic,
    /// To who wants a resource (RFC 6750 §3, RFC 9449 §7.1); without an error if no token was presented.
    Token(TokenType, Option<OAuthError>),
}

impl fmt::Display for Challenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic => formatter.write_str("Basic realm=\"wangzheng\""),
            Self::Token(token_type, error) => {
                write!(formatter, "{} realm=\"wangzheng\"", token_type.as_str())?;
                // Codes and descriptions are constants without `"` and `\`: they need no escape.
                for (name, value) in error.iter().flat_map(|error| error.parameters()) {
                    write!(formatter, ", {name}=\"{value}\"")?;
                }
                Ok(())
            }
        }
    }
}

/// The credentials behind a scheme: one `token68` (RFC 9110 §11.2).
pub(crate) fn credentials_of<'a>(header: &'a [u8], scheme: &str) -> Option<&'a str> {
    if !has_scheme(header, scheme) {
        return None;
    }
    let rest = std::str::from_utf8(header.get(scheme.len()..)?).ok()?;
    let credentials = rest.trim_start_matches(' ');
    let body = credentials.trim_end_matches('=');
    let token68 = body
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
    (!body.is_empty() && token68).then_some(credentials)
}

/// RFC 9110 §11.1: schemes are case-insensitive.
fn has_scheme(header: &[u8], scheme: &str) -> bool {
    let named = header
        .get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()));
    named && matches!(header.get(scheme.len()), None | Some(b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(header: &str) -> Result<Option<PresentedToken>, ErrorCode> {
        PresentedToken::parse(Some(header.as_bytes())).map_err(|error| error.code)
    }

    #[test]
    fn reads_both_schemes() {
        let token = |token_type| {
            Ok(Some(PresentedToken {
                token_type,
                token: Secret::new("mF_9.B5f-4.1JqM"),
            }))
        };
        assert_eq!(parse("Bearer mF_9.B5f-4.1JqM"), token(TokenType::Bearer));
        assert_eq!(parse("bearer  mF_9.B5f-4.1JqM"), token(TokenType::Bearer));
        assert_eq!(parse("DPoP mF_9.B5f-4.1JqM"), token(TokenType::DPoP));
    }

    #[test]
    fn no_header_and_other_schemes_bring_no_token() {
        assert_eq!(PresentedToken::parse(None), Ok(None));
        for header in ["", "Basic bGFiOng=", "BearerX abc", "Bear"] {
            assert_eq!(parse(header), Ok(None), "{header}");
        }
    }

    #[test]
    fn a_malformed_token_is_an_invalid_request() {
        let long = format!("Bearer {}", "t".repeat(PresentedToken::LIMIT + 1));
        for header in [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer a,b",
            "Bearer =",
            "Bearer a=b",
            "Bearer 网",
            "Bearer\u{20}a\n",
            &long,
        ] {
            assert_eq!(
                parse(header),
                Err(ErrorCode::InvalidRequest),
                "{header:.30}"
            );
        }
        assert!(PresentedToken::parse(Some(b"Bearer \xFF")).is_err());
    }

    #[test]
    fn prints_challenges() {
        let expired = ErrorCode::InvalidToken.because("the token has expired");
        for (challenge, text) in [
            (Challenge::Basic, "Basic realm=\"wangzheng\""),
            (
                Challenge::Token(TokenType::Bearer, None),
                "Bearer realm=\"wangzheng\"",
            ),
            (
                Challenge::Token(TokenType::Bearer, Some(expired)),
                "Bearer realm=\"wangzheng\", error=\"invalid_token\", error_description=\"the token has expired\"",
            ),
            (
                Challenge::Token(TokenType::DPoP, Some(ErrorCode::UseDpopNonce.into())),
                "DPoP realm=\"wangzheng\", error=\"use_dpop_nonce\"",
            ),
        ] {
            assert_eq!(challenge.to_string(), text);
        }
    }
}
