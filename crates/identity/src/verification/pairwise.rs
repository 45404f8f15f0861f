//! 网络身份应用标识: what a platform knows a person by (R2.3, C2).
//!
//! SM4 of (person ‖ generation) under the platform sector's key: deterministic, so there is no
//! table of bindings; invertible by the service alone; unlinkable between sectors.

use std::fmt;

use crypto::keystore::{KeyError, KeyStore, SecretName};
use serde::{Deserialize, Serialize};

use crate::id::{OpaqueId, PersonId};

/// A pairwise identifier: 26 letters and digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PairwiseId(String);

impl PairwiseId {
    /// The identifier of a person in a sector.
    pub fn of(
        person: PersonId,
        generation: u32,
        sector: &[u8],
        keys: &dyn KeyStore,
    ) -> Result<Self, KeyError> {
        let mut block = [0; 16];
        block[..12].copy_from_slice(person.as_bytes());
        block[12..].copy_from_slice(&generation.to_be_bytes());
        let sealed = keys.encrypt_block(SecretName::Sector, sector, block)?;
        Ok(Self(OpaqueId(sealed).to_string()))
    }

    /// Who it is, for the service alone (an incident at a platform, CIBA's `login_hint`). Any text
    /// of the right form opens to something: the caller looks the person up.
    pub fn open(
        text: &str,
        sector: &[u8],
        keys: &dyn KeyStore,
    ) -> Result<Option<(PersonId, u32)>, KeyError> {
        let Some(OpaqueId(sealed)) = OpaqueId::parse(text) else {
            return Ok(None);
        };
        let block = keys.decrypt_block(SecretName::Sector, sector, sealed)?;
        let mut person = [0; 12];
        let mut generation = [0; 4];
        person.copy_from_slice(&block[..12]);
        generation.copy_from_slice(&block[12..]);
        Ok(Some((
            PersonId::from_bytes(person),
            u32::from_be_bytes(generation),
        )))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PairwiseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairwiseId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Bucket;
    use crypto::keystore::MemoryKeys;
    use crypto::random::SeededRandom;

    #[test]
    fn r2_3_stable_at_one_platform_and_unlike_at_another() {
        let random = SeededRandom::new(11);
        let keys = MemoryKeys::generate(&random);
        let bucket = Bucket::new(77).unwrap();
        let person = PersonId::generate(bucket, &random);
        let at =
            |sector: &[u8], generation| PairwiseId::of(person, generation, sector, &keys).unwrap();
        assert_eq!(at(b"forum", 0), at(b"forum", 0));
        assert_ne!(at(b"forum", 0), at(b"bank", 0));
        assert_ne!(at(b"forum", 0), at(b"forum", 1));
        let opened = PairwiseId::open(at(b"forum", 3).as_str(), b"forum", &keys).unwrap();
        assert_eq!(opened, Some((person, 3)));
        let foreign = PairwiseId::open(at(b"forum", 3).as_str(), b"bank", &keys).unwrap();
        assert_ne!(foreign, Some((person, 3)));
    }

    #[test]
    fn c2_neighbours_in_one_bucket_share_no_visible_part() {
        let random = SeededRandom::new(12);
        let keys = MemoryKeys::generate(&random);
        let bucket = Bucket::new(9).unwrap();
        let ids: Vec<String> = (0..200)
            .map(|_| PersonId::generate(bucket, &random))
            .map(|person| PairwiseId::of(person, 0, b"forum", &keys).unwrap().0)
            .collect();
        for position in 0..25 {
            let distinct: std::collections::HashSet<u8> =
                ids.iter().map(|id| id.as_bytes()[position]).collect();
            assert!(
                distinct.len() > 20,
                "position {position} depends on the bucket"
            );
        }
    }
}
