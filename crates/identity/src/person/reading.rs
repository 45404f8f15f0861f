//! 代读: a document is read where a reader is, on a relative's phone or at a counter, for somebody whose own device has
//! none (C8).
//!
//! The applicant types what the document says and shows eight digits. Whoever has a reader types them and holds the
//! document to it. Nothing that was read travels to the applicant: the service compares, and says that it is the same
//! document. A mistyped code, or somebody talked into typing a stranger's, gives that stranger nothing.

use crypto::digest::Digest;
use crypto::keystore::SecretName;
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::age::AgeGroup;
use crate::audit::{AuditEvent, EventDraft, reference_bucket};
use crate::clock::Timestamp;
use crate::consent::Consent;
use crate::document::Document;
use crate::handover::guess::{self, eight_digits};
use crate::proofing::Evidence;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};
use crate::statement::ProvenDevice;
use crate::wangzheng::WangzhengState;

use super::account::mask_name;
use super::apply::{ApplyError, DocumentFields};
use super::recover::Act;

const LABEL: &str = "document-reading";
/// Seconds a code waits, and what was read is good for: time to walk to a counter's window.
const LIFE: i64 = 1_800;

/// Who held the document to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadBy {
    /// An adult with a 网证 of their own, on their device.
    Relative,
    /// A member of staff, at a counter.
    Counter,
}

/// A code for whoever has a reader.
#[derive(Debug, Clone, Serialize)]
pub struct ReadingCode {
    /// Eight digits.
    pub code: String,
    /// Sealed; asks whether the document was read.
    pub claim: String,
    /// Whether only a counter will do.
    pub counter_only: bool,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Where a code stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReadingState {
    /// Nobody has read it yet.
    Waiting,
    /// It was read, and is the document that was typed.
    Read {
        /// By whom.
        by: ReadBy,
        /// What the application hands in as evidence.
        reading: String,
    },
}

/// Why a document is not read by this code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadingRefused {
    /// No live code.
    #[error("there is no such code, or its time is over")]
    Unknown,
    /// Too many wrong codes.
    #[error("too many wrong codes; wait a minute")]
    TooMany,
    /// Another document than the one that was typed at the other end.
    #[error("C8: this is not the document that was typed where the code is shown")]
    AnotherDocument,
    /// Somebody who already holds a 网证 comes back at a counter: a talked-over relative cannot open the way.
    #[error("C8: for somebody who holds a network number already, a counter reads the document")]
    CounterOnly,
    /// A relative is an adult whose own 网证 is active.
    #[error("C8: whoever reads for another is an adult with an active credential")]
    NotForOthers,
    /// Another role's work.
    #[error(transparent)]
    Duty(#[from] NotYourDuty),
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// By a rule.
    #[error(transparent)]
    Refused(ReadingRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<ReadingRefused>> From<T> for ReadingError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    document: Digest,
    name: String,
    counter_only: bool,
    claim: [u8; 16],
    read: Option<ReadBy>,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Claim {
    code: String,
    claim: [u8; 16],
}

/// What an application hands in: this document was held to a reader.
#[derive(Serialize, Deserialize)]
struct Reading {
    document: Digest,
    by: ReadBy,
    expires_at: Timestamp,
}

impl Service {
    /// A code for the document that was typed, after consent, registry and age have been asked (R9.2, R4.1).
    pub async fn open_reading(
        &self,
        consents: &[Consent],
        fields: &DocumentFields,
    ) -> Result<ReadingCode, ApplyError> {
        // 1. Whether there is such a document at all; that it was read is what is still missing.
        let as_read = Evidence {
            chip: true,
            ..Evidence::default()
        };
        let checked = self.check_document(consents, fields, &as_read).await?;
        let document = fields.parse(self.now().date())?;
        // 2. A code that is free.
        let expires_at = self.now().plus(LIFE);
        let asked = Asked {
            document: self.document_tag(&document)?,
            name: mask_name(&checked.name),
            counter_only: self.already_holds(&checked).await?,
            claim: random::array(self.random()),
            read: None,
            expires_at,
        };
        for _ in 0..8 {
            let code = eight_digits(self.random());
            let digest = self.reading_digest(&code)?;
            if self.desk(LABEL).open(digest, &asked, expires_at).await? {
                let claim = Claim {
                    code: code.clone(),
                    claim: asked.claim,
                };
                return Ok(ReadingCode {
                    code,
                    claim: self.seal_value(LABEL, &claim)?,
                    counter_only: asked.counter_only,
                    expires_at,
                });
            }
        }
        Err(Fault::Invariant("eight reading codes in a row were in use").into())
    }

    /// A relative held the document to the reader of their own phone. Gives the holder's name, masked.
    pub async fn read_for_relative(
        &self,
        proven: &ProvenDevice<Act>,
        fields: &DocumentFields,
    ) -> Result<String, ReadingError> {
        let view = proven.view();
        let active = view.wangzheng.state_on(self.now().day()) == WangzhengState::Active;
        if !active || self.age_of(&view.person)? != AgeGroup::Adult {
            return Err(ReadingRefused::NotForOthers.into());
        }
        let typed = proven.statement().reading_code.as_deref();
        self.document_read(typed.unwrap_or_default(), fields, ReadBy::Relative)
            .await
    }

    /// A member of staff held it to the reader of the counter. Event `read_at_counter`: who, not whose (R12.1).
    pub async fn read_at_counter(
        &self,
        staff: &ActingStaff,
        typed: &str,
        fields: &DocumentFields,
    ) -> Result<String, ReadingError> {
        staff.must(Duty::ReviewApplications)?;
        let event = AuditEvent::ReadAtCounter {
            by: staff.login().clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let bucket = reference_bucket(staff.login().as_str());
        self.store
            .record(bucket, event)
            .await
            .map_err(Fault::from)?;
        self.document_read(typed, fields, ReadBy::Counter).await
    }

    async fn document_read(
        &self,
        typed: &str,
        fields: &DocumentFields,
        by: ReadBy,
    ) -> Result<String, ReadingError> {
        let now = self.now();
        let code = guess::typed(typed).ok_or(ReadingRefused::Unknown)?;
        if !self.guesses.try_one(&code, now) {
            return Err(ReadingRefused::TooMany.into());
        }
        let document = fields.parse(now.date());
        let document = document.map_err(|_| ReadingRefused::AnotherDocument)?;
        let read = self.document_tag(&document)?;
        let digest = self.reading_digest(&code)?;
        let name = self
            .desk(LABEL)
            .change(&digest, |asked: &mut Asked| {
                if asked.document != read {
                    return Err(ReadingError::from(ReadingRefused::AnotherDocument));
                }
                if asked.counter_only && by != ReadBy::Counter {
                    return Err(ReadingRefused::CounterOnly.into());
                }
                asked.read = Some(by);
                Ok(asked.name.clone())
            })
            .await?;
        let name = name.ok_or(ReadingRefused::Unknown)?;
        self.guesses.right(&code, now);
        Ok(name)
    }

    /// The applicant's side asks whether it was read.
    pub async fn reading_state(&self, claim: &str) -> Result<ReadingState, ReadingError> {
        let claim: Claim = self
            .open_value(LABEL, claim)
            .ok_or(ReadingRefused::Unknown)?;
        let digest = self.reading_digest(&claim.code)?;
        let held = self.desk(LABEL).read::<Asked>(&digest).await?;
        let held = held.filter(|held| held.content.claim == claim.claim);
        let asked = held.ok_or(ReadingRefused::Unknown)?.content;
        let Some(by) = asked.read else {
            return Ok(ReadingState::Waiting);
        };
        let reading = Reading {
            document: asked.document,
            by,
            expires_at: self.now().plus(LIFE),
        };
        let reading = self.seal_value(LABEL, &reading)?;
        Ok(ReadingState::Read { by, reading })
    }

    /// Whether this document was held to a reader elsewhere, by what the application hands in.
    pub(crate) fn was_read_elsewhere(
        &self,
        document: &Document,
        reading: Option<&str>,
    ) -> Result<bool, Fault> {
        let Some(reading) = reading.and_then(|text| self.open_value::<Reading>(LABEL, text)) else {
            return Ok(false);
        };
        let same = reading.document == self.document_tag(document)?;
        Ok(same && self.now() < reading.expires_at)
    }

    /// One document, as printed, under a key: a row tells nobody which.
    fn document_tag(&self, document: &Document) -> Result<Digest, Fault> {
        let valid_until = document.valid_until().map(|date| date.to_string());
        let parts: [&[u8]; 6] = [
            LABEL.as_bytes(),
            document.kind().as_str().as_bytes(),
            document.number().canonical().as_bytes(),
            document.holder().as_str().as_bytes(),
            &document.birth_date().to_julian_day().to_be_bytes(),
            valid_until.as_deref().unwrap_or_default().as_bytes(),
        ];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }

    fn reading_digest(&self, code: &str) -> Result<Digest, Fault> {
        let parts: [&[u8]; 2] = [LABEL.as_bytes(), code.as_bytes()];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }
}
