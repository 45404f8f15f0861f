//! What kind of access is asked for. Attributes are never asked for by scope; see `authorization_details`.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, OAuthError};

/// A set of scope tokens that holds `openid` (RFC 6749 §3.3, OIDC Core §3.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// Longest accepted list, in bytes.
    pub const LIMIT: usize = 512;

    /// The scope that is always granted, whatever else was asked for.
    pub fn openid() -> Self {
        Self(BTreeSet::from(["openid".to_owned()]))
    }

    /// Reads a list separated by single spaces. Order and repetition mean nothing (RFC 6749 §3.3).
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > Self::LIMIT {
            return Err(ErrorCode::InvalidScope.because("scope is too long"));
        }
        let tokens: BTreeSet<String> = text.split(' ').map(str::to_owned).collect();
        if !tokens.iter().all(|token| is_scope_token(token)) {
            return Err(ErrorCode::InvalidScope.because("scope is malformed"));
        }
        if !tokens.contains("openid") {
            return Err(ErrorCode::InvalidScope.because("scope must contain openid"));
        }
        Ok(Self(tokens))
    }

    /// Whether the token is in the set.
    pub fn contains(&self, token: &str) -> bool {
        self.0.contains(token)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for token in &self.0 {
            write!(formatter, "{separator}{token}")?;
            separator = " ";
        }
        Ok(())
    }
}

impl TryFrom<String> for Scope {
    type Error = OAuthError;

    fn try_from(text: String) -> Result<Self, OAuthError> {
        Self::parse(&text)
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

/// RFC 6749 §3.3: visible ASCII but `"` and `\`.
fn is_scope_token(token: &str) -> bool {
    !token.is_empty()
        && token
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_set() {
        let scope = Scope::parse("profile openid profile").expect("a scope");
        assert!(scope.contains("openid") && scope.contains("profile"));
        assert_eq!(scope.to_string(), "openid profile");
        assert_eq!(Scope::parse("openid"), Ok(Scope::openid()));
    }

    #[test]
    fn refuses_with_invalid_scope() {
        let long = format!("openid {}", "x".repeat(Scope::LIMIT));
        for text in [
            "",
            "profile",
            "openid  profile",
            " openid",
            "openid ",
            "openid a\"b",
            "openid 网",
            "OpenID",
            &long,
        ] {
            assert_eq!(
                Scope::parse(text).map_err(|error| error.code),
                Err(ErrorCode::InvalidScope),
                "{text:?}"
            );
        }
    }
}
