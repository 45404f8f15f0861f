//! The list of who was erased in the last eight days, beside the keys of back-ups (R9.5): keyed digests, no names, no ids.
//!
//! The service writes it each minute, and each back-up does. A back-up that can still be opened is at most seven days
//! old, so whoever left after it is on the list.

use std::collections::BTreeSet;

use crypto::digest::Digest;
use crypto::keystore::{KeyStore, SecretName};
use identity::clock::Timestamp;
use identity::erasure::repeat::erased_since;
use identity::store::Store;
use serde::{Deserialize, Serialize};

use super::window::Window;
use super::{BackupError, refused, unable};

/// A day more than a back-up can be opened.
const DAYS: i32 = 8;
const NAME: &str = "erased.json";

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ErasedList {
    /// Until when it is complete.
    pub(super) as_of: Timestamp,
    /// One mark for each person, and those of the devices.
    pub(super) marks: BTreeSet<Digest>,
    /// Nobody takes a mark away unseen.
    mac: Digest,
}

/// Writes the list as the store has it.
pub(crate) async fn write(
    window: &Window,
    store: &dyn Store,
    keys: &dyn KeyStore,
    now: Timestamp,
) -> Result<(), BackupError> {
    let since = now.day().plus(-DAYS);
    let marks = erased_since(store, since).await.map_err(unable)?;
    let list = ErasedList {
        mac: mac(keys, now, &marks)?,
        as_of: now,
        marks,
    };
    let bytes = serde_json::to_vec(&list).map_err(unable)?;
    crate::wallet::private_file::write(&window.folder().join(NAME), &bytes).map_err(unable)
}

impl ErasedList {
    /// The list a restore of a back-up of `made_at` goes by. Without it nothing is restored.
    pub(super) fn read(
        window: &Window,
        keys: &dyn KeyStore,
        made_at: Timestamp,
    ) -> Result<Self, BackupError> {
        let path = window.folder().join(NAME);
        let bytes = std::fs::read(&path).map_err(|error| {
            refused(format!(
                "R9.5: the list of the erased {} cannot be read ({error}); without it a restore would bring back who left",
                path.display()
            ))
        })?;
        let list: Option<Self> = serde_json::from_slice(&bytes).ok();
        let list = list.filter(|list| {
            mac(keys, list.as_of, &list.marks).is_ok_and(|expected| expected == list.mac)
        });
        let Some(list) = list else {
            return Err(refused("R9.5: the list of the erased was changed"));
        };
        if list.as_of < made_at {
            return Err(refused(
                "R9.5: the list of the erased is older than the back-up; take the newest one",
            ));
        }
        Ok(list)
    }
}

fn mac(
    keys: &dyn KeyStore,
    as_of: Timestamp,
    marks: &BTreeSet<Digest>,
) -> Result<Digest, BackupError> {
    let as_of = as_of.0.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![b"erased-list", &as_of];
    parts.extend(marks.iter().map(|mark| mark.0.as_slice()));
    keys.mac(SecretName::Tag, &parts).map_err(unable)
}
