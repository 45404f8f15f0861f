//! A person's rights: see, copy, correct, restrict, explain, re-issue (PIPL 44–50, P-rights).
//!
//! Everything here is asked for by the person's own device and answered at once. Correcting goes through the registry
//! ([`crate::recheck`]); withdrawing, complaining and leaving have rooms of their own.

use async_trait::async_trait;

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::PersonId;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod explain;
pub mod export;
pub mod held;
mod note;
pub mod reissue;
pub mod restrict;
pub mod review;

/// A new 网号 in the place of the old one, for one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reissue {
    /// Whose.
    pub person: PersonId,
    /// The issue of the 网证 that was seen: of two at once one is overtaken.
    pub serial: u32,
    /// The record with the new 网号, under the data key.
    pub sealed_record: Vec<u8>,
    /// The day.
    pub today: Day,
}

/// Rights in the store.
#[async_trait]
pub trait RightsStore: Send + Sync {
    /// One unit: the record with the new 网号, serial one higher, the person told; `false` when another
    /// change came first. Event outcome `done` or `overtaken` (then nobody is told).
    async fn reissue_wanghao(
        &self,
        reissue: Reissue,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Raises the generation of the pairwise ids by one if it is still `from`, and tells the person;
    /// `false` when it is not. Event outcome `done` or `overtaken` (then nobody is told).
    async fn raise_generation(
        &self,
        person: PersonId,
        from: u32,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
}
