//! The key file: one JSON document, readable without the passphrase except for the keys.
//!
//! passphrase → argon2id → key-encryption key → root key → each secret and signing key, every arrow SM4-GCM with the
//! entry's name, place and state as associated data, so that no entry can be changed, moved or renamed.

mod entry;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    KeyError,
    kdf::KdfParameters,
    ring::{KeyRing, SECRETS, Secret},
    signing::SigningKeys,
};
use crate::{
    aead::{AeadAlgorithm, AeadKey},
    random::Random,
};
use entry::{Bytes, Sealing, SecretEntry, SigningEntry, aad, open};

const FORMAT: &str = "wangzheng-keys-1";

/// The file as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    format: String,
    pub(super) kdf: KdfParameters,
    pub(super) salt: Bytes,
    root: Bytes,
    secrets: Vec<SecretEntry>,
    signing_keys: Vec<SigningEntry>,
}

/// The root key of a file.
pub(super) type RootKey = Zeroizing<[u8; 16]>;

/// What opens the root.
pub(super) struct Lock {
    pub(super) kdf: KdfParameters,
    pub(super) salt: [u8; 16],
    pub(super) key: Zeroizing<[u8; 16]>,
}

impl KeyFile {
    pub(super) fn write(
        lock: &Lock,
        root: &RootKey,
        ring: &KeyRing,
        random: &dyn Random,
    ) -> Result<Self, KeyError> {
        let sealing = Sealing {
            key: AeadKey::new(AeadAlgorithm::Sm4Gcm, root.as_ref())?,
            random,
        };
        let outer = Sealing {
            key: AeadKey::new(AeadAlgorithm::Sm4Gcm, lock.key.as_ref())?,
            random,
        };
        let mut secrets = Vec::new();
        for (name, secret) in SECRETS.into_iter().zip(&ring.secrets) {
            secrets.push(SecretEntry::write(name, secret, &sealing));
        }
        let mut signing_keys = Vec::new();
        for key in &ring.signing().0 {
            signing_keys.push(SigningEntry::write(key, &sealing)?);
        }
        Ok(Self {
            format: FORMAT.to_owned(),
            kdf: lock.kdf,
            salt: Bytes(lock.salt.to_vec()),
            root: outer.seal(&aad(&["root"]), root.as_ref()),
            secrets,
            signing_keys,
        })
    }

    pub(super) fn parse(text: &[u8]) -> Result<Self, KeyError> {
        let file: Self = serde_json::from_slice(text).map_err(|_| KeyError::Damaged("its form"))?;
        if file.format != FORMAT {
            return Err(KeyError::Damaged("its format"));
        }
        Ok(file)
    }

    pub(super) fn to_text(&self) -> Result<Vec<u8>, KeyError> {
        serde_json::to_vec_pretty(self).map_err(|_| KeyError::Damaged("its form"))
    }

    pub(super) fn open(&self, passphrase: &[u8]) -> Result<(Lock, RootKey, KeyRing), KeyError> {
        let salt: [u8; 16] = self
            .salt
            .0
            .as_slice()
            .try_into()
            .map_err(|_| KeyError::Damaged("salt"))?;
        let lock = Lock {
            kdf: self.kdf,
            salt,
            key: self.kdf.key(passphrase, &salt)?,
        };
        let outer = AeadKey::new(AeadAlgorithm::Sm4Gcm, lock.key.as_ref())?;
        let root = open(&outer, &aad(&["root"]), &self.root).ok_or(KeyError::WrongPassphrase)?;
        let root: RootKey = Zeroizing::new(
            root.as_slice()
                .try_into()
                .map_err(|_| KeyError::Damaged("root"))?,
        );
        let key = AeadKey::new(AeadAlgorithm::Sm4Gcm, root.as_ref())?;
        if self.secrets.len() != SECRETS.len() {
            return Err(KeyError::Damaged("secrets"));
        }
        let mut secrets: [Secret; SECRETS.len()] = Default::default();
        for ((name, entry), secret) in SECRETS.into_iter().zip(&self.secrets).zip(&mut secrets) {
            *secret = entry.read(name, &key)?;
        }
        let mut signing = Vec::new();
        for entry in &self.signing_keys {
            signing.push(entry.read(&key)?);
        }
        let signing = SigningKeys::sorted(signing);
        signing.check_whole()?;
        Ok((lock, root, KeyRing::new(secrets, signing)))
    }
}
