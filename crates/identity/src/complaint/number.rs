//! What a complaint is found by: a number to say on the telephone, and a secret that is nobody else's.

use std::fmt;

use base32ct::{Base32UpperUnpadded, Encoding};
use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore, SecretName};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

/// `TS-XXXX-XXXX` (投诉): 40 random bits, unique by the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComplaintNumber([u8; 5]);

/// `XXXX-XXXX-XXXX-XXXX`: 80 random bits, shown once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ComplaintSecret([u8; 10]);

impl ComplaintNumber {
    /// A new number.
    pub fn generate(random: &dyn Random) -> Self {
        Self(random::array(random))
    }

    /// Reads what a person typed: any case, with or without dashes and prefix.
    pub fn parse(text: &str) -> Option<Self> {
        let typed = letters(text);
        let bare = typed.strip_prefix("TS").filter(|rest| rest.len() == 8);
        decode(bare.unwrap_or(&typed)).map(Self)
    }

    /// The digest a complaint is kept under: nobody finds a number in the rows without the tag key.
    pub fn digest(self, keys: &dyn KeyStore) -> Result<Digest, KeyError> {
        keys.mac(SecretName::Tag, &[b"complaint", &self.0])
    }

    /// The digest that proves the secret.
    pub fn proof(self, secret: &ComplaintSecret, keys: &dyn KeyStore) -> Result<Digest, KeyError> {
        keys.mac(SecretName::Tag, &[b"complaint-proof", &self.0, &secret.0])
    }

    /// The key of the answer: only number and secret lead to it, and only here.
    pub(super) fn answer_key(
        self,
        secret: &ComplaintSecret,
        keys: &dyn KeyStore,
    ) -> Result<Digest, KeyError> {
        keys.mac(SecretName::Tag, &[b"complaint-answer", &self.0, &secret.0])
    }
}

impl ComplaintSecret {
    /// A new secret.
    pub fn generate(random: &dyn Random) -> Self {
        Self(random::array(random))
    }

    /// Reads what a person typed.
    pub fn parse(text: &str) -> Option<Self> {
        decode(&letters(text)).map(Self)
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn decode<const N: usize>(letters: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let decoded = Base32UpperUnpadded::decode(letters, &mut bytes).ok()?;
    (decoded.len() == N).then_some(bytes)
}

fn grouped(text: &str) -> String {
    let groups: Vec<&str> = text
        .as_bytes()
        .chunks(4)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join("-")
}

impl fmt::Display for ComplaintNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TS-{}",
            grouped(&Base32UpperUnpadded::encode_string(&self.0))
        )
    }
}

impl fmt::Display for ComplaintSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(&Base32UpperUnpadded::encode_string(&self.0)))
    }
}

impl fmt::Debug for ComplaintSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ComplaintSecret(…)")
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not of this form"))
            }
        }
    };
}

as_text!(ComplaintNumber);
as_text!(ComplaintSecret);

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    #[test]
    fn what_is_printed_is_read_back_as_people_type_it() {
        let random = SeededRandom::new(5);
        for _ in 0..50 {
            let number = ComplaintNumber::generate(&random);
            let text = number.to_string();
            assert_eq!(text.len(), 12, "{text}");
            for typed in [text.clone(), text.to_lowercase(), text.replace('-', " ")] {
                assert_eq!(ComplaintNumber::parse(&typed), Some(number), "{typed}");
            }
            assert_eq!(ComplaintNumber::parse(&text[3..]), Some(number));
            let secret = ComplaintSecret::generate(&random);
            assert_eq!(ComplaintSecret::parse(&secret.to_string()), Some(secret));
        }
        for wrong in ["", "TS-", "TS-0000-0001", "TS-AAAA-AAAAA", "AAAA"] {
            assert_eq!(ComplaintNumber::parse(wrong), None, "{wrong}");
            assert_eq!(ComplaintSecret::parse(wrong), None, "{wrong}");
        }
    }
}
