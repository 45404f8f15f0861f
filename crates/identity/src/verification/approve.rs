//! A person decides a request (核验, the second step). Model file: a rule.

use crypto::digest::{Digest, sm3};

use crate::audit::{AuditEvent, EventDraft};
use crate::consent::platform::DisclosureConsent;
use crate::disclosure::presented::transaction_digest;
use crate::disclosure::{ConsentedAttributes, Recipient};
use crate::guardianship::usage::Clearance;
use crate::person::HolderView;
use crate::pin::{self, Pin, PinAttempt, PinSettled};
use crate::proofing::FaceAnswer;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::statement::{LEEWAY, ProvenDevice, Uses};
use crate::wangzheng::WangzhengState;

use super::decision::{
    APPROVAL_TYPE, Approval, Choice, Decision, DecisionError, DecisionRefused, HandedIn,
};
use super::redeem::Grant;
use super::request::OpenRequest;
use super::{Redemption, RequestTaken, TakenBy};

/// A decision whose device proved its key and which is about exactly this request.
/// Only [`Service::prove_decision`] makes one.
pub struct ProvenDecision {
    proven: ProvenDevice<Approval>,
    request: OpenRequest,
    /// What the device shows of the credential; checked when the consent is.
    presentation: Option<String>,
    /// Names this very statement: the same one again is the same decision (B2).
    identity: Digest,
    /// What a guardian states beside it (R5.2).
    guardian: Option<String>,
}

impl ProvenDecision {
    /// What was decided.
    pub fn approval(&self) -> &Approval {
        self.proven.statement()
    }

    /// The request that was decided.
    pub(crate) fn request(&self) -> &OpenRequest {
        &self.request
    }

    pub(super) fn view(&self) -> &HolderView {
        self.proven.view()
    }

    pub(super) fn request_digest(&self) -> Digest {
        self.request.digest
    }
}

/// Names a decision: this statement about this request.
pub(crate) fn decision_identity(request: &Digest, statement: &str) -> Digest {
    sm3(&[b"wangzheng-decision", &request.0, statement.as_bytes()])
}

impl Service {
    /// Checks who decides, and about what. `text` is the sealed request as the platform got it.
    pub async fn prove_decision(
        &self,
        text: &str,
        request: OpenRequest,
        handed_in: HandedIn<'_>,
    ) -> Result<ProvenDecision, DecisionError> {
        let statement = handed_in.statement;
        let proven: ProvenDevice<Approval> = self
            .proven_device(statement, APPROVAL_TYPE, Uses::GuardedByTarget)
            .await?;
        if proven.statement().transaction != transaction_digest(text) {
            return Err(DecisionRefused::OtherRequest.into());
        }
        let identity = decision_identity(&request.digest, statement);
        Ok(ProvenDecision {
            proven,
            request,
            presentation: handed_in.presentation.map(str::to_owned),
            identity,
            guardian: handed_in.guardian.map(str::to_owned),
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
        self.take(decision).await?;
        // 2. The person's own record.
        self.note_refusal(decision).await?;
        Ok(Decision::Refused)
    }

    /// The person's record, once: where the first try was cut short, the same statement again completes it.
    async fn note_refusal(&self, decision: &ProvenDecision) -> Result<(), DecisionError> {
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
        let kept = Redemption {
            code: decision.identity,
            person: person.person,
            today: day,
            expires_at: decision.request.request.expires_at.plus(2 * LEEWAY),
            receipt: entry,
        };
        self.store
            .keep_refusal(kept, event)
            .await
            .map_err(Fault::from)?;
        Ok(())
    }

    async fn approve(&self, decision: &ProvenDecision) -> Result<Decision, DecisionError> {
        let view = decision.view();
        let approval = decision.approval();
        let request = &decision.request;
        // 1. The 网证 is usable today (R2.2).
        let state = view.wangzheng.state_on(self.now().day());
        if state != WangzhengState::Active {
            if view.wangzheng.document_ended(self.now().day()) {
                // R15.2: found at use before the job came by; suspended with notice, or renewed.
                self.recheck(view.person.person).await?;
            }
            return Err(DecisionRefused::NotActive(state).into());
        }
        // 2. The guardian of a child under 14 consents to each use (Art. 5(2), R5.2); a no takes the request.
        let about = (approval.transaction.as_str(), request);
        let guardian = decision.guardian.as_deref();
        let cleared = match self.guardian_clears(view, about, guardian).await? {
            Clearance::Cleared(cleared) => cleared,
            Clearance::Refused => return self.refused_by_guardian(decision).await,
        };
        // 3. Every mandatory notice in force has this person's consent, the face its own (R9.2, R11.1).
        let mode = request.request.mode;
        self.check_agreements(view.person.person, approval, mode, &cleared)
            .await?;
        // 3. What leaves beside the result: nothing without consent, attribute by attribute, and exactly what the device
        // shows of it (Art. 8(2), R8.2).
        let consented = ConsentedAttributes::of(decision, &cleared, self)?;
        let shown = decision.presentation.as_deref();
        let values = self.presented(&consented, view, &approval.transaction, shown)?;
        // 4. What the mode asks beside the device key (S6); the face first, for it costs no attempt.
        if request.request.mode.asks_face() {
            self.check_face(approval).await?;
        }
        if request.request.mode.asks_pin() {
            self.check_pin(view, approval).await?;
        }
        // 5. Take the request; the same statement again gets its answer again.
        if self.take(decision).await? == RequestTaken::Taken {
            self.guardian_decided(&view.person, request, &cleared)
                .await?;
        }
        // 6. Whoever withdrew from this platform before has come back; a separate consent is kept (R8.2, R9.2).
        self.renew_platform_consent(&view.person, &request.platform.id)
            .await?;
        if !approval.attributes.is_empty() {
            let consent = DisclosureConsent {
                platform: &request.platform,
                scenario: request.scenario(),
                attributes: &approval.attributes,
            };
            self.record_disclosure_consent(&view.person, &consent)
                .await?;
        }
        // 7. The code: everything the exchange needs, sealed; values only as the platform's own ciphertext.
        let mut grant = Grant::new(decision.identity, view, request, approval.iat, self)?;
        let recipient = Recipient {
            open: request,
            subject: grant.subject(),
            person: &view.person,
        };
        grant.disclosed = self.disclose(&consented, values, &recipient)?;
        Ok(Decision::Approved {
            code: grant.seal(&cleared, self)?,
        })
    }

    /// A guardian's no, handed in by the child's device or said elsewhere: to the platform one refusal like any (R8.1).
    async fn refused_by_guardian(
        &self,
        decision: &ProvenDecision,
    ) -> Result<Decision, DecisionError> {
        match self.take_for_guardian(&decision.request).await? {
            RequestTaken::Taken => self.note_refusal(decision).await?,
            RequestTaken::SameAgain => {}
            RequestTaken::AlreadyTaken => return Err(DecisionRefused::AlreadyDecided.into()),
        }
        Ok(Decision::Refused)
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

    /// Compares, lets the store settle the attempt, and only then tells (design §4 PIN). The device
    /// has signed already, so nobody can lock out another.
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
        loop {
            let Some(row) = self.store.pin(person).await.map_err(Fault::from)? else {
                return Err(Fault::Invariant("no PIN row").into());
            };
            let stored = self.open_pin(&view.person, &row)?;
            let right = match Pin::parse(typed) {
                Ok(pin) => {
                    let presented = pin.digest(person, self.keys()).map_err(Fault::from)?;
                    pin::matches(&stored, &presented)
                }
                Err(_) => false,
            };
            let now = self.now();
            let event = AuditEvent::PinAttempted {
                person,
                day: now.day(),
            };
            let attempt = PinAttempt {
                person,
                compared_with: row.sealed_digest,
                right,
                now,
            };
            let event = EventDraft::new(event, self.random());
            let settled = self.store.settle_pin(attempt, event).await;
            return match settled.map_err(Fault::from)? {
                PinSettled::Right => Ok(()),
                PinSettled::Wrong(row) => Err(match row.locked_until {
                    Some(until) => DecisionRefused::PinLocked { until },
                    None => DecisionRefused::PinWrong {
                        attempts_left: row.attempts_left,
                    },
                }
                .into()),
                PinSettled::LockedUntil(until) => Err(DecisionRefused::PinLocked { until }.into()),
                // Another device set a new 口令 in between.
                PinSettled::Replaced => continue,
                PinSettled::NotSet => Err(Fault::Invariant("no PIN row").into()),
            };
        }
    }
}
