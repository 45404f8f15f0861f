//! A child asks a guardian who is elsewhere (R5.2, P23): the child's device leaves the request, a guardian decides, the
//! child's device goes on.
//!
//! The rows are hand-overs in buckets of their own digests, sealed, gone with the request (design §4). The first no of
//! any guardian settles a request; a yes can still become a no until the child's device has used it.

use crypto::digest::{Digest, sm3};
use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};

use crate::age::AgeGroup;
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::handover::desk::Held;
use crate::id::PersonId;
use crate::person::recover::Act;
use crate::person::{HolderView, PersonRow};
use crate::service::{Fault, Service};
use crate::statement::{ProvenDevice, Uses};
use crate::verification::decision::Choice;
use crate::verification::request::{OpenRequest, RequestInvalid};
use crate::verification::{RequestTaken, TakenBy};

use super::LinkSide;
use super::link::Weight;
use super::notes::{ChildDecision, about_request};
use super::statement::{
    GUARDIAN_TYPE, GuardianAct, GuardianError, GuardianRefused, GuardianSays, key_thumbprint,
};
use super::usage::{device_key, transaction_of};

const LABEL: &str = "guardian-request";
/// Requests of one child that may wait at once.
const SLOTS: u8 = 4;

/// A request that waits for a guardian.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Waiting {
    /// The sealed request.
    transaction: String,
    /// Thumbprint of the child's device that asked.
    key: String,
    answer: Option<Answered>,
}

/// What a guardian decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Answered {
    pub(super) guardian: PersonId,
    pub(super) approved: bool,
    pub(super) standing: bool,
}

/// What a guardian sees of a request.
pub struct GuardianRequest {
    /// The child's name, masked.
    pub child_name: String,
    /// Thumbprint of the child's device, to be named in the answer.
    pub key: String,
    /// The sealed request, whose digest the answer names.
    pub transaction: String,
    /// Who asks what.
    pub open: OpenRequest,
    /// Whether a guardian said yes already.
    pub approved: bool,
}

/// Where a request stands, for the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardianAnswer {
    /// Nobody decided yet.
    Waiting,
    /// A guardian said yes: the child's device may hand in the decision.
    Approved,
    /// A guardian said no: the request is over.
    Refused,
}

/// Why a guardian cannot be asked, or cannot decide.
#[derive(Debug, thiserror::Error)]
pub enum AskRefused {
    /// The request itself.
    #[error(transparent)]
    Request(#[from] RequestInvalid),
    /// The guardian.
    #[error(transparent)]
    Guardian(#[from] GuardianRefused),
    /// R4.5: at this age no guardian is asked.
    #[error("R4.5: no guardian is asked at this age")]
    NotNeeded,
    /// No guardian holds a 网证.
    #[error("R5.2: no guardian of the child holds a credential")]
    NoGuardian,
    /// Too many requests wait.
    #[error("too many requests wait for a guardian")]
    TooMany,
    /// There is no such request.
    #[error("there is no such request")]
    Unknown,
    /// The request was decided before.
    #[error("the request was decided before")]
    AlreadyDecided,
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// By a rule.
    #[error(transparent)]
    Refused(AskRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<AskRefused>> From<T> for AskError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

impl From<GuardianError> for AskError {
    fn from(error: GuardianError) -> Self {
        match error {
            GuardianError::Refused(refused) => AskRefused::Guardian(refused).into(),
            GuardianError::Fault(fault) => fault.into(),
        }
    }
}

impl Service {
    /// A child's device leaves a request for the guardians.
    pub async fn ask_guardian(
        &self,
        proven: &ProvenDevice<Act>,
        text: &str,
    ) -> Result<Timestamp, AskError> {
        // 1. This child, this request, and a guardian is needed for it.
        let view = proven.view();
        let named = proven.statement().transaction.as_deref();
        if named != Some(transaction_of(text).as_str()) {
            return Err(AskRefused::Unknown.into());
        }
        let open = self.open_request(text)?;
        if self.age_of(&view.person)? != AgeGroup::GuardianApplies {
            return Err(AskRefused::NotNeeded.into());
        }
        // 2. Somebody has to be there to decide.
        let mut links = self.open_links(&view.person, LinkSide::Child).await?;
        if links.is_empty() {
            links = self.refresh_guardians(&view.person).await?;
        }
        if links.is_empty() {
            return Err(AskRefused::NoGuardian.into());
        }
        // 3. Into a free place, or into one whose request is over; the same request again is the same.
        let key = key_thumbprint(&device_key(&view.device)?)?;
        let until = open.request.expires_at;
        let waiting = Waiting {
            transaction: text.to_owned(),
            key: key.clone(),
            answer: None,
        };
        let desk = self.desk(LABEL);
        if self.find(view.person.person, text, &key).await?.is_some() {
            return Ok(until);
        }
        for (slot, crowded) in (0..SLOTS)
            .map(|s| (s, false))
            .chain((0..SLOTS).map(|s| (s, true)))
        {
            let digest = self.slot(view.person.person, slot)?;
            if crowded {
                self.free_if_over(&digest).await?;
            }
            if desk.open(digest, &waiting, until).await? {
                return Ok(until);
            }
        }
        Err(AskRefused::TooMany.into())
    }

    /// What became of it.
    pub async fn asked_guardian(
        &self,
        proven: &ProvenDevice<Act>,
        text: &str,
    ) -> Result<GuardianAnswer, AskError> {
        let view = proven.view();
        let key = key_thumbprint(&device_key(&view.device)?)?;
        let found = self.find(view.person.person, text, &key).await?;
        let (_, held) = found.ok_or(AskRefused::Unknown)?;
        Ok(match held.content.answer {
            None => GuardianAnswer::Waiting,
            Some(Answered { approved: true, .. }) => GuardianAnswer::Approved,
            Some(Answered {
                approved: false, ..
            }) => GuardianAnswer::Refused,
        })
    }

    /// What waits for a guardian.
    pub async fn guardian_requests(
        &self,
        view: &HolderView,
    ) -> Result<Vec<GuardianRequest>, Fault> {
        let mut requests = Vec::new();
        for link in self.open_links(&view.person, LinkSide::Guardian).await? {
            let Some(child) = self.store.person(link.content.other).await? else {
                continue;
            };
            let child_name = self.masked_name(&child)?;
            for waiting in self.waiting(child.person).await? {
                let refused = waiting.answer.as_ref().is_some_and(|a| !a.approved);
                let Ok(open) = self.open_request(&waiting.transaction) else {
                    continue;
                };
                if refused || self.store.request_taken(&open.digest).await? {
                    continue;
                }
                requests.push(GuardianRequest {
                    child_name: child_name.clone(),
                    key: waiting.key,
                    transaction: waiting.transaction,
                    open,
                    approved: waiting.answer.is_some(),
                });
            }
        }
        Ok(requests)
    }

    /// A guardian decides from elsewhere. The first no settles the request.
    pub async fn guardian_decides(&self, statement: &str) -> Result<GuardianAnswer, AskError> {
        // 1. Who says what.
        let proven: ProvenDevice<GuardianSays> = self
            .proven_device(statement, GUARDIAN_TYPE, Uses::Once)
            .await
            .map_err(GuardianError::from)?;
        let says = proven.statement();
        let (GuardianAct::Verification, Some(transaction)) = (says.act, &says.transaction) else {
            return Err(AskRefused::Unknown.into());
        };
        self.may_be_guardian(proven.view())?;
        // 2. About which request of which child of theirs?
        let guardian = &proven.view().person;
        let (child, digest) = self
            .find_for_guardian(guardian, transaction, &says.key)
            .await?
            .ok_or(AskRefused::Unknown)?;
        let weight = Weight::of_consent(says.standing);
        self.link_in_force(&child, guardian.person, weight).await?;
        // 3. The answer; a no stays a no.
        let answer = Answered {
            guardian: guardian.person,
            approved: says.decision == Choice::Approve,
            standing: says.standing,
        };
        let text = self
            .desk(LABEL)
            .change(&digest, |waiting: &mut Waiting| {
                if waiting.answer.as_ref().is_some_and(|a| !a.approved) {
                    return Err(AskError::from(AskRefused::AlreadyDecided));
                }
                waiting.answer = Some(answer.clone());
                Ok(waiting.transaction.clone())
            })
            .await?
            .ok_or(AskRefused::Unknown)?;
        if answer.approved {
            return Ok(GuardianAnswer::Approved);
        }
        // 4. A no takes the request, so that nobody can use it any more.
        let open = self.open_request(&text)?;
        self.take_for_guardian(&open).await?;
        let name = self.masked_name(&child)?;
        let decision = ChildDecision {
            child: Some(child.person),
            name: &name,
            what: "verification",
            approved: false,
            about: about_request(&open),
        };
        self.note_child_decision(guardian, decision).await?;
        Ok(GuardianAnswer::Refused)
    }

    /// Takes a request for a guardian's refusal: the same for all guardians and both ways of saying it.
    pub(crate) async fn take_for_guardian(
        &self,
        open: &OpenRequest,
    ) -> Result<RequestTaken, Fault> {
        let identity = sm3(&[b"wangzheng-guardian-refusal", &open.digest.0]);
        let event = AuditEvent::RequestTaken {
            minute: self.now().minute(),
        };
        let event = EventDraft::new(event, self.random());
        let by = TakenBy::Code(identity);
        let until = open.request.expires_at;
        Ok(self
            .store
            .take_request(&open.digest, by, until, event)
            .await?)
    }

    /// What a guardian answered about a request that a child's device names by its digest.
    pub(super) async fn guardian_answer(
        &self,
        child: PersonId,
        transaction: &str,
        key: &str,
    ) -> Result<Option<Answered>, Fault> {
        let waiting = self.waiting(child).await?;
        let found = waiting
            .into_iter()
            .find(|w| w.key == key && transaction_of(&w.transaction) == transaction);
        Ok(found.and_then(|waiting| waiting.answer))
    }

    /// Frees the place of a request that was decided: it waits for nobody.
    async fn free_if_over(&self, digest: &Digest) -> Result<(), Fault> {
        let Some(held) = self.desk(LABEL).read::<Waiting>(digest).await? else {
            return Ok(());
        };
        let over = match self.open_request(&held.content.transaction) {
            Ok(open) => self.store.request_taken(&open.digest).await?,
            Err(_) => true,
        };
        if over {
            self.desk(LABEL).take(&held.row).await?;
        }
        Ok(())
    }

    async fn find(
        &self,
        child: PersonId,
        text: &str,
        key: &str,
    ) -> Result<Option<(Digest, Held<Waiting>)>, Fault> {
        for slot in 0..SLOTS {
            let digest = self.slot(child, slot)?;
            let held = self.desk(LABEL).read::<Waiting>(&digest).await?;
            let is_it =
                |held: &Held<Waiting>| held.content.transaction == text && held.content.key == key;
            if let Some(held) = held.filter(is_it) {
                return Ok(Some((digest, held)));
            }
        }
        Ok(None)
    }

    async fn find_for_guardian(
        &self,
        guardian: &PersonRow,
        transaction: &str,
        key: &str,
    ) -> Result<Option<(PersonRow, Digest)>, Fault> {
        for link in self.open_links(guardian, LinkSide::Guardian).await? {
            let child = link.content.other;
            for waiting in self.waiting(child).await? {
                if waiting.key != key || transaction_of(&waiting.transaction) != transaction {
                    continue;
                }
                let found = self.find(child, &waiting.transaction, key).await?;
                let person = self.store.person(child).await?;
                if let (Some((digest, _)), Some(person)) = (found, person) {
                    return Ok(Some((person, digest)));
                }
            }
        }
        Ok(None)
    }

    async fn waiting(&self, child: PersonId) -> Result<Vec<Waiting>, Fault> {
        let mut waiting = Vec::new();
        for slot in 0..SLOTS {
            let digest = self.slot(child, slot)?;
            let held = self.desk(LABEL).read::<Waiting>(&digest).await?;
            waiting.extend(held.map(|held| held.content));
        }
        Ok(waiting)
    }

    fn slot(&self, child: PersonId, slot: u8) -> Result<Digest, Fault> {
        let parts: [&[u8]; 3] = [LABEL.as_bytes(), child.as_bytes(), &[slot]];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }
}
