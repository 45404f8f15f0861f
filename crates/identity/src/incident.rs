//! Incidents: level, clocks, affected persons, report (Art. 12(3), R12.3).
//!
//! An incident is one record of a reference table; nobody's name is in it. Its [`level`] follows from the effect, its
//! [`clock`]s alarm, whom it touches is computed without a trail ([`affected`]), and a drill does all but telling.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::id::{Bucket, IncidentId, PersonId, PlatformId, StaffLogin};
use crate::platform::LocalText;
use crate::store::StoreError;

pub mod affected;
pub mod clock;
pub mod lead;
pub mod level;
pub mod notice;
pub mod report;

pub use clock::{ClockName, ClockState, RunningClock};
pub use lead::{IncidentError, IncidentRefused, NewIncident, Step};
pub use level::{Effect, IncidentPolicy, Level, ReportingProfile};
pub use notice::{NoticeRefused, PersonNotice};

/// The plan (应急预案), started with the record. The first step is done by starting.
pub const PLAN: [&str; 7] = [
    "start_plan",
    "contain",
    "preserve_evidence",
    "assess_effect",
    "remove_cause",
    "restore",
    "review",
];

/// What kind of incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// 网络运行安全事件.
    Network,
    /// 数据安全事件.
    Data,
}

/// Whose persons it touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scope {
    /// Everybody's.
    Service,
    /// Those of some buckets: a part of the store.
    Buckets {
        /// Which.
        buckets: Vec<u16>,
    },
    /// An incident at a platform, which names its own identifiers.
    Platform {
        /// Which.
        platform: PlatformId,
    },
}

/// One step of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// Its name.
    pub name: String,
    /// Done.
    pub done_at: Option<Timestamp>,
}

impl PlanStep {
    fn open(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            done_at: None,
        }
    }
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: StaffLogin,
    /// Which step.
    pub what: String,
    /// In words.
    pub text: String,
}

/// How far telling is: counts, and nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Begun.
    pub started_at: Option<Timestamp>,
    /// Whole buckets told.
    pub buckets_done: u16,
    /// Persons told.
    pub persons: u64,
    /// Ended.
    pub finished_at: Option<Timestamp>,
}

/// The record of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Which.
    pub id: IncidentId,
    /// Counts changes: of two at once one counts.
    pub revision: u32,
    /// A drill: nobody is told.
    pub drill: bool,
    /// Kind.
    pub kind: IncidentKind,
    /// One line.
    pub title: LocalText,
    /// Whose persons.
    pub scope: Scope,
    /// In numbers.
    pub effect: Effect,
    /// From the effect.
    pub level: Level,
    /// Recorded.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: StaffLogin,
    /// Since when it was known to be reportable.
    pub reportable_since: Option<Timestamp>,
    /// The plan.
    pub steps: Vec<PlanStep>,
    /// What happened when.
    pub timeline: Vec<Moment>,
    /// First report.
    pub reported_at: Option<Timestamp>,
    /// Passed on.
    pub forwarded_at: Option<Timestamp>,
    /// What the persons read.
    pub notice: Option<PersonNotice>,
    /// How far telling is.
    pub told: Progress,
    /// Over.
    pub closed_at: Option<Timestamp>,
    /// What happened and what changed.
    pub summary: Option<LocalText>,
    /// The summary report.
    pub summary_sent_at: Option<Timestamp>,
}

/// Incidents in the store: a reference table, small.
#[async_trait]
pub trait IncidentStore: Send + Sync {
    /// Stores a record if what is stored is one revision older, or, for revision 1, nothing; `false` if not. Event
    /// outcome `done` or `moved`, in the [`reference_bucket`](crate::audit::reference_bucket) of the id.
    async fn put_incident(&self, incident: Incident, event: EventDraft)
    -> Result<bool, StoreError>;
    /// One record.
    async fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError>;
    /// All records.
    async fn incidents(&self) -> Result<Vec<Incident>, StoreError>;
    /// Persons of one bucket after one, in the order of their ids: whom an incident of the service touches.
    async fn persons_of_bucket(
        &self,
        bucket: Bucket,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError>;
}
