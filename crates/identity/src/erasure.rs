//! 注销: restricted, then erased; the data key destroyed, a tombstone left (Art. 9(3), R9.5).
//!
//! A person asks to leave and is *restricted* at once: nothing is verified any more. When the cooling-off is over the
//! person is *erased* by one verb: the wrapped data key and every row of the person go together, or none does. What
//! must survive is named in the receipt of erasure: salted leaves in the public log, the dead 网号's digest, and for
//! twelve months a keyed tombstone that limits coming back (R2.3).

use async_trait::async_trait;
use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::audit::{EventDraft, Removed};
use crate::clock::{Day, Timestamp};
use crate::id::{Bucket, PersonId};
use crate::receipt::InboxEntry;
use crate::store::StoreError;
use crate::wangzheng::WangzhengState;

pub mod due;
pub mod inactivity;
pub mod leave;
pub mod receipt;
pub mod repeat;
pub mod retention;
pub mod returning;

pub use returning::Month;

/// Why somebody is going to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// The person asked (R9.5).
    Requested,
    /// Nothing was heard of the person for years (R9.1): announced, and undone by any act.
    Inactive,
}

impl LeaveReason {
    /// The name stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Inactive => "inactive",
        }
    }

    /// The reason of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Requested, Self::Inactive]
            .into_iter()
            .find(|reason| reason.as_str() == name)
    }
}

/// Somebody on the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveRow {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: LeaveReason,
    /// The state of the 网证 before, to which a cancelled leave goes back.
    pub was: WangzhengState,
    /// Since when.
    pub since: Day,
    /// From when the erasure is carried out, and can be cancelled no more.
    pub erase_at: Timestamp,
}

/// What became of a wish to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaveAsked {
    /// Restricted from now on.
    Restricted,
    /// Asked before; that stands.
    AlreadyLeaving(LeaveRow),
    /// There is nothing to leave.
    NotPossible(WangzhengState),
}

/// What one erasure leaves behind.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Who goes.
    pub person: PersonId,
    /// Now: nobody is erased before the time.
    pub now: Timestamp,
    /// Keyed digest of the holder reference, for the tombstone (R2.3).
    pub holder: Digest,
    /// Keyed digests of the devices' keys, so that each can fetch the receipt of erasure again, and the person's mark,
    /// so that a restored back-up does not bring the person back ([`repeat`]).
    pub devices: Vec<Digest>,
}

/// What became of an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Gone.
    Erased,
    /// There is no such person, or it is not time: nothing changed, no event.
    NotDue,
}

/// What is kept of somebody who left, for twelve months: nothing else (design §4, Identifiers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// The month of the last leaving.
    pub month: Month,
    /// How often.
    pub count: u32,
}

/// Leaving in the store. All rows of a person are in the person's bucket.
#[async_trait]
pub trait ErasureStore: Send + Sync {
    /// Restricts the person: the 网证 is `leaving`, the row remembers what it was. Replaces an announcement of
    /// inactivity. Event outcome `done`, `already_leaving` or `not_possible`.
    async fn request_leave(
        &self,
        person: PersonId,
        since: Day,
        erase_at: Timestamp,
        event: EventDraft,
    ) -> Result<LeaveAsked, StoreError>;
    /// Undoes a leave for this reason, if its time has not come: the state it came to. Event outcome `done` or
    /// `not_found`.
    async fn cancel_leave(
        &self,
        person: PersonId,
        reason: LeaveReason,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Option<WangzhengState>, StoreError>;
    /// Announces that an inactive person will be erased, with the notice to the person; `false` when somebody is on
    /// the way out already. Event outcome `done` or `already_leaving`.
    async fn announce_inactivity(
        &self,
        row: LeaveRow,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// The row of somebody on the way out.
    async fn leave(&self, person: PersonId) -> Result<Option<LeaveRow>, StoreError>;
    /// Those of a bucket whose time has come.
    async fn leaves_due(
        &self,
        bucket: Bucket,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<LeaveRow>, StoreError>;
    /// Erases: data key, every row and every event of the person in one transaction, and leaves the tombstone, the
    /// rows for fetching the receipt, and the event that names exactly which sequences went (C6). Leaves that wait for
    /// the log still reach it. Event outcome `done`.
    async fn erase_person(&self, erasure: Erasure, event: EventDraft)
    -> Result<Erased, StoreError>;
    /// The day on which the person of a device was erased, for as long as it is kept.
    async fn erased_on(&self, bucket: Bucket, device: &Digest) -> Result<Option<Day>, StoreError>;
    /// What [`Erasure::devices`] left in a bucket since a day, for the list that a restore reads.
    async fn erased_since(&self, bucket: Bucket, since: Day) -> Result<Vec<Digest>, StoreError>;
    /// The tombstone of a holder.
    async fn tombstone(
        &self,
        bucket: Bucket,
        holder: &Digest,
    ) -> Result<Option<Tombstone>, StoreError>;
    /// Deletes tombstones from before a month and rows for fetching receipts from before a day; how many.
    async fn sweep_tombstones(&self, before: Month, and_before: Day) -> Result<u32, StoreError>;
    /// Removes event rows or sealed receipts of a bucket by sequence, as far as they are there, and stores the event
    /// that names exactly those (C6); how many. Event outcome `done`; no event when there were none.
    async fn remove_rows(
        &self,
        bucket: Bucket,
        what: Removed,
        sequences: Vec<u64>,
        event: EventDraft,
    ) -> Result<u64, StoreError>;
    /// Persons of a bucket after one, in the order of their ids.
    async fn persons_after(
        &self,
        bucket: Bucket,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError>;
}

/// Lets others have their turn, in the middle of a long walk through all buckets.
async fn breathe() {
    let mut rested = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut rested, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
