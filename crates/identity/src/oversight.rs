//! Dangerous acts: proposed by one named person, confirmed by another (R12.1, R9.4, C3).
//!
//! To add one: a line in the table of [`act`], a variant of [`Act`] and its arm in `carry_out`, and a method that takes
//! [`TwoPersons`] by value. That the two are two, and of the right roles, is held by the verbs of the store.

use async_trait::async_trait;
use crypto::digest::{Digest, sm3};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::id::{Bucket, PersonId, ProposalId, StaffLogin};
use crate::receipt::InboxEntry;
use crate::staff::{StaffRow, StaffState};
use crate::store::StoreError;
use crate::wangzheng::{Transitioned, WangzhengRow, WangzhengState};

pub mod account;
pub mod act;
mod carry_out;
pub mod counts;
pub mod credential;
pub mod review;
pub mod standing;
pub mod subject;
pub mod submission;
pub mod two_persons;
mod watch;

pub use act::{Act, ActName};
pub use carry_out::Done;
pub use standing::PlatformStanding;
pub use submission::SubmissionRow;
pub use two_persons::{OversightError, OversightRefused, TwoPersons};

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Waits for the second person.
    Open,
    /// Confirmed, not carried out yet: after a crash it is carried out at the next start.
    Confirmed,
    /// Carried out.
    Done,
    /// The second person said no.
    Declined,
}

impl ProposalState {
    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Done => "done",
            Self::Declined => "declined",
        }
    }
}

/// What the second person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Confirm,
    /// No.
    Decline,
}

impl Answer {
    /// The name logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Decline => "decline",
        }
    }
}

/// A hand that signed: who, when, and the signed text as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub login: StaffLogin,
    /// The person's name at that time.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The statement (JWS) by the registered key: nobody can deny it, nobody can add it.
    pub statement: String,
}

/// A dangerous act on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// Which.
    pub id: ProposalId,
    /// What is to be done.
    pub act: Act,
    /// Where it stands.
    pub state: ProposalState,
    /// No answer counts after this moment.
    pub expires_at: Timestamp,
    /// The first person.
    pub proposed: Signed,
    /// The second, once there was an answer.
    pub decided: Option<Signed>,
    /// What came of it and when, once it is done.
    pub done: Option<(Timestamp, String)>,
}

/// Why the second person's answer does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDecided {
    /// No such proposal.
    #[error("there is no such proposal")]
    NotFound,
    /// Decided before.
    #[error("the proposal is decided already")]
    Decided,
    /// Too late.
    #[error("the proposal has expired")]
    Expired,
    /// R12.1: the approver is not the requester.
    #[error("R12.1: whoever proposed cannot confirm")]
    SamePerson,
    /// The role is not one that confirms this act.
    #[error("R12.1: this role does not confirm this act")]
    WrongRole,
}

impl NotDecided {
    /// The outcome of the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Decided => "decided",
            Self::Expired => "expired",
            Self::SamePerson => "same_person",
            Self::WrongRole => "wrong_role",
        }
    }
}

impl ProposalRow {
    /// Digest of the act, as the second person signs it.
    pub fn digest(&self) -> Digest {
        self.act.digest()
    }

    /// Whether an account may propose this. Called inside the verb, on the account as it is stored.
    pub fn may_be_proposed_by(&self, staff: Option<&StaffRow>) -> bool {
        staff.is_some_and(|staff| {
            staff.state == StaffState::Active && self.act.name().proposers().contains(&staff.role)
        })
    }

    /// The proposal after the second person's answer. Called inside the verb, on rows as they are stored (R12.1).
    pub fn decide(
        mut self,
        staff: Option<&StaffRow>,
        answer: Answer,
        signed: Signed,
    ) -> Result<Self, NotDecided> {
        if self.state != ProposalState::Open {
            return Err(NotDecided::Decided);
        }
        if signed.at > self.expires_at {
            return Err(NotDecided::Expired);
        }
        // R12.1, R12.4: approver ≠ requester, whatever the roles say.
        if signed.login == self.proposed.login {
            return Err(NotDecided::SamePerson);
        }
        let fits = staff.is_some_and(|staff| {
            staff.state == StaffState::Active
                && staff.login == signed.login
                && self.act.name().confirmers().contains(&staff.role)
        });
        if !fits {
            return Err(NotDecided::WrongRole);
        }
        self.state = match answer {
            Answer::Confirm => ProposalState::Confirmed,
            Answer::Decline => ProposalState::Declined,
        };
        self.decided = Some(signed);
        Ok(self)
    }
}

impl Act {
    /// Digest of the act, as the second person signs it.
    pub fn digest(&self) -> Digest {
        // Plain structs of strings and numbers always serialise, and always in one way.
        sm3(&[
            b"wangzheng-act",
            &serde_json::to_vec(self).unwrap_or_default(),
        ])
    }
}

/// Proposals: a reference table, small.
#[async_trait]
pub trait OversightStore: Send + Sync {
    /// Stores a proposal if the account as stored may propose it; `false` if not. Event outcome `done` or
    /// `wrong_role`, in the [`reference_bucket`](crate::audit::reference_bucket) of the id.
    async fn propose(&self, row: ProposalRow, event: EventDraft) -> Result<bool, StoreError>;
    /// The second person's answer ([`ProposalRow::decide`]), by rows as they are stored: of two answers one counts.
    /// Event outcome `done`, or the name of [`NotDecided`].
    async fn decide_proposal(
        &self,
        id: &ProposalId,
        answer: Answer,
        signed: Signed,
        event: EventDraft,
    ) -> Result<Result<ProposalRow, NotDecided>, StoreError>;
    /// A confirmed proposal is done; `false` when it was done before, or was not confirmed. Event outcome `done` or
    /// `not_confirmed`.
    async fn finish_proposal(
        &self,
        id: &ProposalId,
        result: &str,
        at: Timestamp,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Where a platform stands: replaces what was there. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of its id.
    async fn put_standing(
        &self,
        standing: PlatformStanding,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Where platforms stand; one without a row is in good standing.
    async fn standings(&self) -> Result<Vec<PlatformStanding>, StoreError>;
    /// What a platform submitted: the newest of each subject. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of the platform.
    async fn put_submission(&self, row: SubmissionRow, event: EventDraft)
    -> Result<(), StoreError>;
    /// All submissions, by platform and subject.
    async fn submissions(&self) -> Result<Vec<SubmissionRow>, StoreError>;
    /// The 网证 of a person.
    async fn credential_of(&self, person: PersonId) -> Result<Option<WangzhengRow>, StoreError>;
    /// Moves a 网证 from one state to another, where no suspension is left over, and tells the person, in one unit:
    /// revoked or reinstated. Event outcome `done` or `not_in_state` (then nobody is told).
    async fn change_wangzheng_and_tell(
        &self,
        person: PersonId,
        change: (WangzhengState, WangzhengState),
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError>;
    /// How many 网证 of a bucket are in each state.
    async fn count_wangzheng(
        &self,
        bucket: Bucket,
    ) -> Result<Vec<(WangzhengState, u64)>, StoreError>;
    /// One proposal.
    async fn proposal(&self, id: &ProposalId) -> Result<Option<ProposalRow>, StoreError>;
    /// Proposals in a state, or all, newest first.
    async fn proposals(
        &self,
        state: Option<ProposalState>,
        limit: u32,
    ) -> Result<Vec<ProposalRow>, StoreError>;
}
