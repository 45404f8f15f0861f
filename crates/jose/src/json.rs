//! JSON from strangers: no member twice, at any depth; two readers then cannot see different things (RFC 8259 §4).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::JoseError;

const DUPLICATE: &str = "duplicate member";

/// A JSON object as a type; a member that occurs twice at any depth is refused (RFC 7515 §4, RFC 7519 §4).
pub fn object<T: DeserializeOwned>(text: &[u8], what: &'static str) -> Result<T, JoseError> {
    match value(text, what)? {
        object @ Value::Object(_) => {
            serde_json::from_value(object).map_err(|_| JoseError::Malformed(what))
        }
        _ => Err(JoseError::Malformed(what)),
    }
}

/// Any JSON value, without duplicate members at any depth.
pub fn value(text: &[u8], what: &'static str) -> Result<Value, JoseError> {
    serde_json::from_slice::<Unique>(text)
        .map(|unique| unique.0)
        .map_err(|error| {
            if error.is_data() && error.to_string().starts_with(DUPLICATE) {
                JoseError::DuplicateMember
            } else {
                JoseError::Malformed(what)
            }
        })
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, Unique>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_found_at_every_depth() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"\u0062":2}]}"#,
        ] {
            let refused = object::<Value>(text.as_bytes(), "x");
            assert!(matches!(refused, Err(JoseError::DuplicateMember)), "{text}");
        }
        assert!(object::<Value>(br#"{"a":{"a":[{"a":null}]}}"#, "x").is_ok());
    }

    #[test]
    fn only_objects_and_nothing_behind_them() {
        for text in [
            "[]",
            "1",
            "null",
            "{}x",
            "{} {}",
            "",
            "{\"a\":1,}",
            "\u{feff}{}",
        ] {
            assert!(
                matches!(
                    object::<Value>(text.as_bytes(), "x"),
                    Err(JoseError::Malformed("x"))
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(object::<Value>(deep.as_bytes(), "x").is_err());
    }
}
