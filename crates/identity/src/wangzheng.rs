//! 网证: the credential and its states (R2.2).

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::PersonId;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod credential;

/// The states of a 网证 (R2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WangzhengState {
    /// Usable.
    Active,
    /// Locked by the person; only the person unlocks it.
    Locked,
    /// Suspended for a listed reason (C3, R15.2); appeal or renewal lifts it.
    Suspended,
    /// The person asked to leave: nothing is verified any more, only leaving goes on or is cancelled (R9.5).
    Leaving,
    /// Replaced by a newer one.
    Superseded,
    /// Past its validity.
    Expired,
    /// Ended for good.
    Revoked,
}

/// Why a state changed; there is no other reason (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionReason {
    /// The person locked it.
    LockedByPerson,
    /// The person unlocked it.
    UnlockedByPerson,
    /// The document expired, was lost or cancelled (R15.2).
    DocumentNotValid,
    /// The document was renewed (R15.2).
    DocumentRenewed,
    /// The person restricted the processing (PIPL 44).
    RestrictedByPerson,
    /// The person lifted the restriction.
    RestrictionLifted,
    /// A newer credential was issued.
    Reissued,
    /// Its validity ended.
    ValidityEnded,
    /// The person asked to leave (R9.5). Cancelling leads back to where it was, which the row of leaving remembers.
    LeaveRequested,
    /// Two members of staff agreed on a listed reason (C3).
    SuspendedOnReview,
    /// Two members of staff agreed on a listed reason (C3).
    RevokedOnReview,
    /// An appeal was upheld (C3).
    Reinstated,
    /// The person left (R9.5).
    PersonLeft,
}

impl WangzhengState {
    /// The name stored and logged.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Suspended => "suspended",
            Self::Leaving => "leaving",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Active,
            Self::Locked,
            Self::Suspended,
            Self::Leaving,
            Self::Superseded,
            Self::Expired,
            Self::Revoked,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }

    /// Where a reason leads from here; `None` when it does not apply. The whole machine.
    pub fn after(self, reason: TransitionReason) -> Option<Self> {
        use TransitionReason as R;
        match (self, reason) {
            // Reinstated to a lock: who reinstates must not unlock what its holder locked.
            (Self::Active, R::LockedByPerson) | (Self::Suspended, R::Reinstated) => {
                Some(Self::Locked)
            }
            (Self::Locked, R::UnlockedByPerson)
            | (Self::Suspended | Self::Expired, R::DocumentRenewed)
            | (Self::Suspended, R::RestrictionLifted) => Some(Self::Active),
            (
                Self::Active | Self::Locked,
                R::DocumentNotValid | R::RestrictedByPerson | R::SuspendedOnReview,
            ) => Some(Self::Suspended),
            (Self::Active | Self::Locked | Self::Suspended, R::ValidityEnded) => {
                Some(Self::Expired)
            }
            (Self::Active | Self::Locked | Self::Suspended | Self::Expired, R::Reissued) => {
                Some(Self::Superseded)
            }
            // R9.5: restricted at once; the erasure itself ends it.
            (
                Self::Active | Self::Locked | Self::Suspended | Self::Expired | Self::Superseded,
                R::LeaveRequested,
            ) => Some(Self::Leaving),
            (Self::Revoked, R::PersonLeft) => None,
            (_, R::PersonLeft)
            | (
                Self::Active | Self::Locked | Self::Suspended | Self::Expired | Self::Superseded,
                R::RevokedOnReview,
            ) => Some(Self::Revoked),
            _ => None,
        }
    }
}

impl TransitionReason {
    /// All reasons.
    pub const ALL: [Self; 13] = [
        Self::LockedByPerson,
        Self::UnlockedByPerson,
        Self::DocumentNotValid,
        Self::DocumentRenewed,
        Self::RestrictedByPerson,
        Self::RestrictionLifted,
        Self::Reissued,
        Self::ValidityEnded,
        Self::LeaveRequested,
        Self::SuspendedOnReview,
        Self::RevokedOnReview,
        Self::Reinstated,
        Self::PersonLeft,
    ];

    /// The name stored and logged.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LockedByPerson => "locked_by_person",
            Self::UnlockedByPerson => "unlocked_by_person",
            Self::DocumentNotValid => "document_not_valid",
            Self::DocumentRenewed => "document_renewed",
            Self::RestrictedByPerson => "restricted_by_person",
            Self::RestrictionLifted => "restriction_lifted",
            Self::Reissued => "reissued",
            Self::ValidityEnded => "validity_ended",
            Self::LeaveRequested => "leave_requested",
            Self::SuspendedOnReview => "suspended_on_review",
            Self::RevokedOnReview => "revoked_on_review",
            Self::Reinstated => "reinstated",
            Self::PersonLeft => "person_left",
        }
    }
}

/// The row of a 网证: one in force per person; each device holds a copy bound to its own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WangzhengRow {
    /// Whose.
    pub person: PersonId,
    /// Rises with each re-issue, from 1.
    pub serial: u32,
    /// State.
    pub state: WangzhengState,
    /// First day of validity.
    pub issued_on: Day,
    /// Last day of validity: never past the document's own.
    pub valid_until: Day,
    /// Why it is suspended, where [`WangzhengRow::state`] says so.
    pub suspended_for: Option<Suspension>,
    /// Whether it was locked when it was suspended: the lock is there again afterwards.
    pub locked_under: bool,
    /// Since when the person restricts the processing, if so (PIPL 44).
    pub restricted_on: Option<Day>,
    /// Whether the validity ends because the document's does (R15.2).
    pub ends_with_document: bool,
    /// When the registry was last asked (R15.2).
    pub document_checked_on: Day,
    /// A correction that waits until the registry answers, sealed under the person's data key.
    pub waiting: Option<Vec<u8>>,
}

/// Why a 网证 is suspended; there is no other reason (C3, R15.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspension {
    /// The document is past its validity.
    DocumentExpired,
    /// The document was reported lost.
    DocumentLost,
    /// The document was cancelled.
    DocumentCancelled,
    /// The registry does not confirm number, name and date of birth any more.
    DocumentUnconfirmed,
    /// It was got with another human's document: found by two members of staff, open to appeal, as those that follow.
    Impersonation,
    /// The service made a mistake when it issued.
    IssuedInError,
    /// The device key is in wrong hands, and the person cannot be reached to lock it.
    KeyStolen,
    /// The registry reports the holder's death.
    HolderDied,
}

impl Suspension {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DocumentExpired,
        Self::DocumentLost,
        Self::DocumentCancelled,
        Self::DocumentUnconfirmed,
        Self::Impersonation,
        Self::IssuedInError,
        Self::KeyStolen,
        Self::HolderDied,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentExpired => "document_expired",
            Self::DocumentLost => "document_lost",
            Self::DocumentCancelled => "document_cancelled",
            Self::DocumentUnconfirmed => "document_unconfirmed",
            Self::Impersonation => "impersonation",
            Self::IssuedInError => "issued_in_error",
            Self::KeyStolen => "key_stolen",
            Self::HolderDied => "holder_died",
        }
    }

    /// The reason of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == name)
    }

    /// Whether a document in force lifts it.
    pub fn is_of_document(self) -> bool {
        matches!(
            self,
            Self::DocumentExpired
                | Self::DocumentLost
                | Self::DocumentCancelled
                | Self::DocumentUnconfirmed
        )
    }
}

impl WangzhengRow {
    /// The state on a day: validity ends by itself (R2.2), no job needed. A document past its own
    /// suspends (R15.2), and so does a restriction (PIPL 44).
    pub fn state_on(&self, today: Day) -> WangzhengState {
        let over = today > self.valid_until;
        match self.state {
            WangzhengState::Active | WangzhengState::Locked => {
                if self.document_ended(today) || (!over && self.restricted_on.is_some()) {
                    WangzhengState::Suspended
                } else if over {
                    WangzhengState::Expired
                } else {
                    self.state
                }
            }
            state => state,
        }
    }

    /// Whether the document's last day is over.
    pub fn document_ended(&self, today: Day) -> bool {
        self.ends_with_document && today > self.valid_until
    }

    /// Why it is suspended on a day, if it is for one of the listed reasons.
    pub fn suspension_on(&self, today: Day) -> Option<Suspension> {
        match self.state {
            WangzhengState::Suspended => self.suspended_for,
            WangzhengState::Active | WangzhengState::Locked if self.document_ended(today) => {
                Some(Suspension::DocumentExpired)
            }
            _ => None,
        }
    }
}

/// What became of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transitioned {
    /// It is in the new state.
    Changed,
    /// It was not in the expected state; nothing changed.
    NotInState(WangzhengState),
}

/// 网证 in the store.
#[async_trait]
pub trait WangzhengStore: Send + Sync {
    /// The row of a person.
    async fn wangzheng(&self, person: PersonId) -> Result<Option<WangzhengRow>, StoreError>;
    /// Suspends what is active or locked, for a listed reason, and tells the person in the same unit
    /// (C3). Event outcome `done` or `not_in_state` (then nobody is told).
    async fn suspend_wangzheng(
        &self,
        person: PersonId,
        why: Suspension,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError>;
    /// Restricts the processing from a day on, or lifts the restriction, and tells the person;
    /// `false` when it is so already. Event outcome `done` or `not_in_state` (then nobody is told).
    async fn restrict_wangzheng(
        &self,
        person: PersonId,
        since: Option<Day>,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Moves from one state to another if it is in the first; a person without a 网证 counts as
    /// revoked. Event outcome `done` or `not_in_state`.
    async fn transition_wangzheng(
        &self,
        person: PersonId,
        from: WangzhengState,
        to: WangzhengState,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use TransitionReason as R;
    use WangzhengState as S;

    const STATES: [S; 7] = [
        S::Active,
        S::Locked,
        S::Suspended,
        S::Leaving,
        S::Superseded,
        S::Expired,
        S::Revoked,
    ];

    #[test]
    fn r2_2_every_transition_is_listed_and_no_other_exists() {
        let listed = [
            (S::Active, R::LockedByPerson, S::Locked),
            (S::Locked, R::UnlockedByPerson, S::Active),
            (S::Active, R::DocumentNotValid, S::Suspended),
            (S::Locked, R::DocumentNotValid, S::Suspended),
            (S::Suspended, R::DocumentRenewed, S::Active),
            (S::Active, R::SuspendedOnReview, S::Suspended),
            (S::Locked, R::SuspendedOnReview, S::Suspended),
            (S::Suspended, R::Reinstated, S::Locked),
            (S::Active, R::RevokedOnReview, S::Revoked),
            (S::Locked, R::RevokedOnReview, S::Revoked),
            (S::Suspended, R::RevokedOnReview, S::Revoked),
            (S::Expired, R::RevokedOnReview, S::Revoked),
            (S::Superseded, R::RevokedOnReview, S::Revoked),
            (S::Expired, R::DocumentRenewed, S::Active),
            (S::Active, R::RestrictedByPerson, S::Suspended),
            (S::Locked, R::RestrictedByPerson, S::Suspended),
            (S::Suspended, R::RestrictionLifted, S::Active),
            (S::Active, R::ValidityEnded, S::Expired),
            (S::Locked, R::ValidityEnded, S::Expired),
            (S::Suspended, R::ValidityEnded, S::Expired),
            (S::Active, R::Reissued, S::Superseded),
            (S::Locked, R::Reissued, S::Superseded),
            (S::Suspended, R::Reissued, S::Superseded),
            (S::Expired, R::Reissued, S::Superseded),
            (S::Active, R::LeaveRequested, S::Leaving),
            (S::Locked, R::LeaveRequested, S::Leaving),
            (S::Suspended, R::LeaveRequested, S::Leaving),
            (S::Expired, R::LeaveRequested, S::Leaving),
            (S::Superseded, R::LeaveRequested, S::Leaving),
            (S::Leaving, R::PersonLeft, S::Revoked),
            (S::Active, R::PersonLeft, S::Revoked),
            (S::Locked, R::PersonLeft, S::Revoked),
            (S::Suspended, R::PersonLeft, S::Revoked),
            (S::Expired, R::PersonLeft, S::Revoked),
            (S::Superseded, R::PersonLeft, S::Revoked),
        ];
        for from in STATES {
            for reason in R::ALL {
                let expected = listed
                    .iter()
                    .find(|(f, r, _)| (*f, *r) == (from, reason))
                    .map(|(_, _, to)| *to);
                assert_eq!(from.after(reason), expected, "{from:?} {reason:?}");
            }
        }
    }

    #[test]
    fn c3_nobody_but_the_person_locks_and_revoked_is_final() {
        for reason in R::ALL {
            assert_eq!(S::Revoked.after(reason), None);
        }
    }

    fn row(state: S) -> WangzhengRow {
        let random = crypto::random::SeededRandom::new(1);
        let bucket = crate::id::Bucket::new(5).unwrap();
        WangzhengRow {
            person: PersonId::generate(bucket, &random),
            serial: 1,
            state,
            issued_on: Day(100),
            valid_until: Day(200),
            suspended_for: None,
            locked_under: false,
            restricted_on: None,
            ends_with_document: true,
            document_checked_on: Day(100),
            waiting: None,
        }
    }

    #[test]
    fn r15_2_a_document_past_its_last_day_suspends_by_itself() {
        for state in [S::Active, S::Locked] {
            let row = row(state);
            assert_eq!(
                (row.state_on(Day(200)), row.suspension_on(Day(200))),
                (state, None)
            );
            assert_eq!(row.state_on(Day(201)), S::Suspended);
            let why = row.suspension_on(Day(201));
            assert_eq!(why, Some(Suspension::DocumentExpired));
            let own = WangzhengRow {
                ends_with_document: false,
                ..row
            };
            assert_eq!(own.state_on(Day(201)), S::Expired, "its own end");
            assert_eq!(own.suspension_on(Day(201)), None);
        }
        assert_eq!(row(S::Revoked).state_on(Day(201)), S::Revoked);
    }

    #[test]
    fn p_rights_a_restricted_one_is_suspended_for_no_listed_reason() {
        for state in STATES {
            let restricted = WangzhengRow {
                restricted_on: Some(Day(150)),
                ..row(state)
            };
            let expected = match state {
                S::Active | S::Locked => S::Suspended,
                other => other,
            };
            assert_eq!(restricted.state_on(Day(160)), expected);
            assert_eq!(restricted.suspension_on(Day(160)), None);
        }
    }

    #[test]
    fn names_are_read_back() {
        for why in Suspension::ALL {
            assert_eq!(Suspension::from_name(why.as_str()), Some(why));
        }
        for state in STATES {
            assert_eq!(S::from_name(state.as_str()), Some(state));
        }
        assert_eq!(S::from_name("blocked"), None);
    }
}
