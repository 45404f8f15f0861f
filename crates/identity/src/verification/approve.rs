//! A person decides a request (核验, the second step). Model file: a rule.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::{Digest, sha256, sm3};

use crate::audit::{AuditEvent, EventDraft};
use crate::person::HolderView;
use crate::pin::{self, Pin, PinDebited};
use crate::proofing::FaceAnswer;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::statement::{ProvenDevice, Uses};
use crate::wangzheng::WangzhengState;

use super::decision::{APPROVAL_TYPE, Approval, Choice, Decision, DecisionError, DecisionRefused};
use super::redeem::Grant;
use super::request::OpenRequest;
use super::{RequestTaken, TakenBy};

/// A decision whose device proved its key and which is about exactly this request.
/// Only [`Service::prove_decision`] makes one.
pub struct ProvenDecision {
    proven: ProvenDevice<Approval>,
    request: OpenRequest,
    /// Names this very statement: the same one again is the same decision (B2).
    identity: Digest,
}

impl ProvenDecision {
    /// What was decided.
    pub fn approval(&self) -> &Approval {
        self.proven.statement()
    }

    pub(super) fn view(&self) -> &HolderView {
        self.proven.view()
    }
}

impl Service {
    /// Checks who decides, and about what. `text` is the sealed request as the platform got it.
    pub async fn prove_decision(
        &self,
        text: &str,
        request: OpenRequest,
        statement: &str,
    ) -> Result<ProvenDecision, DecisionError> {
        let proven: ProvenDevice<Approval> = self
            .proven_device(statement, APPROVAL_TYPE, Uses::GuardedByTarget)
            .await?;
        let transaction = Base64UrlUnpadded::encode_string(&sha256(&[text.as_bytes()]).0);
        if proven.statement().transaction != transaction {
            return Err(DecisionRefused::OtherRequest.into());
        }
        let identity = sm3(&[
            b"wangzheng-decision",
            &request.digest.0,
            statement.as_bytes(),
        ]);
        Ok(ProvenDecision {
            proven,
            request,
            identity,
        })
    }

    /// Takes the decision: one request, one decision, whoever races (B2).
    pub async fn decide(&self, decision: &ProvenDecision) -> Result<Decision, DecisionError> {
        match decision.approval().decision {
            Choice::Refuse => self.refuse(decision).await,
            Choice::Approve => self.approve(decision).await,
        }
    }

    /// Refusing takes the request, and only the person keeps a record of it (R8.1, C1).
    async fn refuse(&self, decision: &ProvenDecision) -> Result<Decision, DecisionError> {
        // 1. Take the request, by this very statement: nobody else's refusal is the same again.
        if self.take(decision).await? == RequestTaken::SameAgain {
            return Ok(Decision::Refused);
        }
        // 2. The person's own record.
        let person = &decision.view().person;
        let day = self.now().day();
        let entry = InboxEntry::seal(
            person.person,
            day,
            &decision.request.refusal_note(decision.approval().iat),
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("a history key does not seal"))?;
        let event = AuditEvent::VerificationRefused {
            person: person.person,
            day,
        };
        let event = EventDraft::new(event, self.random());
        self.store
            .put_receipt(entry, event)
            .await
            .map_err(Fault::from)?;
        Ok(Decision::Refused)
    }

    async fn approve(&self, decision: &ProvenDecision) -> Result<Decision, DecisionError> {
        let view = decision.view();
        let approval = decision.approval();
        let request = &decision.request;
        // 1. The 网证 is usable today (R2.2). Minors hold none yet, so no age rule applies here.
        let state = view.wangzheng.state_on(self.now().day());
        if state != WangzhengState::Active {
            return Err(DecisionRefused::NotActive(state).into());
        }
        // 2. Consent covers nothing that was not asked (R8.2).
        let asked = &request.request.attributes;
        if !approval
            .attributes
            .iter()
            .all(|attribute| asked.contains(attribute))
        {
            return Err(DecisionRefused::AttributeNotRequested.into());
        }
        // 3. What the mode asks beside the device key (S6); the face first, for it costs no attempt.
        if request.request.mode.asks_face() {
            self.check_face(approval).await?;
        }
        if request.request.mode.asks_pin() {
            self.check_pin(view, approval).await?;
        }
        // 4. Take the request; the same statement again gets its answer again.
        self.take(decision).await?;
        // 5. The code: everything the exchange needs, sealed.
        let grant = Grant::new(decision.identity, view, request, approval.iat, self)?;
        Ok(Decision::Approved {
            code: grant.seal(self)?,
        })
    }

    async fn take(&self, decision: &ProvenDecision) -> Result<RequestTaken, DecisionError> {
        let by = TakenBy::Code(decision.identity);
        let event = AuditEvent::RequestTaken {
            minute: self.now().minute(),
        };
        let event = EventDraft::new(event, self.random());
        let expires_at = decision.request.request.expires_at;
        let taken = self
            .store
            .take_request(&decision.request.digest, by, expires_at, event)
            .await
            .map_err(Fault::from)?;
        match taken {
            RequestTaken::Taken | RequestTaken::SameAgain => Ok(taken),
            RequestTaken::AlreadyTaken => Err(DecisionRefused::AlreadyDecided.into()),
        }
    }

    async fn check_face(&self, approval: &Approval) -> Result<(), DecisionError> {
        let sample = approval
            .face
            .as_deref()
            .ok_or(DecisionRefused::FaceNeeded)?;
        match self.face.compare(sample).await {
            FaceAnswer::Match => Ok(()),
            FaceAnswer::NoMatch => Err(DecisionRefused::FaceMismatch.into()),
        }
    }

    /// Spends an attempt durably, then compares, then gives it back (design §4 PIN). The device has
    /// signed already, so nobody can lock out another.
    pub(crate) async fn check_pin(
        &self,
        view: &HolderView,
        approval: &Approval,
    ) -> Result<(), DecisionError> {
        let typed = approval.pin.as_deref().ok_or(DecisionRefused::PinNeeded)?;
        self.check_typed_pin(view, typed).await
    }

    /// The same for any act that asks the 口令.
    pub(crate) async fn check_typed_pin(
        &self,
        view: &HolderView,
        typed: &str,
    ) -> Result<(), DecisionError> {
        let person = view.person.person;
        let attempt = || {
            let event = AuditEvent::PinAttempted {
                person,
                day: self.now().day(),
            };
            EventDraft::new(event, self.random())
        };
        let row = match self.store.debit_pin(person, self.now(), attempt()).await {
            Ok(PinDebited::Spent(row)) => row,
            Ok(PinDebited::LockedUntil(until)) => {
                return Err(DecisionRefused::PinLocked { until }.into());
            }
            Ok(PinDebited::NotSet) => return Err(Fault::Invariant("no PIN row").into()),
            Err(error) => return Err(Fault::from(error).into()),
        };
        let stored = self.open_pin(&view.person, &row)?;
        let right = match Pin::parse(typed) {
            Ok(pin) => {
                let presented = pin.digest(person, self.keys()).map_err(Fault::from)?;
                pin::matches(&stored, &presented)
            }
            Err(_) => false,
        };
        if right {
            self.store
                .refund_pin(person, attempt())
                .await
                .map_err(Fault::from)?;
            return Ok(());
        }
        match row.locked_until {
            Some(until) => Err(DecisionRefused::PinLocked { until }.into()),
            None => Err(DecisionRefused::PinWrong {
                attempts_left: row.attempts_left,
            }
            .into()),
        }
    }
}
