//! `application/x-www-form-urlencoded`, as OAuth wants it: strict.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use thiserror::Error;

use crate::{ErrorCode, OAuthError};

/// The parameters of one request, each at most once (RFC 6749 §3.1, §3.2).
///
/// Values may be secrets, so `Debug` shows only how many there are.
#[derive(Clone, PartialEq, Eq)]
pub struct Form {
    fields: BTreeMap<String, String>,
}

impl Form {
    /// Longest accepted body or query, in bytes as sent.
    pub const WHOLE_LIMIT: usize = 16 * 1024;
    /// Longest accepted parameter name, in bytes after decoding.
    pub const NAME_LIMIT: usize = 64;
    /// Longest accepted parameter value, in bytes after decoding.
    pub const VALUE_LIMIT: usize = 8 * 1024;

    /// Reads a request body.
    ///
    /// A repeated name is refused even when one of the values is empty. Names nobody knows are kept and do no harm.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        if body.len() > Self::WHOLE_LIMIT {
            return Err(FormError::TooLarge);
        }
        let mut fields = BTreeMap::new();
        for pair in body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => {
                    let (name, rest) = pair.split_at(at);
                    (name, rest.get(1..).unwrap_or_default())
                }
                None => (pair, &[][..]),
            };
            let name = decode(name)?;
            let value = decode(value)?;
            if name.is_empty() {
                return Err(FormError::Nameless);
            }
            if name.len() > Self::NAME_LIMIT {
                return Err(FormError::NameTooLong);
            }
            if value.len() > Self::VALUE_LIMIT {
                return Err(FormError::ValueTooLong);
            }
            // RFC 6749 §3.1: parameters MUST NOT be included more than once.
            if fields.insert(name, value).is_some() {
                return Err(FormError::Duplicate);
            }
        }
        Ok(Self { fields })
    }

    /// Reads the query of a request target; no query is an empty form.
    pub fn from_query(query: Option<&str>) -> Result<Self, FormError> {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    /// Prints parameters the way [`Form::parse`] reads them (RFC 6749 Appendix B).
    ///
    /// A space becomes `%20`, which form decoders and plain percent decoders both read back.
    pub fn encode<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut text = String::new();
        for (name, value) in fields {
            if !text.is_empty() {
                text.push('&');
            }
            encode_into(&mut text, name);
            text.push('=');
            encode_into(&mut text, value);
        }
        text
    }

    /// The value of a parameter. Sent without a value is not sent (RFC 6749 §3.1).
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether a parameter was sent with a value.
    pub fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Form")
            .field("fields", &self.fields.len())
            .finish()
    }
}

/// Why a body or query is not a form. Says which rule broke, never what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormError {
    /// More than [`Form::WHOLE_LIMIT`] bytes.
    #[error("the form is too large")]
    TooLarge,
    /// A name of more than [`Form::NAME_LIMIT`] bytes.
    #[error("a parameter name is too long")]
    NameTooLong,
    /// A value of more than [`Form::VALUE_LIMIT`] bytes.
    #[error("a parameter value is too long")]
    ValueTooLong,
    /// The same name twice.
    #[error("a parameter is repeated")]
    Duplicate,
    /// `=value`.
    #[error("a parameter has no name")]
    Nameless,
    /// `%` without two hexadecimal digits.
    #[error("a percent escape is malformed")]
    Escape,
    /// The decoded bytes are no UTF-8.
    #[error("a parameter is not UTF-8")]
    NotUtf8,
    /// A control character, C0, DEL or C1.
    #[error("a parameter holds a control character")]
    ControlCharacter,
}

impl From<FormError> for OAuthError {
    fn from(error: FormError) -> Self {
        ErrorCode::InvalidRequest.because(match error {
            FormError::TooLarge => "the request is too large",
            FormError::NameTooLong => "a parameter name is too long",
            FormError::ValueTooLong => "a parameter value is too long",
            FormError::Duplicate => "a parameter is repeated",
            FormError::Nameless => "a parameter has no name",
            FormError::Escape => "a percent escape is malformed",
            FormError::NotUtf8 => "a parameter is not UTF-8",
            FormError::ControlCharacter => "a parameter holds a control character",
        })
    }
}

/// Decodes one name or value: `+` is a space, `%XX` a byte.
pub(crate) fn decode(text: &[u8]) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match (
                rest.next().copied().and_then(hexadecimal),
                rest.next().copied().and_then(hexadecimal),
            ) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(FormError::Escape),
            },
            other => *other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| FormError::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(FormError::ControlCharacter);
    }
    Ok(text)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

fn encode_into(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap_or_default(); // writing to a String cannot fail
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str) -> Form {
        Form::parse(body.as_bytes()).expect("a valid form")
    }

    #[test]
    fn reads_names_and_values() {
        let form = form("a=1&b=two+words&c=%E7%BD%91%E8%AF%81&&d=x=y");
        assert_eq!(form.text("a"), Some("1"));
        assert_eq!(form.text("b"), Some("two words"));
        assert_eq!(form.text("c"), Some("网证"));
        assert_eq!(form.text("d"), Some("x=y"));
        assert_eq!(form.text("e"), None);
    }

    #[test]
    fn an_empty_value_is_an_omitted_parameter() {
        let form = form("scope=&state");
        assert!(!form.has("scope"));
        assert!(!form.has("state"));
    }

    #[test]
    fn no_query_is_an_empty_form() {
        assert_eq!(Form::from_query(None), Form::parse(b""));
        assert!(Form::from_query(Some("a=1")).is_ok_and(|form| form.has("a")));
    }

    #[test]
    fn refuses_what_is_not_strict() {
        for (body, error) in [
            (&b"a=1&a=1"[..], FormError::Duplicate),
            (b"a=&a=1", FormError::Duplicate),
            (b"a=1&%61=2", FormError::Duplicate),
            (b"=1", FormError::Nameless),
            (b"a=%", FormError::Escape),
            (b"a=%4", FormError::Escape),
            (b"a=%zz", FormError::Escape),
            (b"a=%+1", FormError::Escape),
            (b"a=%FF", FormError::NotUtf8),
            (b"a=\xC0\xAF", FormError::NotUtf8),
            (b"a=%00", FormError::ControlCharacter),
            (b"a=1%0d%0aSet-Cookie:", FormError::ControlCharacter),
            (b"a\x7F=1", FormError::ControlCharacter),
            (b"a=%C2%85", FormError::ControlCharacter),
        ] {
            assert_eq!(
                Form::parse(body),
                Err(error),
                "{}",
                String::from_utf8_lossy(body)
            );
        }
    }

    #[test]
    fn limits_hold_to_the_byte() {
        let value = |length| Form::parse(format!("a={}", "x".repeat(length)).as_bytes());
        assert!(value(Form::VALUE_LIMIT).is_ok());
        assert_eq!(value(Form::VALUE_LIMIT + 1), Err(FormError::ValueTooLong));

        let name = |length| Form::parse(format!("{}=1", "n".repeat(length)).as_bytes());
        assert!(name(Form::NAME_LIMIT).is_ok());
        assert_eq!(name(Form::NAME_LIMIT + 1), Err(FormError::NameTooLong));

        assert!(Form::parse(&vec![b'&'; Form::WHOLE_LIMIT]).is_ok());
        assert_eq!(
            Form::parse(&vec![b'&'; Form::WHOLE_LIMIT + 1]),
            Err(FormError::TooLarge)
        );
    }

    #[test]
    fn prints_what_every_decoder_reads() {
        assert_eq!(
            Form::encode([("state", "a b&c=d+%"), ("网", "~")]),
            "state=a%20b%26c%3Dd%2B%25&%E7%BD%91=~"
        );
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(
            format!("{:?}", form("client_secret=hunter2")),
            "Form { fields: 1 }"
        );
    }
}
