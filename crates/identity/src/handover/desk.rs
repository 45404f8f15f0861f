//! Hand-overs at work: content sealed to its row, every change by compare-and-set.

use crypto::digest::Digest;
use crypto::keystore::KeyStore;
use crypto::random::Random;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::service::{Fault, Service};
use crate::store::StoreError;

use super::{Advanced, HandoverRow, HandoverStore};

/// How often a change is tried again when somebody else was faster.
const TRIES: usize = 16;

/// What a hand-over needs of the service, at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) store: &'a dyn HandoverStore,
    pub(crate) keys: &'a dyn KeyStore,
    pub(crate) random: &'a dyn Random,
    pub(crate) now: Timestamp,
    /// What the content is: a sealed row of one kind does not open as another.
    pub(crate) label: &'static str,
}

/// A row with its content open.
pub(crate) struct Held<T> {
    pub(crate) row: HandoverRow,
    pub(crate) content: T,
}

impl Service {
    pub(crate) fn desk(&self, label: &'static str) -> Desk<'_> {
        Desk {
            store: self.store.as_ref(),
            keys: self.keys(),
            random: self.random(),
            now: self.now(),
            label,
        }
    }
}

impl Desk<'_> {
    /// Opens a row; `false` when there is a live one with this digest.
    pub(crate) async fn open<T: Serialize + Sync>(
        &self,
        digest: Digest,
        content: &T,
        expires_at: Timestamp,
    ) -> Result<bool, Fault> {
        let sealed = self.seal(&digest, content)?;
        let row = HandoverRow {
            digest,
            version: 1,
            sealed,
            expires_at,
        };
        let opened = self
            .store
            .open_handover(row, self.now, self.event())
            .await?;
        Ok(opened == Advanced::Advanced)
    }

    /// Reads a row.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        digest: &Digest,
    ) -> Result<Option<Held<T>>, Fault> {
        let Some(row) = self.store.handover(digest, self.now).await? else {
            return Ok(None);
        };
        let plain = self
            .keys
            .open(self.label, &digest.0, &row.sealed, self.now.0)?;
        let content =
            serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a hand-over"))?;
        Ok(Some(Held { row, content }))
    }

    /// Changes a row: `step` sees what is there, says what becomes of it, and is asked again when
    /// somebody else was faster. What it refuses is not written. `None`: there is no such row.
    pub(crate) async fn change<T, O, E>(
        &self,
        digest: &Digest,
        step: impl Fn(&mut T) -> Result<O, E> + Send + Sync,
    ) -> Result<Option<O>, E>
    where
        T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync,
        O: Send,
        E: From<Fault> + Send,
    {
        for _ in 0..TRIES {
            let Some(Held { mut row, content }) = self.read::<T>(digest).await? else {
                return Ok(None);
            };
            let mut changed = content.clone();
            let outcome = step(&mut changed)?;
            if changed == content {
                return Ok(Some(outcome));
            }
            row.sealed = self.seal(digest, &changed)?;
            let advanced = self
                .store
                .advance_handover(row, self.now, self.event())
                .await;
            if advanced.map_err(Fault::from)? == Advanced::Advanced {
                return Ok(Some(outcome));
            }
        }
        Err(Fault::from(StoreError::Busy).into())
    }

    /// Takes a row away; `true` for exactly one caller.
    pub(crate) async fn take(&self, row: &HandoverRow) -> Result<bool, Fault> {
        let taken = self
            .store
            .take_handover(&row.digest, row.version, self.now, self.event())
            .await?;
        Ok(taken == Advanced::Advanced)
    }

    fn seal<T: Serialize>(&self, digest: &Digest, content: &T) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(content).map_err(|_| Fault::Invariant("a hand-over"))?;
        Ok(self.keys.seal(self.label, &digest.0, &plain, self.now.0)?)
    }

    fn event(&self) -> EventDraft {
        EventDraft::new(
            AuditEvent::HandoverChanged {
                minute: self.now.minute(),
            },
            self.random,
        )
    }
}
