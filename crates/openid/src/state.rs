//! `state`: what the client gives and gets back unchanged.

use crate::{ErrorCode, Form, OAuthError};

/// `state` (RFC 6749 §4.1.1, Appendix A.5): 1 to [`State::LIMIT`] printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(String);

impl State {
    /// Longest accepted, in bytes.
    pub const LIMIT: usize = 1024;

    /// The text as a state, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        (printable && (1..=Self::LIMIT).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text, to be given back exactly.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn from_form(form: &Form) -> Result<Option<Self>, OAuthError> {
        let refused = ErrorCode::InvalidRequest.because("state is too long or malformed");
        form.text("state")
            .map(|text| Self::new(text).ok_or(refused))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_printable_ascii_within_the_limit() {
        let longest = "s".repeat(State::LIMIT);
        for text in ["a", " ~\"\\", &longest] {
            assert_eq!(State::new(text).as_ref().map(State::as_str), Some(text));
        }
        for text in ["", "网", "a\n", "\u{7f}", &format!("{longest}s")] {
            assert_eq!(State::new(text), None, "{text:?}");
        }
    }
}
