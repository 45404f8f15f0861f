//! 网证: the credential and its states (R2.2).

use async_trait::async_trait;

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::PersonId;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod credential;
mod state;
mod suspension;

pub use state::{TransitionReason, WangzhengState};
pub use suspension::Suspension;

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
