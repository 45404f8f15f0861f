//! Short rows between two devices: cross-device sessions and device links.
//!
//! Each lives in the bucket of its own digest, content sealed, gone when picked up (design §4).

use async_trait::async_trait;
use crypto::digest::Digest;

use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::store::StoreError;

pub(crate) mod desk;
#[cfg(test)]
pub(crate) mod fake;
pub mod guess;

/// A short-lived row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRow {
    /// Keyed digest of its id or code.
    pub digest: Digest,
    /// Rises with each change; a change names the version it saw.
    pub version: u32,
    /// What it holds, sealed by the service.
    pub sealed: Vec<u8>,
    /// Gone after.
    pub expires_at: Timestamp,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advanced {
    /// Changed.
    Advanced,
    /// Somebody else changed or took it first, or it expired; nothing was written.
    Moved,
}

/// Hand-overs in the store. All in the bucket of the digest; expired rows count as absent.
#[async_trait]
pub trait HandoverStore: Send + Sync {
    /// Opens one with version 1; `Moved` when a live one with this digest exists.
    /// Event outcome `opened` or `moved`.
    async fn open_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError>;
    /// Reads one.
    async fn handover(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<HandoverRow>, StoreError>;
    /// Replaces content and expiry if the version is still `row.version`; the version rises by one.
    /// Event outcome `advanced` or `moved`.
    async fn advance_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError>;
    /// Deletes it if the version is still this one. Event outcome `taken` or `moved`.
    async fn take_handover(
        &self,
        digest: &Digest,
        version: u32,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError>;
    /// Deletes what expired before `now`; how many. No event: nothing of anyone is in it.
    async fn sweep_handovers(&self, now: Timestamp) -> Result<u32, StoreError>;
}
