//! How a complaint stands, and its result: for whoever holds number and secret.

use crypto::aead::{AeadAlgorithm, AeadKey, NONCE_LEN};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::clock::Day;
use crate::service::{Fault, Service};

use super::{ComplaintKind, ComplaintNumber, ComplaintRow, ComplaintSecret, ComplaintState};

const CONTEXT: &[u8] = b"complaint.sealed_answer";
/// Each key is used once.
const NONCE: [u8; NONCE_LEN] = [0; NONCE_LEN];
const BROKEN: Fault = Fault::Invariant("complaint answer");

/// What came of a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplaintOutcome {
    /// The platform broke a duty and a measure was taken.
    MeasureTaken,
    /// The platform put it right.
    Corrected,
    /// No breach was found.
    NoBreach,
    /// It belongs to another authority and was passed on with consent.
    Referred,
}

impl ComplaintOutcome {
    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MeasureTaken => "measure_taken",
            Self::Corrected => "corrected",
            Self::NoBreach => "no_breach",
            Self::Referred => "referred",
        }
    }
}

/// The result, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAnswer {
    /// What came of it.
    pub outcome: ComplaintOutcome,
    /// Why, in the officer's words.
    pub reasons: String,
    /// When.
    pub on: Day,
}

/// How a complaint stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintStatus {
    /// Of what kind.
    pub kind: ComplaintKind,
    /// Where it stands.
    pub state: ComplaintState,
    /// The day it came.
    pub received_on: Day,
    /// The day by which the result is told.
    pub due_on: Day,
    /// The result, once there is one.
    pub answer: Option<ComplaintAnswer>,
}

impl Service {
    /// How a complaint stands. `None`: there is none of this number, or the secret is another; the two look alike.
    pub async fn complaint_status(
        &self,
        number: ComplaintNumber,
        secret: &ComplaintSecret,
    ) -> Result<Option<ComplaintStatus>, Fault> {
        let proof = number.proof(secret, self.keys())?;
        let row = self.store.complaint(&number.digest(self.keys())?).await?;
        let Some(row) = row.filter(|row| bool::from(row.proof.0.ct_eq(&proof.0))) else {
            return Ok(None);
        };
        let answer = match &row.sealed_answer {
            Some(sealed) => Some(self.open_answer(number, secret, sealed)?),
            None => None,
        };
        Ok(Some(ComplaintStatus {
            kind: row.kind,
            state: row.state,
            received_on: row.received_on,
            due_on: row.due_on,
            answer,
        }))
    }

    /// Whether an answer is overdue today.
    pub fn is_overdue(&self, row: &ComplaintRow) -> bool {
        row.state != ComplaintState::Answered && self.now().day() > row.due_on
    }

    pub(super) fn seal_answer(
        &self,
        number: ComplaintNumber,
        secret: &ComplaintSecret,
        answer: &ComplaintAnswer,
    ) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(answer).map_err(|_| BROKEN)?;
        Ok(self
            .answer_key(number, secret)?
            .seal(NONCE, CONTEXT, &plain))
    }

    fn open_answer(
        &self,
        number: ComplaintNumber,
        secret: &ComplaintSecret,
        sealed: &[u8],
    ) -> Result<ComplaintAnswer, Fault> {
        let plain = self
            .answer_key(number, secret)?
            .open(NONCE, CONTEXT, sealed);
        serde_json::from_slice(&plain.map_err(|_| BROKEN)?).map_err(|_| BROKEN)
    }

    fn answer_key(
        &self,
        number: ComplaintNumber,
        secret: &ComplaintSecret,
    ) -> Result<AeadKey, Fault> {
        let key = number.answer_key(secret, self.keys())?;
        AeadKey::new(AeadAlgorithm::Sm4Gcm, &key.0[..16]).map_err(|_| BROKEN)
    }
}
