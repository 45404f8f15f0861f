//! The keys an evidence package is verified with, and the fingerprint by which people compare them.

use crypto::digest::sm3;
use crypto::keystore::{KeyState, KeyStore, PublishedKey, SigningPurpose};
use jose::jwk::{Jwk, JwkSet};
use serde::{Deserialize, Serialize};

use crate::log::keys::{LogKeys, origin_of};

/// The part of the document `/.well-known/wangzheng-keys` that evidence needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyDocument {
    keys: Vec<DocumentKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DocumentKey {
    purpose: String,
    algorithm: String,
    key_id: String,
    jwk: Jwk,
}

const RECEIPT: &str = "receipt";
const CHECKPOINT: &str = "checkpoint";

impl KeyDocument {
    /// The receipt and checkpoint keys of a store.
    pub fn of_store(keys: &dyn KeyStore) -> Self {
        let of = |purpose, name: &'static str| {
            keys.published(purpose)
                .into_iter()
                .map(move |key| DocumentKey {
                    purpose: name.to_owned(),
                    algorithm: jose::algorithm_name(key.algorithm).to_owned(),
                    jwk: Jwk::verifying(&key.key, &key.key_id, key.algorithm),
                    key_id: key.key_id,
                })
        };
        Self {
            keys: of(SigningPurpose::Receipt, RECEIPT)
                .chain(of(SigningPurpose::Checkpoint, CHECKPOINT))
                .collect(),
        }
    }

    /// Reads a document; keys of other purposes are left out.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut document: Self = serde_json::from_slice(bytes).ok()?;
        document
            .keys
            .retain(|key| key.purpose == RECEIPT || key.purpose == CHECKPOINT);
        let whole = document.keys.iter().all(|key| key.jwk.public_key().is_ok());
        (whole && !document.keys.is_empty()).then_some(document)
    }

    /// The text that goes into a package.
    pub fn to_text(&self) -> String {
        // Plain structs of strings always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// SM3 over the public keys, in groups of four: short enough to read out. The order of the keys does not matter.
    pub fn fingerprint(&self) -> String {
        let mut points: Vec<Vec<u8>> = self
            .keys
            .iter()
            .filter_map(|key| key.jwk.public_key().ok()?.to_sec1().ok())
            .map(|point| point.to_vec())
            .collect();
        points.sort();
        points.dedup();
        let text = sm3(&[b"wangzheng-evidence-keys", &points.concat()]).to_hex();
        let groups: Vec<&str> = text
            .as_bytes()
            .chunks(8)
            .filter_map(|group| std::str::from_utf8(group).ok())
            .collect();
        groups.join("-")
    }

    /// The keys that sign receipts, manifests and reports.
    pub fn receipt(&self) -> JwkSet {
        let keys = self.keys.iter().filter(|key| key.purpose == RECEIPT);
        JwkSet {
            keys: keys.map(|key| key.jwk.clone()).collect(),
        }
    }

    /// The keys that sign heads of the log of `issuer`.
    pub fn log(&self, issuer: &str) -> LogKeys {
        let keys = self.keys.iter().filter(|key| key.purpose == CHECKPOINT);
        let published: Vec<PublishedKey> = keys
            .filter_map(|key| {
                let public = key.jwk.public_key().ok()?;
                Some(PublishedKey {
                    key_id: key.key_id.clone(),
                    algorithm: public.curve()?.signature_algorithm(),
                    key: public,
                    purpose: SigningPurpose::Checkpoint,
                    state: KeyState::Current,
                })
            })
            .collect();
        LogKeys::of_published(&origin_of(issuer), &published)
    }
}
