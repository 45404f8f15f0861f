//! Restrict: the person wants nothing done with the data but keeping it (PIPL 44, 47(2)).

use crate::audit::{AuditEvent, EventDraft};
use crate::person::recover::{Act, person_of};
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wangzheng::{TransitionReason, WangzhengState};

use super::note;

/// What became of a restriction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restricted {
    /// It is as the person wants it now.
    Done,
    /// It was so already, or the 网证 has ended.
    NotPossible(WangzhengState),
}

impl Service {
    /// From now on the 网证 answers no platform. One tap, like a lock: it protects.
    pub async fn restrict(&self, proven: &ProvenDevice<Act>) -> Result<Restricted, Fault> {
        self.set_restricted(proven, TransitionReason::RestrictedByPerson)
            .await
    }

    /// Lifts it; asks the 口令, for lifting opens what was shut.
    pub async fn unrestrict(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<Restricted, DecisionError> {
        let pin = proven.statement().pin.as_deref();
        let pin = pin.ok_or(DecisionRefused::PinNeeded)?;
        self.check_typed_pin(proven.view(), pin).await?;
        let reason = TransitionReason::RestrictionLifted;
        Ok(self.set_restricted(proven, reason).await?)
    }

    async fn set_restricted(
        &self,
        proven: &ProvenDevice<Act>,
        reason: TransitionReason,
    ) -> Result<Restricted, Fault> {
        let (person, today) = (person_of(proven), self.now().day());
        let restricts = reason == TransitionReason::RestrictedByPerson;
        let (since, told) = if restricts {
            (Some(today), note::restricted())
        } else {
            (None, note::restriction_lifted())
        };
        let mut after = proven.view().wangzheng.clone();
        after.restricted_on = since;
        let event = AuditEvent::WangzhengChanged {
            person,
            day: today,
            to: after.state_on(today).as_str().to_owned(),
            reason: reason.as_str().to_owned(),
        };
        let event = EventDraft::new(event, self.random());
        let notice = self.note_entry(&proven.view().person, &told)?;
        let changed = self
            .store
            .restrict_wangzheng(person, since, notice, event)
            .await?;
        Ok(if changed {
            Restricted::Done
        } else {
            Restricted::NotPossible(proven.view().wangzheng.state_on(today))
        })
    }
}
