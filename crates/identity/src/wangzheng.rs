//! 网证: the credential and its states (R2.2).

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::PersonId;
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
    /// A newer credential was issued.
    Reissued,
    /// Its validity ended.
    ValidityEnded,
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
            (Self::Active, R::LockedByPerson) => Some(Self::Locked),
            (Self::Locked, R::UnlockedByPerson) | (Self::Suspended, R::DocumentRenewed) => {
                Some(Self::Active)
            }
            (Self::Active | Self::Locked, R::DocumentNotValid) => Some(Self::Suspended),
            (Self::Active | Self::Locked | Self::Suspended, R::ValidityEnded) => {
                Some(Self::Expired)
            }
            (Self::Active | Self::Locked | Self::Suspended | Self::Expired, R::Reissued) => {
                Some(Self::Superseded)
            }
            (
                Self::Active | Self::Locked | Self::Suspended | Self::Expired | Self::Superseded,
                R::PersonLeft,
            ) => Some(Self::Revoked),
            _ => None,
        }
    }
}

impl TransitionReason {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::LockedByPerson,
        Self::UnlockedByPerson,
        Self::DocumentNotValid,
        Self::DocumentRenewed,
        Self::Reissued,
        Self::ValidityEnded,
        Self::PersonLeft,
    ];

    /// The name stored and logged.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LockedByPerson => "locked_by_person",
            Self::UnlockedByPerson => "unlocked_by_person",
            Self::DocumentNotValid => "document_not_valid",
            Self::DocumentRenewed => "document_renewed",
            Self::Reissued => "reissued",
            Self::ValidityEnded => "validity_ended",
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
}

impl WangzhengRow {
    /// The state on a day: validity ends by itself (R2.2), no job needed.
    pub fn state_on(&self, today: Day) -> WangzhengState {
        match self.state {
            WangzhengState::Active | WangzhengState::Locked if today > self.valid_until => {
                WangzhengState::Expired
            }
            state => state,
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

    const STATES: [S; 6] = [
        S::Active,
        S::Locked,
        S::Suspended,
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
            (S::Active, R::ValidityEnded, S::Expired),
            (S::Locked, R::ValidityEnded, S::Expired),
            (S::Suspended, R::ValidityEnded, S::Expired),
            (S::Active, R::Reissued, S::Superseded),
            (S::Locked, R::Reissued, S::Superseded),
            (S::Suspended, R::Reissued, S::Superseded),
            (S::Expired, R::Reissued, S::Superseded),
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

    #[test]
    fn names_are_read_back() {
        for state in STATES {
            assert_eq!(S::from_name(state.as_str()), Some(state));
        }
        assert_eq!(S::from_name("blocked"), None);
    }
}
