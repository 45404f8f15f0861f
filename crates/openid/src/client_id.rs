//! The name of a client.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A `client_id` (RFC 6749 §2.2): 1 to [`ClientId::LIMIT`] visible ASCII characters, compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

impl ClientId {
    /// Longest accepted, in bytes.
    pub const LIMIT: usize = 256;

    /// The text as a client id, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        (visible && (1..=Self::LIMIT).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ClientId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("not a client_id")
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_visible_ascii_within_the_limit() {
        assert!(ClientId::new("a").is_some());
        assert!(ClientId::new(&"c".repeat(ClientId::LIMIT)).is_some());
        assert_eq!(
            ClientId::new("forum:1").map(String::from).as_deref(),
            Some("forum:1")
        );
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "two words",
            "网证",
            "a\n",
            &"c".repeat(ClientId::LIMIT + 1),
        ] {
            assert_eq!(ClientId::new(text), None, "{text:?}");
        }
    }
}
