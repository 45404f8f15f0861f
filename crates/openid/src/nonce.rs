//! `nonce`: what the client gives and finds in its ID token.

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, Form, OAuthError};

/// `nonce` (OIDC Core §3.1.2.1): 1 to [`Nonce::LIMIT`] bytes without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nonce(String);

impl Nonce {
    /// Longest accepted, in bytes.
    pub const LIMIT: usize = 512;

    /// The text as a nonce, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let plain = !text.chars().any(char::is_control);
        (plain && (1..=Self::LIMIT).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text, to be given back exactly.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn from_form(form: &Form) -> Result<Option<Self>, OAuthError> {
        let refused = ErrorCode::InvalidRequest.because("nonce is too long or malformed");
        form.text("nonce")
            .map(|text| Self::new(text).ok_or(refused))
            .transpose()
    }
}

impl TryFrom<String> for Nonce {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("not a nonce")
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> Self {
        nonce.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_plain_text_within_the_limit() {
        let longest = "n".repeat(Nonce::LIMIT);
        for text in ["a", "网证", &longest] {
            assert_eq!(Nonce::new(text).as_ref().map(Nonce::as_str), Some(text));
        }
        for text in ["", "a\u{85}", "a\0", &format!("{longest}n")] {
            assert_eq!(Nonce::new(text), None, "{text:?}");
        }
    }
}
