//! What the service keeps of a person, sealed under the person's own data key (design §4).

use crypto::aead::{AeadAlgorithm, AeadKey};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};
use time::Date;
use zeroize::Zeroizing;

use crate::document::DocumentKind;
use crate::proofing::ProofingLevel;

/// Sealed under the data key with associated data naming table, column and row. Nothing else of a
/// person is kept in any readable form: canonical number and holder name only to ask the registry
/// again (R15.2), birth date for the age rules, the 网号 for the person.
#[derive(Serialize, Deserialize)]
pub struct PersonRecord {
    /// Kind of the document.
    pub document_kind: DocumentKind,
    /// Its canonical number.
    pub document_number: String,
    /// Its holder.
    pub holder_name: String,
    /// Date of birth as the registry says.
    pub birth_date: Date,
    /// Validity of the document.
    pub document_valid_until: Option<Date>,
    /// How well the person was proofed at application.
    pub proofing: ProofingLevel,
    /// The 网号.
    pub wanghao: String,
}

/// A person's data key in the clear, for as long as one operation lasts.
pub struct DataKey(Zeroizing<Vec<u8>>);

/// A sealed value did not open: damaged, moved to another place, or of another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value of a person does not open")]
pub struct SealBroken;

impl DataKey {
    /// A new one: 16 random bytes for SM4.
    pub fn generate(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random::array::<16>(random).to_vec()))
    }

    /// From its bytes.
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes, to be wrapped.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Seals with SM4-GCM; `place` names table, column and row.
    pub fn seal(
        &self,
        place: &[&[u8]],
        plaintext: &[u8],
        random: &dyn Random,
    ) -> Result<Vec<u8>, SealBroken> {
        let nonce: [u8; 12] = random::array(random);
        let key = AeadKey::new(AeadAlgorithm::Sm4Gcm, &self.0).map_err(|_| SealBroken)?;
        let mut sealed = nonce.to_vec();
        sealed.extend(key.seal(nonce, &framed(place), plaintext));
        Ok(sealed)
    }

    /// Opens what [`DataKey::seal`] made at the same place.
    pub fn open(&self, place: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<12>().ok_or(SealBroken)?;
        AeadKey::new(AeadAlgorithm::Sm4Gcm, &self.0)
            .and_then(|key| key.open(*nonce, &framed(place), ciphertext))
            .map(Zeroizing::new)
            .map_err(|_| SealBroken)
    }
}

/// Parts with their lengths in front: no two lists of parts read the same.
fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    #[test]
    fn a_sealed_value_opens_at_its_own_place_only() {
        let random = SeededRandom::new(4);
        let key = DataKey::generate(&random);
        let sealed = key
            .seal(&[b"person", b"record", b"row"], b"text", &random)
            .unwrap();
        assert_eq!(
            key.open(&[b"person", b"record", b"row"], &sealed)
                .unwrap()
                .as_slice(),
            b"text"
        );
        assert!(key.open(&[b"person", b"recordr", b"ow"], &sealed).is_err());
        assert!(
            DataKey::generate(&random)
                .open(&[b"person", b"record", b"row"], &sealed)
                .is_err()
        );
    }
}
