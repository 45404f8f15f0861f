//! Complaints: the person's own disclosure, sealed to the case officers (R7.2, R7.3, R14.1, P-rights).
//!
//! A row says of which kind a complaint is and when an answer is due. About which platform, by whom and what it says
//! lies sealed under the officers' key ([`key`]): rows and events tie nobody to a platform (C1). Who complained finds
//! it again by its number and its secret, with or without a 网证.

use async_trait::async_trait;
use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::Bucket;
use crate::store::StoreError;

pub mod answer;
pub mod content;
pub mod counts;
pub mod file;
pub mod key;
pub mod number;
pub mod officer;
pub mod working_day;

pub use content::{Contents, LONGEST_TEXT, MOST_RECEIPTS};
pub use number::{ComplaintNumber, ComplaintSecret};

/// What is complained of; each kind names the duty it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintKind {
    /// Plaintext identity was demanded after a pass (Art. 7(2), R7.2).
    PlaintextDemanded,
    /// Who verified in another way is served worse (Art. 7(3), R7.3).
    UnequalService,
    /// More was asked than the purpose needs (Art. 8(2), R8.2).
    OverAsking,
    /// 开盒: personal data was leaked or passed on (Art. 8(3), 9, 12).
    Leak,
    /// Somebody acts under another's identity (Art. 12; 反电信网络诈骗法).
    Impersonation,
}

impl ComplaintKind {
    /// All of them, in the order of the law.
    pub const ALL: [Self; 5] = [
        Self::PlaintextDemanded,
        Self::UnequalService,
        Self::OverAsking,
        Self::Leak,
        Self::Impersonation,
    ];

    /// The name in rows, statements and command lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlaintextDemanded => "plaintext_demanded",
            Self::UnequalService => "unequal_service",
            Self::OverAsking => "over_asking",
            Self::Leak => "leak",
            Self::Impersonation => "impersonation",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The article it rests on.
    pub fn article(self) -> &'static str {
        match self {
            Self::PlaintextDemanded => "Art. 7(2)",
            Self::UnequalService => "Art. 7(3)",
            Self::OverAsking => "Art. 8(2)",
            Self::Leak => "Art. 8(3), 9(2), 12",
            Self::Impersonation => "Art. 12",
        }
    }
}

/// Where a complaint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintState {
    /// It waits for an officer.
    Received,
    /// It is part of a case.
    InCase,
    /// The result was told.
    Answered,
}

impl ComplaintState {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Received, Self::InCase, Self::Answered];

    /// The name in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InCase => "in_case",
            Self::Answered => "answered",
        }
    }

    /// The state of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Time limits and limits against abuse; the defaults are the documentation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ComplaintPolicy {
    /// Working days within which the result is told (PIPL 50, 65: in time; 网络信息内容 rules: 15).
    pub answer_working_days: u32,
    /// The days off and worked weekends of the decree in force.
    pub calendar: working_day::Calendar,
    /// Complaints a minute from people who are not signed in by a device, all together.
    pub without_wangzheng_per_minute: u32,
    /// Refused over-asking requests of one platform in a month that open a case by themselves (R8.2).
    pub over_asking_opens_case: u64,
}

impl Default for ComplaintPolicy {
    fn default() -> Self {
        Self {
            answer_working_days: 15,
            calendar: working_day::Calendar::default(),
            without_wangzheng_per_minute: 60,
            over_asking_opens_case: 10,
        }
    }
}

/// A complaint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintRow {
    /// Keyed digest of the number; its first bits are the bucket, which has nothing to do with a person's.
    pub complaint: Digest,
    /// Keyed digest of number and secret: who knows both may ask how it stands.
    pub proof: Digest,
    /// What is complained of.
    pub kind: ComplaintKind,
    /// Where it stands.
    pub state: ComplaintState,
    /// The day it came.
    pub received_on: Day,
    /// The day by which the result is told.
    pub due_on: Day,
    /// [`Contents`], padded to one size and sealed to the officers' key.
    pub sealed: Vec<u8>,
    /// The result, under a key that only number and secret lead to.
    pub sealed_answer: Option<Vec<u8>>,
}

impl ComplaintRow {
    /// Where it lies: by the digest of its number.
    pub fn bucket(&self) -> Bucket {
        Bucket::of(&self.complaint)
    }
}

/// The officers' key as it is stored: a reference row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseKeyRow {
    /// From 1; the highest seals what is new.
    pub number: u32,
    /// Public part, SM2, 65 bytes.
    pub public: Vec<u8>,
    /// Private part, wrapped by the key store: opening it needs the root, not the ordinary keys.
    pub wrapped: Vec<u8>,
}

/// Complaints in the store.
#[async_trait]
pub trait ComplaintStore: Send + Sync {
    /// Stores a new complaint. Event outcome `done`, or `in_use` when there is one of this number.
    async fn file_complaint(
        &self,
        row: ComplaintRow,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// A complaint by the digest of its number.
    async fn complaint(&self, complaint: &Digest) -> Result<Option<ComplaintRow>, StoreError>;
    /// Moves it on from the state named, with the result where there is one. Event outcome `done` or `not_in_state`.
    async fn move_complaint(
        &self,
        complaint: &Digest,
        step: ComplaintStep,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Complaints of one bucket in one state, the most urgent first.
    async fn complaints_in(
        &self,
        bucket: Bucket,
        state: ComplaintState,
        limit: u32,
    ) -> Result<Vec<ComplaintRow>, StoreError>;
    /// Stores an officers' key, once for each number. Event outcome `done` or `known`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of `case-key`.
    async fn put_case_key(&self, row: CaseKeyRow, event: EventDraft) -> Result<bool, StoreError>;
    /// All officers' keys, the first first.
    async fn case_keys(&self) -> Result<Vec<CaseKeyRow>, StoreError>;
}

/// One step of a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintStep {
    /// From where; anything else and nothing changes.
    pub from: ComplaintState,
    /// Where to.
    pub to: ComplaintState,
    /// The sealed result, with the last step.
    pub sealed_answer: Option<Vec<u8>>,
}
