//! JSON from strangers: an object, and each member once at every depth.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};

/// A JSON object without repeated members.
///
/// Two readers of `{"a":1,"a":2}` may see different things (RFC 8259 §4); here nobody does. Arrays are no objects:
/// serde alone would read a struct from one. Depth is bounded by `serde_json` (128).
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// The object as a typed value.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(Value::Object(self.0))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Unique::deserialize(deserializer)?.0 {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(D::Error::custom("not an object")),
        }
    }
}

/// Reads a member that, when present, is never `null`; use with `#[serde(default)]`.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Any JSON value without repeated members at any depth.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without repeated members")
    }

    fn visit_unit<E: Error>(self) -> Result<Unique, E> {
        Ok(Unique(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Unique, E> {
        Ok(Unique(Value::Bool(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Unique, E> {
        Ok(Unique(Value::Number(value.into())))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Unique, E> {
        Ok(Unique(Value::Number(value.into())))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Unique, E> {
        Number::from_f64(value)
            .map(|number| Unique(Value::Number(number)))
            .ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Unique, E> {
        Ok(Unique(Value::String(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Unique, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = elements.next_element()? {
            values.push(value);
        }
        Ok(Unique(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        let mut map = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, Unique>()? {
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        Ok(Unique(Value::Object(map)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_object(text: &str) -> bool {
        serde_json::from_str::<Object>(text).is_ok()
    }

    #[test]
    fn accepts_plain_objects() {
        assert!(is_object(r#"{"a":1,"b":[null,true,-1,1.5,"x",{"a":{}}]}"#));
    }

    #[test]
    fn refuses_repeats_at_every_depth() {
        assert!(!is_object(r#"{"a":1,"a":1}"#));
        assert!(!is_object(r#"{"a":1,"\u0061":1}"#));
        assert!(!is_object(r#"{"b":[{"a":1,"a":2}]}"#));
    }

    #[test]
    fn refuses_what_is_no_object() {
        for text in ["[]", "null", "1", "\"a\"", "", "{", "{} {}"] {
            assert!(!is_object(text), "{text}");
        }
    }

    #[test]
    fn refuses_bottomless_nesting() {
        assert!(!is_object(&format!("{{\"a\":{}", "[".repeat(100_000))));
    }
}
