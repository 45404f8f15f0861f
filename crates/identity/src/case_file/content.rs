//! What lies sealed in a case: its complaints and its entries, in the order they were made.

use crypto::digest::{Digest, sm3};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::complaint::ComplaintNumber;
use crate::complaint::answer::ComplaintOutcome;
use crate::id::ProposalId;
use crate::service::{Fault, Service};

use super::CaseRow;

const LABEL: &str = "case";

/// A case, opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseContents {
    /// The complaints that belong to it.
    pub complaints: Vec<ComplaintNumber>,
    /// What happened, first to last.
    pub entries: Vec<CaseEntry>,
}

/// One step of a case, by a named person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// When.
    pub at: Timestamp,
    /// Who, by login; `automatic` for a finding of a counter.
    pub officer: String,
    /// What.
    #[serde(flatten)]
    pub step: CaseStep,
}

/// What can happen to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CaseStep {
    /// It was opened.
    Opened {
        /// Why.
        text: String,
    },
    /// A complaint was taken into it.
    Linked {
        /// Which.
        complaint: ComplaintNumber,
    },
    /// An officer took it over.
    Assigned {
        /// Who works on it from now on.
        to: String,
    },
    /// Something was found, asked or answered.
    Noted {
        /// What.
        text: String,
    },
    /// A measure was taken or proposed.
    Measured {
        /// Which.
        measure: Measure,
        /// Why.
        text: String,
    },
    /// It was closed and its complaints answered.
    Closed {
        /// What came of it.
        outcome: ComplaintOutcome,
        /// Why.
        text: String,
    },
}

/// What is done about a breach (Art. 14). Suspensions are proposed here and confirmed by a second person (C3, R12.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum Measure {
    /// A warning.
    Warn,
    /// To be put right by a day, `YYYY-MM-DD`.
    RequireCorrection {
        /// The day.
        until: String,
    },
    /// A suspension of the platform was proposed, for a second person to confirm.
    Suspend {
        /// The proposal of the dangerous act.
        proposal: ProposalId,
    },
    /// It is passed to the authorities of Art. 14.
    Report,
}

impl CaseStep {
    /// The name of the step, as its event has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Linked { .. } => "linked",
            Self::Assigned { .. } => "assigned",
            Self::Noted { .. } => "noted",
            Self::Measured { .. } => "measured",
            Self::Closed { .. } => "closed",
        }
    }
}

impl CaseEntry {
    /// What binds the entry to its event: SM3 of its JSON.
    pub fn digest(&self) -> Digest {
        // Plain structs of strings and numbers always serialise, in the order of the struct.
        let text = serde_json::to_vec(self).unwrap_or_default();
        sm3(&[b"wangzheng-case-entry", &text])
    }
}

impl Service {
    pub(super) async fn seal_case(&self, contents: &CaseContents) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(contents).map_err(|_| Fault::Invariant("case contents"))?;
        self.seal_to_officers(LABEL, &plain).await
    }

    pub(super) async fn open_case_contents(&self, row: &CaseRow) -> Result<CaseContents, Fault> {
        let plain = self.open_for_officers(LABEL, &row.sealed).await?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("case contents"))
    }
}
