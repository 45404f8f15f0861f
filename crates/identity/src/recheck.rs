//! 复核: a document over time: expiry, loss, cancellation, renewal (R15.2).
//!
//! The registry is asked again on a schedule and on demand, with the little that is kept for it. It never answers for
//! itself by silence: while it does not answer, nothing changes but what a date alone decides.

use async_trait::async_trait;
use crypto::digest::Digest;
use time::Date;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::document::{Document, HolderName};
use crate::id::{Bucket, PersonId};
use crate::person::apply::DocumentFields;
use crate::person::recover::open_record;
use crate::person::{PersonRecord, PersonRow};
use crate::receipt::InboxEntry;
use crate::registry::{HolderReference, RegistryAnswer, RegistryRecord};
use crate::service::{Fault, Service};
use crate::store::StoreError;
use crate::wangzheng::{Suspension, TransitionReason, Transitioned, WangzhengRow, WangzhengState};

mod job;
pub(crate) mod note;
mod renew;
pub mod waiting;

pub use job::Pass;
pub use renew::{Corrected, RenewError, RenewRefused, RenewedWangzheng};

/// A document that takes the place of the one before, or the same one with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentChange {
    /// Whose.
    pub person: PersonId,
    /// The issue of the 网证 that was seen: of two changes at once one is overtaken.
    pub serial: u32,
    /// [`PersonRecord`] under the data key.
    pub sealed_record: Vec<u8>,
    /// Keyed digest of the document: a further reservation that points to the person (R2.3).
    pub document: Digest,
    /// Last day of the 网证.
    pub valid_until: Day,
    /// Whether it ends because the document does.
    pub ends_with_document: bool,
    /// The day.
    pub today: Day,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentChanged {
    /// Taken over; the 网证 is in this state now, and its serial one higher.
    Changed(WangzhengState),
    /// Another change came first; nothing was written.
    Overtaken,
    /// The document points to another person; nothing was written (R2.3).
    OfAnother,
}

/// Documents over time in the store.
#[async_trait]
pub trait RecheckStore: Send + Sync {
    /// One unit: record, document, validity, serial, and the end of a suspension for the document; the
    /// person is told. The documents before stay the person's. Event outcome `done`, `overtaken` or
    /// `of_another` (then nobody is told).
    async fn change_document(
        &self,
        change: DocumentChange,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<DocumentChanged, StoreError>;
    /// The registry answered, and nothing changed. Event outcome `done` or `not_found`.
    async fn document_checked(
        &self,
        person: PersonId,
        today: Day,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Puts a sealed correction where it waits for the registry, or takes it away; `false` when there is
    /// no 网证. Event outcome `done` or `not_found`.
    async fn put_waiting(
        &self,
        person: PersonId,
        waiting: Option<Vec<u8>>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Persons of a bucket whose document is to be looked at: the registry was last asked before
    /// `asked_before`, the validity ended with the document before `today`, or a correction waits.
    async fn documents_due(
        &self,
        bucket: Bucket,
        asked_before: Day,
        today: Day,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError>;
}

/// What came of asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rechecked {
    /// The registry confirms what is held.
    Confirmed,
    /// The registry says something newer, and it was taken over.
    TakenOver,
    /// The document is not valid: the 网证 is suspended, now or already.
    Suspended(Suspension),
    /// The registry does not answer: nothing is guessed.
    Unavailable,
    /// There is nothing to look after: the person has left.
    Ended,
}

impl PersonRecord {
    /// What the registry is asked with.
    pub(crate) fn fields(&self) -> DocumentFields {
        DocumentFields {
            kind: self.document_kind.as_str().to_owned(),
            number: self.document_number.clone(),
            holder: self.holder_name.clone(),
            birth_date: self.birth_date.to_string(),
            valid_until: self.document_valid_until.map(|date| date.to_string()),
        }
    }

    /// The document as it is kept.
    pub(crate) fn document(&self, today: Date) -> Result<Document, Fault> {
        let parsed = self.fields().parse(today);
        parsed.map_err(|_| Fault::Invariant("a kept document is none"))
    }

    /// Whether the registry says exactly what is kept.
    pub(crate) fn agrees_with(&self, registered: &RegistryRecord) -> bool {
        HolderName::parse(&self.holder_name).as_ref() == Ok(&registered.name)
            && self.birth_date == registered.birth_date
            && self.document_valid_until == registered.valid_until
    }
}

/// Why a document that the registry does not confirm suspends; `None`: it confirms it.
pub(crate) fn not_valid(answer: &RegistryAnswer) -> Option<Suspension> {
    match answer {
        RegistryAnswer::Match(_) => None,
        RegistryAnswer::Mismatch => Some(Suspension::DocumentUnconfirmed),
        RegistryAnswer::Expired => Some(Suspension::DocumentExpired),
        RegistryAnswer::Lost => Some(Suspension::DocumentLost),
        RegistryAnswer::Cancelled => Some(Suspension::DocumentCancelled),
    }
}

impl Service {
    /// Asks the registry again about the document of one person (R15.2).
    pub async fn recheck(&self, person: PersonId) -> Result<Rechecked, Fault> {
        // 1. Is there anything to look after?
        let rows = (
            self.store.person(person).await?,
            self.store.wangzheng(person).await?,
        );
        let (Some(row), Some(wangzheng)) = rows else {
            return Ok(Rechecked::Ended);
        };
        if matches!(
            wangzheng.state,
            WangzhengState::Revoked | WangzhengState::Superseded
        ) {
            return Ok(Rechecked::Ended);
        }
        // 2. What does the registry say of what is kept?
        let now = self.now();
        let record = open_record(&row, &self.data_key(&row)?)?;
        let document = record.document(now.date())?;
        let Ok(answer) = self.registry.check(&document, now.date()).await else {
            return self.without_registry(&row, &wangzheng).await;
        };
        // 3. Not valid: suspended, with notice.
        if let Some(why) = not_valid(&answer) {
            return self.suspend(&row, &wangzheng, why).await;
        }
        let RegistryAnswer::Match(registered) = answer else {
            return Err(Fault::Invariant("an answer of the registry"));
        };
        // 4. In force: a change, or the end of a suspension, is taken over.
        let suspended = wangzheng.suspension_on(now.day());
        let lifts = suspended.is_some_and(Suspension::is_of_document);
        if lifts || !record.agrees_with(&registered) {
            let changed = record.renewed(document.number(), &registered);
            let taken = self.take_over(&row, &wangzheng, &changed, note::renewed());
            return match taken.await {
                // Whoever came first has taken it over.
                Ok(_) | Err(RenewError::Refused(RenewRefused::Overtaken)) => {
                    Ok(Rechecked::TakenOver)
                }
                Err(RenewError::Refused(_)) => Err(Fault::Invariant("a document of two persons")),
                Err(RenewError::Fault(fault)) => Err(fault),
            };
        }
        let event = self.checked_event(person, "confirmed");
        self.store
            .document_checked(person, now.day(), event)
            .await?;
        Ok(Rechecked::Confirmed)
    }

    /// The registry says that something changed for a human: looked at now, if the human has a 网证.
    pub async fn recheck_holder(&self, holder: &HolderReference) -> Result<Rechecked, Fault> {
        let digest = self.holder_digest(holder)?;
        match self.store.holder(Bucket::of(&digest), &digest).await? {
            Some(person) => self.recheck(person).await,
            None => Ok(Rechecked::Ended),
        }
    }

    /// A date needs no registry: the last day of a document is over whatever it says.
    async fn without_registry(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
    ) -> Result<Rechecked, Fault> {
        let open = matches!(
            wangzheng.state,
            WangzhengState::Active | WangzhengState::Locked
        );
        if open && wangzheng.document_ended(self.now().day()) {
            return self
                .suspend(person, wangzheng, Suspension::DocumentExpired)
                .await;
        }
        Ok(Rechecked::Unavailable)
    }

    /// Suspends with notice (R15.2, C3); no platform is told: that is the person's own to do.
    async fn suspend(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
        why: Suspension,
    ) -> Result<Rechecked, Fault> {
        let today = self.now().day();
        if wangzheng.state == WangzhengState::Suspended {
            let event = self.checked_event(person.person, "confirmed");
            self.store
                .document_checked(person.person, today, event)
                .await?;
            let still = wangzheng.suspended_for.unwrap_or(why);
            return Ok(Rechecked::Suspended(still));
        }
        let event = AuditEvent::WangzhengChanged {
            person: person.person,
            day: today,
            to: WangzhengState::Suspended.as_str().to_owned(),
            reason: TransitionReason::DocumentNotValid.as_str().to_owned(),
        };
        let event = EventDraft::new(event, self.random());
        let notice = self.note_entry(person, &note::suspended(why))?;
        let suspended = self
            .store
            .suspend_wangzheng(person.person, why, notice, event)
            .await?;
        Ok(match suspended {
            Transitioned::Changed | Transitioned::NotInState(WangzhengState::Suspended) => {
                Rechecked::Suspended(why)
            }
            Transitioned::NotInState(_) => Rechecked::Ended,
        })
    }

    pub(crate) fn checked_event(&self, person: PersonId, change: &str) -> EventDraft {
        let event = AuditEvent::DocumentChecked {
            person,
            day: self.now().day(),
            change: change.to_owned(),
        };
        EventDraft::new(event, self.random())
    }
}
