use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Disclosure, HASH_NAME};
use crate::JoseError;

/// Puts the disclosures where their digests are and removes all digests (RFC 9901 §7.1 step 3).
pub(super) fn reveal(
    mut claims: Map<String, Value>,
    disclosures: &[Disclosure],
) -> Result<Map<String, Value>, JoseError> {
    match claims.remove("_sd_alg") {
        None => {}
        Some(Value::String(name)) if name == HASH_NAME => {}
        Some(_) => return Err(JoseError::UnsupportedAlgorithm),
    }
    let by_digest: HashMap<String, &Disclosure> = disclosures
        .iter()
        .map(|disclosure| (disclosure.digest(), disclosure))
        .collect();
    if by_digest.len() != disclosures.len() {
        return Err(JoseError::Disclosures);
    }
    let mut revealing = Revealing {
        by_digest,
        seen: HashSet::new(),
        used: 0,
        depth: 0,
    };
    let claims = revealing.object(claims)?;
    // Step 5: each disclosure was referenced.
    if revealing.used == disclosures.len() {
        Ok(claims)
    } else {
        Err(JoseError::Disclosures)
    }
}

/// Deepest nesting of claims.
const MOST_DEPTH: usize = 128;

struct Revealing<'a> {
    by_digest: HashMap<String, &'a Disclosure>,
    seen: HashSet<String>,
    used: usize,
    depth: usize,
}

impl<'a> Revealing<'a> {
    fn object(&mut self, mut object: Map<String, Value>) -> Result<Map<String, Value>, JoseError> {
        let digests = match object.remove("_sd") {
            None => Vec::new(),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(JoseError::Disclosures),
        };
        let mut revealed = Map::new();
        for (name, value) in object {
            // Digests of elements stand in arrays alone.
            if name == "..." {
                return Err(JoseError::Disclosures);
            }
            revealed.insert(name, self.value(value)?);
        }
        for digest in digests {
            let Value::String(digest) = digest else {
                return Err(JoseError::Disclosures);
            };
            let Some(disclosure) = self.take(digest)? else {
                continue;
            };
            let name = disclosure.name().ok_or(JoseError::Disclosures)?;
            // Steps 3.c.ii.2 and 3: a name that is reserved, or there already, is refused.
            if name == "_sd" || name == "..." || revealed.contains_key(name) {
                return Err(JoseError::Disclosures);
            }
            let value = self.value(disclosure.value().clone())?;
            revealed.insert(name.to_owned(), value);
        }
        Ok(revealed)
    }

    fn array(&mut self, array: Vec<Value>) -> Result<Vec<Value>, JoseError> {
        let mut revealed = Vec::new();
        for element in array {
            match element_digest(&element)? {
                None => revealed.push(self.value(element)?),
                Some(digest) => {
                    let Some(disclosure) = self.take(digest)? else {
                        continue;
                    };
                    if disclosure.name().is_some() {
                        return Err(JoseError::Disclosures);
                    }
                    let value = self.value(disclosure.value().clone())?;
                    revealed.push(value);
                }
            }
        }
        Ok(revealed)
    }

    fn value(&mut self, value: Value) -> Result<Value, JoseError> {
        // Parsed JSON is bounded in depth, but disclosures may hang on disclosures.
        if self.depth >= MOST_DEPTH {
            return Err(JoseError::Disclosures);
        }
        self.depth += 1;
        let value = match value {
            Value::Object(object) => Value::Object(self.object(object)?),
            Value::Array(array) => Value::Array(self.array(array)?),
            plain => plain,
        };
        self.depth -= 1;
        Ok(value)
    }

    /// The disclosure of a digest, if it was shown. Step 4: a digest that occurs twice is refused.
    fn take(&mut self, digest: String) -> Result<Option<&'a Disclosure>, JoseError> {
        let disclosure = self.by_digest.get(&digest).copied();
        self.used += usize::from(disclosure.is_some());
        if self.seen.insert(digest) {
            Ok(disclosure)
        } else {
            Err(JoseError::Disclosures)
        }
    }
}

/// The digest of `{"...": digest}`.
fn element_digest(element: &Value) -> Result<Option<String>, JoseError> {
    match element
        .as_object()
        .and_then(|object| Some((object.len(), object.get("...")?)))
    {
        None => Ok(None),
        Some((1, Value::String(digest))) => Ok(Some(digest.clone())),
        Some(_) => Err(JoseError::Disclosures),
    }
}
