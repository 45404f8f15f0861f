//! Proposing, confirming, declining (R12.1): each with a fresh signature that names the act (R12.4).

use base32ct::{Base32Unpadded, Encoding};
use crypto::digest::Digest;
use crypto::random;
use serde::Deserialize;

use super::carry_out::Done;
use super::{Act, Answer, NotDecided, ProposalRow, ProposalState, Signed};
use crate::audit::{AuditEvent, EventDraft};
use crate::id::{ProposalId, StaffLogin};
use crate::service::{Fault, Service};
use crate::staff::sign_in::{SignInError, SignInRefused};
use crate::staff::{ActingStaff, Duty};

/// Two named persons agreed to one act. Only a stored confirmation makes one; the dangerous method takes it.
#[derive(Debug)]
pub struct TwoPersons {
    proposal: ProposalRow,
}

impl TwoPersons {
    /// Of a proposal that is confirmed.
    pub(super) fn of(proposal: ProposalRow) -> Option<Self> {
        (proposal.state == ProposalState::Confirmed).then_some(Self { proposal })
    }

    /// The proposal.
    pub fn id(&self) -> &ProposalId {
        &self.proposal.id
    }

    /// What they agreed to.
    pub fn act(&self) -> &Act {
        &self.proposal.act
    }

    /// The first person.
    pub fn proposer(&self) -> &StaffLogin {
        &self.proposal.proposed.login
    }

    /// The second person.
    pub fn confirmer(&self) -> Option<&StaffLogin> {
        self.proposal.decided.as_ref().map(|signed| &signed.login)
    }
}

/// Why a proposal or an answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OversightRefused {
    /// The role does not propose this act.
    #[error("R12.1: this role does not propose this act")]
    WrongRole,
    /// The act cannot be done as it stands.
    #[error("{0}")]
    NotPossible(NotPossible),
    /// The answer does not count.
    #[error(transparent)]
    NotDecided(#[from] NotDecided),
    /// The second person signed another act than the one proposed.
    #[error("R12.4: the signature names another act")]
    OtherAct,
    /// The signature itself.
    #[error(transparent)]
    Signature(#[from] SignInRefused),
}

/// Why an act makes no sense: told to who proposes, and to who confirms if it came later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {text}")]
pub struct NotPossible {
    /// The requirement.
    pub rule: &'static str,
    /// What is wrong.
    pub text: &'static str,
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum OversightError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] OversightRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<SignInError> for OversightError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(refused) => OversightRefused::Signature(refused).into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<NotPossible> for OversightError {
    fn from(not_possible: NotPossible) -> Self {
        OversightRefused::NotPossible(not_possible).into()
    }
}

/// What the first person signs.
#[derive(Deserialize)]
struct Proposes {
    proposed: Act,
}

/// What the second person signs.
#[derive(Deserialize)]
struct Answers {
    answer: Answer,
    proposal: ProposalId,
    digest: Digest,
}

impl Service {
    /// The first person proposes what the statement says. Event `act_proposed`.
    pub async fn propose(
        &self,
        staff: &ActingStaff,
        statement: &str,
    ) -> Result<ProposalId, OversightError> {
        // 1. R12.4: signed just now, with the registered key.
        let said: Proposes = self.staff_signed(staff, statement)?;
        // 2. Does it make sense as things stand?
        self.check_act(staff, &said.proposed).await?;
        // 3. Stored, if the account as stored may propose it.
        let id = Base32Unpadded::encode_string(&random::array::<10>(self.random()));
        let row = ProposalRow {
            id: ProposalId(id),
            act: said.proposed,
            state: ProposalState::Open,
            expires_at: self.now().plus(self.policy.proposal_life),
            proposed: self.signed(staff, statement),
            decided: None,
            done: None,
        };
        let event = AuditEvent::ActProposed {
            proposal: row.id.clone(),
            act: row.act.name(),
            digest: row.digest(),
            by: staff.login().clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let id = row.id.clone();
        if self.store.propose(row, event).await.map_err(Fault::from)? {
            Ok(id)
        } else {
            Err(OversightRefused::WrongRole.into())
        }
    }

    /// The second person confirms what the statement names. Event `act_decided`.
    pub async fn confirm(
        &self,
        staff: &ActingStaff,
        statement: &str,
    ) -> Result<TwoPersons, OversightError> {
        let row = self.decide_act(staff, statement, Answer::Confirm).await?;
        TwoPersons::of(row).ok_or(Fault::Invariant("a confirmed proposal is not").into())
    }

    /// The second person declines. Event `act_decided`.
    pub async fn decline(
        &self,
        staff: &ActingStaff,
        statement: &str,
    ) -> Result<(), OversightError> {
        self.decide_act(staff, statement, Answer::Decline).await?;
        Ok(())
    }

    /// Confirms and carries out.
    pub async fn confirm_and_carry_out(
        &self,
        staff: &ActingStaff,
        statement: &str,
    ) -> Result<Done, OversightError> {
        let two = self.confirm(staff, statement).await?;
        Ok(self.carry_out(two).await?)
    }

    async fn decide_act(
        &self,
        staff: &ActingStaff,
        statement: &str,
        expected: Answer,
    ) -> Result<ProposalRow, OversightError> {
        let said: Answers = self.staff_signed(staff, statement)?;
        if said.answer != expected {
            return Err(OversightRefused::OtherAct.into());
        }
        let row = self
            .store
            .proposal(&said.proposal)
            .await
            .map_err(Fault::from)?;
        let row = row.ok_or(OversightRefused::NotDecided(NotDecided::NotFound))?;
        // What was signed is what is proposed, to the last character. Acts never change once stored.
        if row.digest() != said.digest {
            return Err(OversightRefused::OtherAct.into());
        }
        let event = AuditEvent::ActDecided {
            proposal: said.proposal.clone(),
            decision: expected.as_str().to_owned(),
            by: staff.login().clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let signed = self.signed(staff, statement);
        let decided = self
            .store
            .decide_proposal(&said.proposal, expected, signed, event);
        let decided = decided.await.map_err(Fault::from)?;
        Ok(decided.map_err(OversightRefused::from)?)
    }

    /// The proposals a member of staff has to do with: those the role proposes or confirms; all, for the audit
    /// administrator. Newest first.
    pub async fn proposals_for(
        &self,
        staff: &ActingStaff,
        most: u32,
    ) -> Result<Vec<ProposalRow>, Fault> {
        let role = staff.role();
        let all = staff.may(Duty::ReadAudit);
        let mut rows = self.store.proposals(None, most).await?;
        rows.retain(|row| {
            let name = row.act.name();
            all || name.proposers().contains(&role) || name.confirmers().contains(&role)
        });
        Ok(rows)
    }

    fn signed(&self, staff: &ActingStaff, statement: &str) -> Signed {
        Signed {
            login: staff.login().clone(),
            name: staff.name().to_owned(),
            at: self.now(),
            statement: statement.to_owned(),
        }
    }
}
