use crypto::digest;
use serde_json::{Value, json};

use crate::{
    JoseError,
    base64url::{decode, encode},
    json,
};

/// `[salt, name, value]`, or of an array element `[salt, value]` (RFC 9901 §4.2), in the encoding it was made with.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    encoded: String,
    name: Option<String>,
    value: Value,
}

impl Disclosure {
    pub(super) fn new(salt: &[u8; 16], name: &str, value: Value) -> Result<Self, JoseError> {
        let array = json!([encode(salt), name, value]);
        let text = serde_json::to_vec(&array).map_err(|_| JoseError::Malformed("disclosure"))?;
        Ok(Self {
            encoded: encode(&text),
            name: Some(name.to_owned()),
            value,
        })
    }

    /// Parses one encoded disclosure.
    pub fn parse(encoded: &str) -> Result<Self, JoseError> {
        let malformed = JoseError::Malformed("disclosure");
        let Value::Array(mut array) = json::value(&decode(encoded, "disclosure")?, "disclosure")?
        else {
            return Err(malformed);
        };
        let value = array.pop();
        match (array.as_slice(), value) {
            ([Value::String(_), Value::String(name)], Some(value)) => Ok(Self {
                encoded: encoded.to_owned(),
                name: Some(name.clone()),
                value,
            }),
            ([Value::String(_)], Some(value)) => Ok(Self {
                encoded: encoded.to_owned(),
                name: None,
                value,
            }),
            _ => Err(malformed),
        }
    }

    /// The text the digest is over.
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The name of the claim; `None` for an element of an array.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// SHA-256 of the encoded text, in base64url.
    pub fn digest(&self) -> String {
        encode(&digest::sha256(&[self.encoded.as_bytes()]).0)
    }
}

/// Shows no value: it is personal data.
impl std::fmt::Debug for Disclosure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Disclosure")
    }
}
