//! 监护: who is whose guardian, by what evidence, and what a guardian consented to (Art. 4(2)–(3), 5(2); R4.2–R4.5, R5.2).
//!
//! Two facts of R4.2 are two events; the supervision of R4.3 is a third and never a consent. Guardian and child live in
//! two buckets, so a link is two rows with one tag: one beside the child, one beside the guardian, each sealed under the
//! data key of the person it lies beside. The right itself comes from the registry, which is asked again
//! ([`link`]); the rows remember its answer.
//!
//! What has which outcome stands as one table in `docs/decisions/0006-guardians.md`.

use async_trait::async_trait;
use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::age::AgeGroup;
use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::{Bucket, PersonId};
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod apply;
pub mod birthday;
pub mod code;
pub mod consents;
pub mod family;
pub mod link;
mod notes;
pub mod request;
pub mod standing;
pub mod statement;
pub mod usage;

pub use statement::{GUARDIAN_TYPE, GuardianRefused};

/// Settings of the rules about guardians. The ages are in [`AgePolicy`](crate::age::AgePolicy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuardianPolicy {
    /// Days for which the registry's answer about a guardian holds. 0: it is asked on each day on which a guardian has a
    /// part in something. An application, a standing consent and the first link ask it whatever stands here.
    pub confirm_days: i32,
}

/// Beside whom a link's row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkSide {
    /// Beside the child; names the guardian.
    Child,
    /// Beside the guardian; names the child.
    Guardian,
}

impl LinkSide {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Guardian => "guardian",
        }
    }

    /// The side of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Child, Self::Guardian]
            .into_iter()
            .find(|side| side.as_str() == name)
    }
}

/// Which duties a child's family was last told of (R4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeStage {
    /// Under 14: the guardian consents and applies, and consents to each use.
    GuardianActs,
    /// 14 to 17: the guardian supervises an application.
    GuardianSupervises,
    /// 18: nobody else has a part in it.
    Adult,
}

impl AgeStage {
    /// The stage of an age group.
    pub fn of(group: AgeGroup) -> Self {
        match group {
            AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => Self::GuardianActs,
            AgeGroup::GuardianSupervises => Self::GuardianSupervises,
            AgeGroup::Adult => Self::Adult,
        }
    }

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GuardianActs => "guardian_acts",
            Self::GuardianSupervises => "guardian_supervises",
            Self::Adult => "adult",
        }
    }

    /// The stage of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::GuardianActs, Self::GuardianSupervises, Self::Adult]
            .into_iter()
            .find(|stage| stage.as_str() == name)
    }
}

/// One side of a link between a child and a guardian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianLinkRow {
    /// Beside whom it lies.
    pub person: PersonId,
    /// Keyed tag of the pair; the same on both sides.
    pub tag: Digest,
    /// Which side.
    pub side: LinkSide,
    /// Who the other one is and what relation the registry names, under the data key of `person`.
    pub sealed: Vec<u8>,
    /// The day the registry last said so.
    pub confirmed_on: Day,
    /// What this person was last told of the child's duties.
    pub told: AgeStage,
}

/// One side of a link, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkKey {
    /// Beside whom it lies.
    pub person: PersonId,
    /// Tag of the pair.
    pub tag: Digest,
}

impl LinkKey {
    /// The side beside a person.
    pub fn of(person: PersonId, tag: Digest) -> Self {
        Self { person, tag }
    }
}

/// A guardian's consent to every use at one platform (R5.2). It lies beside the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingConsentRow {
    /// The child.
    pub person: PersonId,
    /// Keyed tag of child and platform: nobody else can tell which platform (C1).
    pub tag: Digest,
    /// Tag of the link of the guardian who gave it.
    pub given_by: Digest,
    /// Given on.
    pub given_on: Day,
    /// The platform's name, sealed to the history keys of child and guardians: [`standing::Copies`] as JSON.
    pub copies: Vec<u8>,
}

/// That a person is a minor, and when to look at the birthday next. The day itself stays sealed in the record: this row
/// names no more than the year (R4.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinorRow {
    /// Who.
    pub person: PersonId,
    /// What the family was last told.
    pub stage: AgeStage,
    /// 1 January of the year in which duties change next: from here on the daily job looks into the record.
    pub look_from: Day,
}

/// What an application of a minor stores besides, in the same unit (R4.2, R4.3).
#[derive(Debug, Clone)]
pub struct NewMinor {
    /// The minor.
    pub row: MinorRow,
    /// The child's side of the links.
    pub links: Vec<GuardianLinkRow>,
    /// The facts, each an event of its own: consent and application, or supervision.
    pub facts: Vec<EventDraft>,
}

/// Which standing consents of a child end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingEnds {
    /// The one of this tag.
    One(Digest),
    /// All that the guardian of this link gave.
    GivenBy(Digest),
    /// All.
    All,
}

/// Guardianship in the store. What ends is deleted: the event is what remains of it.
#[async_trait]
pub trait GuardianshipStore: Send + Sync {
    /// Puts one side of a link, in the place of the same one before. Event outcome `done`.
    async fn put_guardian_link(
        &self,
        link: GuardianLinkRow,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Ends one side of a link and tells the person, if there is something to tell; `false` when there was none (then
    /// nobody is told). Event outcome `done` or `not_found`.
    async fn end_guardian_link(
        &self,
        link: LinkKey,
        note: Option<InboxEntry>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Notes that the person of a link was told of a later stage, and tells; `false` when that was done before or there
    /// is no such link. Event outcome `done` or `not_found`.
    async fn tell_guardian_link(
        &self,
        link: LinkKey,
        stage: AgeStage,
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// The links beside a person, both sides, in the order of their tags.
    async fn guardian_links(&self, person: PersonId) -> Result<Vec<GuardianLinkRow>, StoreError>;
    /// Gives a standing consent, in the place of the same one before. Event outcome `done`.
    async fn give_standing_consent(
        &self,
        consent: StandingConsentRow,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Ends standing consents of a child; how many. Event outcome `done` or `not_found`.
    async fn end_standing_consents(
        &self,
        person: PersonId,
        which: StandingEnds,
        event: EventDraft,
    ) -> Result<u32, StoreError>;
    /// The standing consents of a child, in the order of their tags.
    async fn standing_consents(
        &self,
        person: PersonId,
    ) -> Result<Vec<StandingConsentRow>, StoreError>;
    /// Minors of a bucket whose duties may change on or before `today`.
    async fn minors_to_look_at(
        &self,
        bucket: Bucket,
        today: Day,
    ) -> Result<Vec<MinorRow>, StoreError>;
    /// Moves a minor on from the stage in `from`, once, and tells; the row goes when the new stage is adult. `false`
    /// when the minor was not in that stage. Event outcome `done` or `not_in_stage`.
    async fn advance_minor(
        &self,
        from: AgeStage,
        minor: MinorRow,
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
}
