//! The keys of back-ups: one a day, each destroyed when it is seven days old (R9.5).

use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::keystore::KeyStore;
use crypto::random::SystemRandom;
use identity::clock::Timestamp;
use identity::person::record::DataKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{BackupError, refused, unable};

/// How long a key lives. The receipt of erasure names the day by `policy.backup_days`, which is never less.
const LIFE: i64 = 7 * 86_400;

/// The folder of the keys.
#[derive(Debug, Clone)]
pub(crate) struct Window(PathBuf);

/// A key that still lives.
pub(crate) struct BackupKey {
    /// Its name: the day it was made.
    pub(crate) name: String,
    /// Destroyed then.
    pub(crate) until: Timestamp,
    pub(super) key: DataKey,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    made_at: Timestamp,
    wrapped: String,
}

impl BackupKey {
    /// Opens the data keys.
    pub(super) fn seal_opened(&self, place: &[&[u8]], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.key.open(place, sealed).ok()
    }
}

impl Window {
    /// At a folder, which need not exist yet.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Destroys the keys whose time is over; how many. Overwritten before the name goes.
    pub(crate) fn close(&self, now: Timestamp) -> std::io::Result<u32> {
        let mut destroyed = 0;
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let stored = fs::read(&path).ok().and_then(|bytes| read(&bytes));
            if stored.is_some_and(|stored| over(&stored, now)) {
                let length = usize::try_from(fs::metadata(&path)?.len()).unwrap_or(0);
                fs::write(&path, vec![0; length])?;
                fs::File::open(&path)?.sync_all()?;
                fs::remove_file(&path)?;
                destroyed += 1;
            }
        }
        Ok(destroyed)
    }

    /// The key back-ups of today are under, made when there is none.
    pub(super) fn key_of_the_day(
        &self,
        keys: &dyn KeyStore,
        now: Timestamp,
    ) -> Result<BackupKey, BackupError> {
        self.close(now).map_err(unable)?;
        let name = now.day().to_string();
        if self.path(&name).exists() {
            return self.key(&name, keys, now);
        }
        let key = DataKey::generate(&SystemRandom);
        let wrapped = keys.wrap(&place(&name), key.as_bytes()).map_err(unable)?;
        let stored = Stored {
            made_at: now,
            wrapped: Base64UrlUnpadded::encode_string(&wrapped),
        };
        let bytes = serde_json::to_vec(&stored).map_err(unable)?;
        crate::wallet::private_file::write(&self.path(&name), &bytes).map_err(unable)?;
        Ok(BackupKey {
            name,
            until: now.plus(LIFE),
            key,
        })
    }

    /// A key by its name, if it still lives.
    pub(super) fn key(
        &self,
        name: &str,
        keys: &dyn KeyStore,
        now: Timestamp,
    ) -> Result<BackupKey, BackupError> {
        self.close(now).map_err(unable)?;
        let is_day = name.len() == 10 && name.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let stored = fs::read(self.path(name)).ok().filter(|_| is_day);
        let stored = stored.and_then(|bytes| read(&bytes));
        let stored = stored.ok_or_else(|| {
            refused(format!(
                "R9.5: the key {name} of this back-up is not in {}: it lives seven days, then nobody opens the back-up any more",
                self.0.display()
            ))
        })?;
        let wrapped = Base64UrlUnpadded::decode_vec(&stored.wrapped).map_err(unable)?;
        let key = keys
            .unwrap(&place(name), &wrapped)
            .map_err(|_| refused("the key file is not the one this back-up was made with"))?;
        Ok(BackupKey {
            name: name.to_owned(),
            until: stored.made_at.plus(LIFE),
            key: DataKey::from_bytes(key),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.key"))
    }
}

fn read(bytes: &[u8]) -> Option<Stored> {
    serde_json::from_slice(bytes).ok()
}

fn over(stored: &Stored, now: Timestamp) -> bool {
    now >= stored.made_at.plus(LIFE)
}

fn place(name: &str) -> Vec<u8> {
    [b"backup-key/".as_slice(), name.as_bytes()].concat()
}
