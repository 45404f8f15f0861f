//! The natural person (自然人) as the service keeps one.
//!
//! Non-plaintext identity information is the SD-JWT on the device. The service keeps, sealed under
//! the person's own data key, only what its duties need (design §4): [`PersonRecord`].

use async_trait::async_trait;
use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::consent::ConsentRow;
use crate::device::DeviceRow;
use crate::guardianship::NewMinor;
use crate::id::{Bucket, DeviceId, PersonId};
use crate::pin::PinRow;
use crate::store::StoreError;
use crate::wangzheng::WangzhengRow;

pub mod account;
pub mod apply;
pub mod issue;
pub mod kept_application;
pub mod link;
pub mod reading;
pub mod record;
pub mod recover;
pub mod seed;

pub use record::PersonRecord;

/// The row of a person. Everything that says who it is lies in `sealed_record`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who, inside the service.
    pub person: PersonId,
    /// Keyed digest of the holder reference: unique, one human one row (R2.3).
    pub holder: Digest,
    /// The person's data key, wrapped by the key store; destroying it is erasure (R9.5).
    pub wrapped_data_key: Vec<u8>,
    /// [`PersonRecord`] under the data key.
    pub sealed_record: Vec<u8>,
    /// Generation of the pairwise ids; rises only in a reviewed recovery case.
    pub generation: u32,
    /// Public part of the history key, 65 bytes SEC1: receipts are sealed to it (C1).
    pub history_key: Vec<u8>,
    /// The history key wrapped to a recovery code, if the person wished one.
    pub recovery: Option<RecoveryWrap>,
    /// The day of application.
    pub applied_on: Day,
}

/// What lets a recovery code open the history again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryWrap {
    /// The history key under the code; the service cannot open it.
    pub wrap: Vec<u8>,
    /// Digest of the proof that somebody holds the code.
    pub proof: Digest,
}

/// All of an application, for one transaction (申领).
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The person.
    pub person: PersonRow,
    /// Keyed digests of the person's documents: reservations that point to the person.
    pub documents: Vec<Digest>,
    /// The 网证.
    pub wangzheng: WangzhengRow,
    /// The first device.
    pub device: DeviceRow,
    /// The 口令.
    pub pin: PinRow,
    /// Consents given before anything was processed (R9.2).
    pub consents: Vec<ConsentRow>,
    /// What a minor has besides: links to guardians, and the guardian's part as events of their own (R4.2, R4.3).
    pub minor: Option<NewMinor>,
}

/// What became of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// There is a new person.
    Applied,
    /// This human holds a 网号 already; nothing was written but the event.
    AlreadyHolds(PersonId),
}

/// What a decision about a person at a device needs, in one read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderView {
    /// The person.
    pub person: PersonRow,
    /// The state of the 网证.
    pub wangzheng: WangzhengRow,
    /// The device, present and belonging to the person.
    pub device: DeviceRow,
}

/// Persons in the store.
#[async_trait]
pub trait PersonStore: Send + Sync {
    /// One unit: person, documents, 网证, device, PIN, consents, a minor's links and the facts about the guardian.
    /// Event outcome: `done` or `already_holds`; the facts are stored with `done` only.
    async fn apply(
        &self,
        bucket: Bucket,
        new: NewPerson,
        event: EventDraft,
    ) -> Result<Applied, StoreError>;
    /// The row of a person.
    async fn person(&self, person: PersonId) -> Result<Option<PersonRow>, StoreError>;
    /// The person a holder digest belongs to.
    async fn holder(&self, bucket: Bucket, holder: &Digest)
    -> Result<Option<PersonId>, StoreError>;
    /// Person, 网证 and device in one read; `None` unless all three are there.
    async fn holder_view(
        &self,
        person: PersonId,
        device: DeviceId,
    ) -> Result<Option<HolderView>, StoreError>;
    /// Replaces history key and recovery wrap (a new history begins when the old key is lost).
    /// Event outcome `done`, or `not_found` when there is no such person.
    async fn replace_history_key(
        &self,
        person: PersonId,
        history_key: Vec<u8>,
        recovery: Option<RecoveryWrap>,
        event: EventDraft,
    ) -> Result<(), StoreError>;
}
