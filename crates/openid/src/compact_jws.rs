//! A signed token by its outline; `jose` reads what is in it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Form;

/// A text of three base64url parts joined by dots (RFC 7515 §7.1), not verified, not even decoded.
///
/// It may be a credential, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompactJws(String);

impl CompactJws {
    /// Longest accepted, in bytes. An ID token with disclosed attributes, a JWE, is the longest there is.
    pub const LIMIT: usize = Form::WHOLE_LIMIT;

    /// The text as a compact JWS, or nothing. An unsigned token has an empty third part and is refused.
    pub fn new(text: &str) -> Option<Self> {
        let base64url = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let three = text.split('.').count() == 3 && text.split('.').all(base64url);
        (three && text.len() <= Self::LIMIT).then(|| Self(text.to_owned()))
    }

    /// The text, for `jose` to verify.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CompactJws {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("not a compact JWS")
    }
}

impl From<CompactJws> for String {
    fn from(jws: CompactJws) -> Self {
        jws.0
    }
}

impl fmt::Debug for CompactJws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CompactJws(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_three_parts_of_base64url() {
        assert_eq!(
            CompactJws::new("e30.e3-_0.A")
                .as_ref()
                .map(CompactJws::as_str),
            Some("e30.e3-_0.A")
        );
        let long = format!("a.b.{}", "c".repeat(CompactJws::LIMIT));
        for text in [
            "", "a", "a.b", "a.b.", ".b.c", "a..c", "a.b.c.d", "a.b.c=", "a.b.c d", "a.b.网", &long,
        ] {
            assert_eq!(CompactJws::new(text), None, "{text:.40}");
        }
    }
}
