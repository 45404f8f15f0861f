//! The states of a 网证 and every way from one to another (R2.2, C3).

use serde::{Deserialize, Serialize};

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
}
