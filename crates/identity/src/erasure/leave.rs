//! A person leaves (注销): asks, is restricted at once, may think again while the cooling-off runs (R9.5).

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::PersonId;
use crate::person::PersonRow;
use crate::person::recover::{Act, person_of};
use crate::service::{Fault, Service};
use crate::signal::Recipients;
use crate::statement::ProvenDevice;
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wangzheng::WangzhengState;

use super::{LeaveAsked, LeaveReason};

/// What a person on the way out may still do: leave, think again, and read what is theirs.
pub(crate) const ACTS_OF_LEAVING: [&str; 6] = [
    "leave",
    "leave_cancel",
    "receipts",
    "devices",
    "rights",
    "rights_export",
];

/// A duty that must be handed on before its bearer may leave, with the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "duty", rename_all = "snake_case")]
pub enum OpenDuty {
    /// Guardian of children who have no other one (R4.2, R5.2): another guardian takes over, or the guardianship ends.
    GuardianOf {
        /// How many children.
        children: u32,
    },
}

/// Why somebody cannot leave, or not now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeaveRefused {
    /// The 口令.
    #[error(transparent)]
    Pin(DecisionRefused),
    /// R9.5: duties towards others come first.
    #[error(
        "R9.5: open duties; another guardian has to take over, or the guardianship has to end, before you can leave"
    )]
    OpenDuties(Vec<OpenDuty>),
    /// Nothing to leave.
    #[error("R9.5: there is nothing to leave")]
    NotPossible,
    /// Nothing to cancel, or too late.
    #[error("R9.5: no leaving is under way, or its cooling-off is over")]
    NotLeaving,
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] LeaveRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<DecisionError> for LeaveError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Refused(refused) => Self::Refused(LeaveRefused::Pin(refused)),
            DecisionError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// How far a leave is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// Erased; the receipt is the last thing the person gets.
    Erased {
        /// Compact JWS, `wz-erasure-receipt+jwt`.
        receipt: String,
    },
    /// Restricted; erased from then on, unless cancelled before.
    Restricted {
        /// When.
        erase_at: Timestamp,
    },
}

impl Service {
    /// Leaves: asks the 口令, restricts at once, and erases when there is no cooling-off.
    pub async fn leave(&self, proven: &ProvenDevice<Act>) -> Result<Leaving, LeaveError> {
        // 1. It is the person, not just somebody with the device: this cannot be undone.
        let pin = proven
            .statement()
            .pin
            .as_deref()
            .ok_or(LeaveRefused::Pin(DecisionRefused::PinNeeded))?;
        self.check_typed_pin(proven.view(), pin).await?;
        // 2. Nobody else may be left without what this person owes them.
        let duties = self.open_duties(&proven.view().person).await?;
        if !duties.is_empty() {
            return Err(LeaveRefused::OpenDuties(duties).into());
        }
        // 3. Restricted at once (R9.5).
        let now = self.now();
        let person = person_of(proven);
        let event = self.leave_event(person, "requested");
        let erase_at = now.plus(self.policy.leave_cooling_off);
        let asked = self
            .store
            .request_leave(person, now.day(), erase_at, event)
            .await
            .map_err(Fault::from)?;
        let erase_at = match asked {
            LeaveAsked::Restricted => erase_at,
            LeaveAsked::AlreadyLeaving(row) => row.erase_at,
            LeaveAsked::NotPossible(_) => return Err(LeaveRefused::NotPossible.into()),
        };
        if now < erase_at {
            return Ok(Leaving::Restricted { erase_at });
        }
        // 4. Without a cooling-off the same call erases; the device names whom to tell (C1).
        let told = Recipients::Named(self.platforms_of(&proven.statement().clients));
        let erased = self.erase(&proven.view().person, told).await?;
        let erased_on = erased.ok_or(LeaveRefused::NotPossible)?;
        let receipt = self.erasure_receipt(erased_on, &proven.view().device)?;
        Ok(Leaving::Erased { receipt })
    }

    /// Thinks again: the 网证 is what it was before. The state it came to.
    pub async fn cancel_leave(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<WangzhengState, LeaveError> {
        let person = person_of(proven);
        let event = self.leave_event(person, "cancelled");
        let cancelled = self
            .store
            .cancel_leave(person, LeaveReason::Requested, self.now(), event)
            .await
            .map_err(Fault::from)?;
        Ok(cancelled.ok_or(LeaveRefused::NotLeaving)?)
    }

    /// From when somebody on the way out is erased; `None` when nobody is.
    pub async fn leaving(&self, person: &PersonRow) -> Result<Option<Timestamp>, Fault> {
        let row = self.store.leave(person.person).await?;
        Ok(row
            .filter(|row| row.reason == LeaveReason::Requested)
            .map(|row| row.erase_at))
    }

    /// What the person owes others and cannot just drop.
    pub async fn open_duties(&self, person: &PersonRow) -> Result<Vec<OpenDuty>, Fault> {
        let children = self.guardian_duties(person.person).await?.len();
        let children = u32::try_from(children).unwrap_or(u32::MAX);
        Ok((children > 0)
            .then_some(OpenDuty::GuardianOf { children })
            .into_iter()
            .collect())
    }

    pub(super) fn leave_event(&self, person: PersonId, change: &str) -> EventDraft {
        let event = AuditEvent::LeaveChanged {
            person,
            day: self.now().day(),
            change: change.to_owned(),
        };
        EventDraft::new(event, self.random())
    }
}
