//! 核验: a platform asks, a person decides, the platform learns the answer (Art. 5, 7, 8).
//!
//! Requests and codes are sealed values; the store only *takes* their digests, once (B2).

use async_trait::async_trait;
use crypto::digest::Digest;

use crate::audit::EventDraft;
use crate::clock::{Day, Timestamp};
use crate::id::PersonId;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod approve;
pub mod backchannel;
pub mod cross_device;
pub mod decision;
pub mod mode;
pub mod pairwise;
pub mod redeem;
pub mod request;

/// How a request was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBy {
    /// A signed decision, by its digest; where it was an approval, the code that was given carries it.
    Code(Digest),
    /// Nobody in particular: the same again is the same, whoever comes.
    Refusal,
}

/// What became of taking a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestTaken {
    /// This caller took it.
    Taken,
    /// It was taken before in exactly this way: the same answer may be given again.
    SameAgain,
    /// Somebody else took it, or it was taken in another way.
    AlreadyTaken,
}

/// A code on its way to be redeemed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// Digest of the code.
    pub code: Digest,
    /// Whose approval it is.
    pub person: PersonId,
    /// The day, for the state of the 网证.
    pub today: Day,
    /// The row may go after this: when nothing given for the code can still be used.
    pub expires_at: Timestamp,
    /// The person's copy of the receipt, stored only when the code is fresh.
    pub receipt: InboxEntry,
}

/// What became of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    /// The first and only time.
    Fresh,
    /// Used before: what it gave is revoked in the same unit (RFC 6749 §4.1.2).
    Replayed,
    /// The 网证 is no longer active; nothing was given.
    NotActive,
}

/// Whether what a code gave is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantState {
    /// Redeemed once, nothing happened since.
    Good,
    /// Revoked by a replay.
    Revoked,
    /// Unknown or long gone.
    Unknown,
}

/// Verifications in the store.
#[async_trait]
pub trait VerificationStore: Send + Sync {
    /// Takes a request in the bucket of its digest. Event outcome `taken`, `same_again` or
    /// `already_taken`. Rows past `expires_at` may be swept.
    async fn take_request(
        &self,
        request: &Digest,
        by: TakenBy,
        expires_at: Timestamp,
        event: EventDraft,
    ) -> Result<RequestTaken, StoreError>;
    /// Whether a request is taken, without taking it.
    async fn request_taken(&self, request: &Digest) -> Result<bool, StoreError>;
    /// Redeems a code in the person's bucket: checks that the 网证 is active and valid on
    /// `redemption.today`, takes the code, stores the sealed receipt with the event.
    /// A code that was used before is `Replayed` whatever the state of the 网证 is by now.
    /// Event outcome `fresh`, `replayed` or `not_active`; the receipt only with `fresh`.
    async fn redeem_code(
        &self,
        redemption: Redemption,
        event: EventDraft,
    ) -> Result<Redeemed, StoreError>;
    /// Keeps the person's record of a refusal, once for each decision (`refusal.code` names it);
    /// `false` when it is kept already, or nobody is there to keep it for. Event outcome `done`; none with `false`.
    async fn keep_refusal(
        &self,
        refusal: Redemption,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// The state of what a code gave.
    async fn grant(&self, person: PersonId, code: &Digest) -> Result<GrantState, StoreError>;
    /// Takes back what a code gave, or will not give any more: the person withdrew the approval (R9.2).
    /// Event outcome `revoked`.
    async fn revoke_grant(
        &self,
        person: PersonId,
        code: &Digest,
        expires_at: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Deletes request and code rows that expired before `now`; how many. They tell nothing
    /// once expired, so there is no event.
    async fn sweep_taken(&self, now: Timestamp) -> Result<u32, StoreError>;
}
