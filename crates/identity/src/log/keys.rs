//! The keys of the log as the world knows them: names and identifiers of C2SP signed-note.
//!
//! ES256 is signature type `0x02` of the specification: the key id is the beginning of the SHA-256 of
//! the key in SPKI, the signature is in DER. SM2 has no type assigned, so it is `0xff` followed by
//! `SGD_SM3_SM2`, and the signature is r ‖ s (`docs/divergences.md`, Log).

use crypto::digest::sha256;
use crypto::keystore::{KeyStore, PublishedKey, SigningPurpose};
use crypto::{CryptoError, PublicKey, SignatureAlgorithm};
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};

use super::note::is_key_name;

mod der;

/// What follows the byte `0xff` in the key id of an SM2 key.
const SM2_TYPE: &[u8] = b"\xffSGD_SM3_SM2";

/// One key that signs heads of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// Identifier in signature lines, unique with the name of the log.
    pub note_id: [u8; 4],
    /// Identifier of the key in the key store and in the JWK (`kid`).
    pub key_id: String,
    /// ES256 or SM2.
    pub algorithm: SignatureAlgorithm,
    /// The key.
    pub key: PublicKey,
}

/// The keys of one log, past ones included: without them past heads cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKeys {
    /// Name of every key and first line of every checkpoint: `<host of the issuer>/log`.
    pub origin: String,
    /// The keys.
    pub keys: Vec<LogKey>,
}

/// The keys of a log in JSON, as `/log/keys` gives them.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Document {
    keys: Vec<DocumentKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DocumentKey {
    name: String,
    key_id: String,
    jwk: Jwk,
}

/// Why a document of keys is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogKeysError {
    /// Not the JSON it should be.
    #[error("the document of log keys is malformed")]
    Malformed,
    /// A key id is not the one its key has.
    #[error("a key id in the document of log keys is not that of its key")]
    WrongKeyId,
    /// Keys of several names, or of none.
    #[error("the document of log keys does not name one log")]
    NotOneLog,
}

impl LogKeys {
    /// The published checkpoint keys of a store. `origin` as [`origin_of`] gives it.
    pub fn of_store(origin: &str, keys: &dyn KeyStore) -> Self {
        Self::of_published(origin, &keys.published(SigningPurpose::Checkpoint))
    }

    /// Those of `published` that sign heads of the log.
    pub fn of_published(origin: &str, published: &[PublishedKey]) -> Self {
        let keys = published
            .iter()
            .filter(|key| key.purpose == SigningPurpose::Checkpoint);
        let keys = keys.filter_map(|key| LogKey::new(origin, &key.key, &key.key_id));
        Self {
            origin: origin.to_owned(),
            keys: keys.collect(),
        }
    }

    /// The key a signature line names; the name must be that of the log.
    pub fn find(&self, name: &str, note_id: [u8; 4]) -> Option<&LogKey> {
        self.keys
            .iter()
            .find(|key| name == self.origin && key.note_id == note_id)
    }

    /// `{"keys":[{"name","key_id","jwk"}]}`; `key_id` is the note key id in hexadecimal.
    pub fn to_json(&self) -> String {
        let key = |key: &LogKey| DocumentKey {
            name: self.origin.clone(),
            key_id: hexadecimal(key.note_id),
            jwk: Jwk::verifying(&key.key, &key.key_id, key.algorithm),
        };
        let document = Document {
            keys: self.keys.iter().map(key).collect(),
        };
        // Plain structs of strings always serialise.
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// Reads what [`LogKeys::to_json`] wrote; key ids are computed again.
    pub fn from_json(json: &[u8]) -> Result<Self, LogKeysError> {
        let document: Document =
            serde_json::from_slice(json).map_err(|_| LogKeysError::Malformed)?;
        let origin = document
            .keys
            .first()
            .ok_or(LogKeysError::NotOneLog)?
            .name
            .clone();
        let mut keys = Vec::with_capacity(document.keys.len());
        for DocumentKey { name, key_id, jwk } in document.keys {
            if name != origin || !is_key_name(&name) {
                return Err(LogKeysError::NotOneLog);
            }
            let public = jwk.public_key().map_err(|_| LogKeysError::Malformed)?;
            let key = LogKey::new(&origin, &public, jwk.kid.as_deref().unwrap_or(""));
            let key = key.ok_or(LogKeysError::Malformed)?;
            if hexadecimal(key.note_id) != key_id {
                return Err(LogKeysError::WrongKeyId);
            }
            keys.push(key);
        }
        Ok(Self { origin, keys })
    }
}

impl LogKey {
    /// The key under the name of a log; `None` for RSA.
    fn new(name: &str, key: &PublicKey, key_id: &str) -> Option<Self> {
        let algorithm = key.curve()?.signature_algorithm();
        let point = key.to_sec1().ok()?;
        let digest = match algorithm {
            SignatureAlgorithm::Es256 => sha256(&[der::P256_SPKI, &point]),
            _ => sha256(&[name.as_bytes(), b"\n", SM2_TYPE, &point]),
        };
        let [a, b, c, d, ..] = digest.0;
        Some(Self {
            note_id: [a, b, c, d],
            key_id: key_id.to_owned(),
            algorithm,
            key: key.clone(),
        })
    }

    /// The signature `r ‖ s` in the form a signature line has it.
    pub(super) fn note_signature(&self, fixed: &[u8]) -> Option<Vec<u8>> {
        match self.algorithm {
            SignatureAlgorithm::Es256 => der::encode(fixed.try_into().ok()?),
            _ => Some(fixed.to_vec()),
        }
    }

    /// Checks a signature in the form of a signature line.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        match self.algorithm {
            SignatureAlgorithm::Es256 => {
                let fixed = der::decode(signature).ok_or(CryptoError::InvalidSignature)?;
                self.key.verify(self.algorithm, message, &fixed)
            }
            _ => self.key.verify(self.algorithm, message, signature),
        }
    }
}

/// The name of the log of an issuer: the issuer without its scheme (of `localhost` also without its port), and `/log`.
pub fn origin_of(issuer: &str) -> String {
    let host = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let host = host.trim_end_matches('/');
    // A demo may be started again on another port; it goes on with its log.
    let host = match host.split_once(':') {
        Some(("localhost", _)) => "localhost",
        _ => host,
    };
    format!("{host}/log")
}

/// A note key id as it is written: eight hexadecimal digits.
pub fn hexadecimal(note_id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(note_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::keystore::MemoryKeys;
    use crypto::random::SeededRandom;

    #[test]
    fn the_document_is_read_back_and_a_wrong_key_id_refused() {
        let keys = LogKeys::of_store(
            "id.example/log",
            &MemoryKeys::generate(&SeededRandom::new(1)),
        );
        assert_eq!(keys.keys.len(), 4, "next and current, ES256 and SM2");
        let json = keys.to_json();
        assert_eq!(LogKeys::from_json(json.as_bytes()), Ok(keys.clone()));
        let id = hexadecimal(keys.keys[0].note_id);
        let wrong = json.replace(&id, "00000000");
        assert_eq!(
            LogKeys::from_json(wrong.as_bytes()),
            Err(LogKeysError::WrongKeyId)
        );
        let renamed = json.replacen("id.example/log", "other.example/log", 1);
        assert_eq!(
            LogKeys::from_json(renamed.as_bytes()),
            Err(LogKeysError::NotOneLog)
        );
        assert_eq!(
            LogKeys::from_json(b"{\"keys\":[]}"),
            Err(LogKeysError::NotOneLog)
        );
    }

    #[test]
    fn the_origin_is_the_issuer_without_scheme() {
        assert_eq!(origin_of("http://localhost:8080"), "localhost/log");
        assert_eq!(origin_of("https://id.example/"), "id.example/log");
    }
}
