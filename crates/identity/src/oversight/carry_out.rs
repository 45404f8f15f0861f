//! Carrying out what two persons agreed to: once, also when the service stops in between (R12.1, B2).

use super::two_persons::{NotPossible, OversightError};
use super::{Act, ProposalState, TwoPersons};
use crate::audit::{AuditEvent, EventDraft};
use crate::service::{Fault, Service};
use crate::staff::ActingStaff;

/// What came of an act, by a name: `done`, or why there was nothing to do any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done(pub &'static str);

/// Most proposals picked up at a start.
const MOST: u32 = 1000;

impl Service {
    /// Whether an act makes sense as things stand, before it is proposed. One arm for each act.
    pub(super) async fn check_act(
        &self,
        staff: &ActingStaff,
        act: &Act,
    ) -> Result<(), OversightError> {
        // A role that does not propose the act learns nothing of what it is about.
        if !act.name().proposers().contains(&staff.role()) {
            return Err(super::OversightRefused::WrongRole.into());
        }
        let possible: Result<(), NotPossible> = match act {
            Act::OpenAccount { .. } | Act::CloseAccount { .. } => self.check_account(act).await?,
            Act::ProvideLegalRequest { request } => {
                let drafted = self.drafted_request(request).await?;
                drafted.map(drop).ok_or(NotPossible {
                    rule: "R9.4",
                    text: "no drafted legal request has this number",
                })
            }
            Act::RegisterPlatform { .. }
            | Act::ApproveScenario { .. }
            | Act::WithdrawScenario { .. } => self.check_review(act).await?,
            Act::SuspendWangzheng { .. }
            | Act::RevokeWangzheng { .. }
            | Act::ReinstateWangzheng { .. } => self.check_credential(act).await?,
            Act::ReadMinor { .. } => self.check_ticket(act).await?,
            Act::RaiseGeneration { .. } => self.check_recovery_review(act).await?,
            Act::SuspendPlatform { .. } | Act::LiftPlatform { .. } => self.check_standing(act),
            Act::PublishNotice { notice } => self.check_publication(notice),
            Act::ExceptNotice { exception } => exception.check(self.now().day()),
            Act::ApproveExport { assessment } => assessment.check(self.now().day()),
        };
        Ok(possible?)
    }

    /// Does it and marks it done. Each method it calls changes nothing the second time, so what a stop interrupted is
    /// simply begun again ([`Service::resume_confirmed`]). One arm for each act. Event `act_done`.
    pub async fn carry_out(&self, two: TwoPersons) -> Result<Done, Fault> {
        let id = two.id().clone();
        let done = match two.act() {
            Act::OpenAccount { .. } | Act::CloseAccount { .. } => self.change_account(two).await?,
            Act::ProvideLegalRequest { .. } => self.provide_legal_request(two).await?,
            Act::RegisterPlatform { .. }
            | Act::ApproveScenario { .. }
            | Act::WithdrawScenario { .. } => self.put_in_force(two).await?,
            Act::SuspendWangzheng { .. }
            | Act::RevokeWangzheng { .. }
            | Act::ReinstateWangzheng { .. } => self.change_credential(two).await?,
            Act::ReadMinor { .. } => Self::give_ticket(&two),
            Act::RaiseGeneration { .. } => self.raise_reviewed(two).await?,
            Act::SuspendPlatform { .. } | Act::LiftPlatform { .. } => {
                self.change_standing(two).await?
            }
            Act::PublishNotice { .. } => self.publish_notice(two).await?,
            // The proposal with its two signatures is the record; what asks for it reads it there.
            Act::ExceptNotice { .. } | Act::ApproveExport { .. } => Done("recorded"),
        };
        let event = AuditEvent::ActDone {
            proposal: id.clone(),
            result: done.0.to_owned(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        self.store
            .finish_proposal(&id, done.0, self.now(), event)
            .await?;
        Ok(done)
    }

    /// Carries out what was confirmed and not done: called at the start of the service. How many.
    pub async fn resume_confirmed(&self) -> Result<usize, Fault> {
        let waiting = self
            .store
            .proposals(Some(ProposalState::Confirmed), MOST)
            .await?;
        let mut resumed = 0;
        for two in waiting.into_iter().filter_map(TwoPersons::of) {
            self.carry_out(two).await?;
            resumed += 1;
        }
        Ok(resumed)
    }
}
