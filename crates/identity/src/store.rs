//! The store contract: one verb is one transaction.
//!
//! Each noun has its own small trait beside it; this file gathers them. Rules for every backend:
//!
//! * a verb checks, takes, changes, stores its audit event with the outcome it reached and puts the
//!   event's leaf among the pending ones: together, or nothing;
//! * it answers only when that is durable;
//! * every verb of a person names the [`Bucket`](crate::id::Bucket) and touches no other;
//! * refusals that change nothing still store their event when the verb says so;
//! * time and randomness come in as arguments; what is secret comes as a digest or sealed.

use async_trait::async_trait;

use crate::audit::{EventDraft, EventRow};
use crate::case_file::CaseStore;
use crate::complaint::ComplaintStore;
use crate::consent::ConsentStore;
use crate::device::DeviceStore;
use crate::disclosure::DisclosureStore;
use crate::erasure::ErasureStore;
use crate::guardianship::GuardianshipStore;
use crate::handover::HandoverStore;
use crate::id::{Bucket, PersonId};
use crate::incident::IncidentStore;
use crate::legal_request::LegalRequestStore;
use crate::log::LogStore;
use crate::notice::NoticeStore;
use crate::oversight::OversightStore;
use crate::person::PersonStore;
use crate::person::kept_application::KeptStore;
use crate::pin::PinStore;
use crate::platform::PlatformStore;
use crate::receipt::{ReceiptStore, SealedReceipt};
use crate::recheck::RecheckStore;
use crate::rights::RightsStore;
use crate::signal::SignalStore;
use crate::staff::StaffStore;
use crate::transparency::CountStore;
use crate::verification::VerificationStore;
use crate::verification::backchannel::BackchannelStore;
use crate::wanghao::WanghaoStore;
use crate::wangzheng::WangzhengStore;

/// Why a verb could not be carried out at all. Outcomes of the domain are not errors.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store is shut, full, or out of reach; trying again later may help.
    #[error("store unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row does not say what this version of the service writes.
    #[error("corrupt row in {table}")]
    Corrupt {
        /// Which table.
        table: &'static str,
    },
    /// The queue in front of the store is full.
    #[error("store busy")]
    Busy,
}

/// Events themselves.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Stores an event that changes nothing else.
    async fn record(&self, bucket: Bucket, event: EventDraft) -> Result<(), StoreError>;
    /// Event rows of one bucket from a sequence on.
    async fn events(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError>;
    /// The highest sequence given out in a bucket; 0 when none.
    async fn last_sequence(&self, bucket: Bucket) -> Result<u64, StoreError>;
    /// Sealed receipts of one bucket, by the sequence of their event, from a sequence on
    /// (for `audit verify`).
    async fn sealed_receipts(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<SealedReceipt>, StoreError>;
    /// Event rows about one person, newest first.
    async fn events_of(&self, person: PersonId, limit: u32) -> Result<Vec<EventRow>, StoreError>;
}

/// Everything a backend provides.
pub trait Store:
    AuditStore
    + CaseStore
    + ComplaintStore
    + CountStore
    + LegalRequestStore
    + ErasureStore
    + GuardianshipStore
    + IncidentStore
    + KeptStore
    + OversightStore
    + SignalStore
    + BackchannelStore
    + StaffStore
    + ConsentStore
    + DeviceStore
    + DisclosureStore
    + HandoverStore
    + LogStore
    + NoticeStore
    + PersonStore
    + PinStore
    + PlatformStore
    + ReceiptStore
    + RecheckStore
    + RightsStore
    + VerificationStore
    + WanghaoStore
    + WangzhengStore
{
}

impl<T> Store for T where
    T: AuditStore
        + CaseStore
        + ComplaintStore
        + CountStore
        + LegalRequestStore
        + ErasureStore
        + GuardianshipStore
        + IncidentStore
        + KeptStore
        + KeptStore
        + OversightStore
        + SignalStore
        + BackchannelStore
        + StaffStore
        + ConsentStore
        + DeviceStore
        + DisclosureStore
        + HandoverStore
        + LogStore
        + NoticeStore
        + PersonStore
        + PinStore
        + PlatformStore
        + ReceiptStore
        + RecheckStore
        + RightsStore
        + VerificationStore
        + WanghaoStore
        + WangzhengStore
{
}
