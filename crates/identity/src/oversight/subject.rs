//! A person as staff handle one: a keyed handle, never a name; each look at a record leaves its mark, and a minor's
//! record takes a ticket (P-minors, Art. 36 of the regulation on minors online; R12.1).

use crypto::keystore::{KeyError, KeyStore, SecretName};
use serde::{Deserialize, Serialize};

use super::carry_out::Done;
use super::two_persons::NotPossible;
use super::{Act, ProposalState, TwoPersons};
use crate::age::{AgeGroup, age_group};
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::{Bucket, OpaqueId, PersonId, ProposalId};
use crate::person::PersonRow;
use crate::person::account::mask_name;
use crate::person::apply::DocumentFields;
use crate::person::recover::open_record;
use crate::registry::RegistryAnswer;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};
use crate::wangzheng::WangzhengState;

/// Longest a ticket is good for, in hours.
pub const LONGEST_TICKET: u32 = 24;
const PLACE: &[u8] = b"oversight";

/// What stands for a person in proposals and at desks: SM4 of the person under the handle key, 26 characters. Rows
/// alone tell nothing; the service alone opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// Of a person.
    pub fn of(person: PersonId, keys: &dyn KeyStore) -> Result<Self, KeyError> {
        let mut block = [0; 16];
        block[..12].copy_from_slice(person.as_bytes());
        let sealed = keys.encrypt_block(SecretName::Handle, PLACE, block)?;
        Ok(Self(OpaqueId(sealed).to_string()))
    }

    /// Who it is; `None` when it is not a handle of ours.
    pub fn open(&self, keys: &dyn KeyStore) -> Result<Option<PersonId>, KeyError> {
        let Some(OpaqueId(sealed)) = OpaqueId::parse(&self.0) else {
            return Ok(None);
        };
        let block = keys.decrypt_block(SecretName::Handle, PLACE, sealed)?;
        let (person, rest) = block.split_at(12);
        let person: Result<[u8; 12], _> = person.try_into();
        Ok(person
            .ok()
            .filter(|_| rest == [0; 4])
            .map(PersonId::from_bytes))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The least that does for a review by hand: no number, no birth date, no address, nothing of any platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordLook {
    /// Masked.
    pub name: String,
    /// Kind of the document.
    pub document_kind: &'static str,
    /// Whether it is a minor.
    pub minor: bool,
    /// State of the 网证 today.
    pub state: WangzhengState,
}

/// Why staff do not get to see something of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookRefused {
    /// Another role's work.
    #[error(transparent)]
    Duty(#[from] NotYourDuty),
    /// Nobody by this document, or none that is in force: one answer.
    #[error("nobody is found by this document")]
    NotFound,
    /// A look needs its purpose.
    #[error("R12.1: a look needs its purpose")]
    NoPurpose,
    /// A minor's record needs an approved ticket, in its time, for this person, of this member of staff.
    #[error("P-minors: a minor's record needs an approved ticket")]
    TicketNeeded,
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] LookRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Service {
    /// The handle of a person by the whole document, as it came in writing: never a search. Event `subject_sought`.
    pub async fn find_subject(
        &self,
        staff: &ActingStaff,
        document: &DocumentFields,
        purpose: &str,
    ) -> Result<Subject, LookError> {
        about_persons(staff, purpose)?;
        let found = self.subject_by_document(document).await?;
        let event = AuditEvent::SubjectSought {
            by: staff.login().clone(),
            found: found.is_some(),
            at: self.now(),
        };
        let bucket = crate::audit::reference_bucket(staff.login().as_str());
        let event = EventDraft::new(event, self.random());
        self.store
            .record(bucket, event)
            .await
            .map_err(Fault::from)?;
        Ok(found.ok_or(LookRefused::NotFound)?)
    }

    async fn subject_by_document(
        &self,
        document: &DocumentFields,
    ) -> Result<Option<Subject>, Fault> {
        let today = self.now().date();
        let Ok(document) = document.parse(today) else {
            return Ok(None);
        };
        let answer = self.registry.check(&document, today).await;
        let Ok(RegistryAnswer::Match(record)) = answer else {
            return Ok(None);
        };
        let Some(holder) = record.holder_reference else {
            return Ok(None);
        };
        let parts: [&[u8]; 2] = [b"holder", holder.as_bytes()];
        let digest = self.keys().mac(SecretName::Index, &parts)?;
        let person = self.store.holder(Bucket::of(&digest), &digest).await?;
        Ok(match person {
            Some(person) => Some(Subject::of(person, self.keys())?),
            None => None,
        })
    }

    /// One look at the least that does. Before anything is shown, the look is in the log: with the second and the
    /// person's name who looked, and with the day in the record of who was looked at. A minor's record takes a ticket
    /// (P-minors). Events `record_opened`, `person_looked_at`.
    pub async fn look(
        &self,
        staff: &ActingStaff,
        subject: &Subject,
        ticket: Option<&ProposalId>,
        purpose: &str,
    ) -> Result<RecordLook, LookError> {
        about_persons(staff, purpose)?;
        let person = self.person_of_subject(subject).await?;
        let person = person.ok_or(LookRefused::NotFound)?;
        let data_key = self.data_key(&person)?;
        let record = open_record(&person, &data_key)?;
        let today = self.now();
        let group = age_group(record.birth_date, today.date(), &self.policy.age);
        let minor = group != AgeGroup::Adult;
        if minor && !self.ticket_is_good(staff, subject, ticket).await? {
            return Err(LookRefused::TicketNeeded.into());
        }
        self.record_look(staff, &person, ticket.filter(|_| minor))
            .await?;
        let wangzheng = self
            .store
            .credential_of(person.person)
            .await
            .map_err(Fault::from)?;
        Ok(RecordLook {
            name: mask_name(&record.holder_name),
            document_kind: record.document_kind.as_str(),
            minor,
            state: wangzheng.map_or(WangzhengState::Revoked, |row| row.state_on(today.day())),
        })
    }

    async fn record_look(
        &self,
        staff: &ActingStaff,
        person: &PersonRow,
        ticket: Option<&ProposalId>,
    ) -> Result<(), Fault> {
        let event = AuditEvent::RecordOpened {
            by: staff.login().clone(),
            ticket: ticket.cloned(),
            at: self.now(),
        };
        let bucket = crate::audit::reference_bucket(staff.login().as_str());
        let event = EventDraft::new(event, self.random());
        self.store.record(bucket, event).await?;
        let event = AuditEvent::PersonLookedAt {
            person: person.person,
            day: self.now().day(),
            by: staff.login().clone(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self.store.record(person.person.bucket(), event).await?)
    }

    /// The row of a person by handle.
    pub(crate) async fn person_of_subject(
        &self,
        subject: &Subject,
    ) -> Result<Option<PersonRow>, Fault> {
        match subject.open(self.keys())? {
            Some(person) => Ok(self.store.person(person).await?),
            None => Ok(None),
        }
    }

    /// P-minors: two persons agreed, for this person, to whom asked, and its hours are not over.
    async fn ticket_is_good(
        &self,
        staff: &ActingStaff,
        subject: &Subject,
        ticket: Option<&ProposalId>,
    ) -> Result<bool, Fault> {
        let Some(ticket) = ticket else {
            return Ok(false);
        };
        let Some(row) = self.store.proposal(ticket).await? else {
            return Ok(false);
        };
        let Act::ReadMinor { person, hours, .. } = &row.act else {
            return Ok(false);
        };
        let ends = |at: Timestamp| at.plus(i64::from(*hours) * 3600);
        let in_time = row
            .done
            .as_ref()
            .is_some_and(|(at, _)| self.now() < ends(*at));
        Ok(row.state == ProposalState::Done
            && in_time
            && person == subject
            && row.proposed.login == *staff.login())
    }

    pub(super) async fn check_ticket(&self, act: &Act) -> Result<Result<(), NotPossible>, Fault> {
        let wrong = |text| {
            let rule = "P-minors";
            Ok(Err(NotPossible { rule, text }))
        };
        let Act::ReadMinor {
            person,
            purpose,
            hours,
        } = act
        else {
            return Err(Fault::Invariant("not a ticket"));
        };
        if purpose.trim().is_empty() {
            return wrong("a ticket needs its purpose");
        }
        if !(1..=LONGEST_TICKET).contains(hours) {
            return wrong("a ticket is good for 1 to 24 hours");
        }
        if self.person_of_subject(person).await?.is_none() {
            return wrong("there is no such person");
        }
        Ok(Ok(()))
    }

    /// The confirmed proposal is the ticket: its hours begin now.
    pub(super) fn give_ticket(two: &TwoPersons) -> Done {
        debug_assert!(matches!(two.act(), Act::ReadMinor { .. }));
        Done("done")
    }
}

fn about_persons(staff: &ActingStaff, purpose: &str) -> Result<(), LookRefused> {
    // R12.1: two roles work with persons at all.
    if !staff.may(Duty::WorkOnCases) {
        staff.must(Duty::ReviewApplications)?;
    }
    if purpose.trim().is_empty() {
        return Err(LookRefused::NoPurpose);
    }
    Ok(())
}
