//! Cases: what complaints and findings about one platform become (R14.1).
//!
//! The row names platform, kind, officer and limit; which complaints belong to it, what was noted and done lies sealed
//! to the officers. Each entry is bound by its digest to an event, and so to the public log: nobody rewrites a case.

use std::fmt;

use async_trait::async_trait;
use base32ct::{Base32UpperUnpadded, Encoding};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::complaint::ComplaintKind;
use crate::id::PlatformId;
use crate::store::StoreError;

pub mod close;
pub mod content;
pub mod evidence;
pub mod finding;
pub mod open;
pub mod work;

pub use content::{CaseContents, CaseEntry, Measure};

/// `AJ-XXXX-XXXX` (案件).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(String);

impl CaseId {
    /// A new number.
    pub fn generate(random: &dyn Random) -> Self {
        let text = Base32UpperUnpadded::encode_string(&random::array::<5>(random));
        Self(format!("AJ-{}-{}", &text[..4], &text[4..]))
    }

    /// Reads one as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.strip_prefix("AJ-")?;
        let fits = letters.len() == 9
            && letters.bytes().enumerate().all(|(at, byte)| match at {
                4 => byte == b'-',
                _ => byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte),
            });
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a case began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseOrigin {
    /// Complaints.
    Complaint,
    /// The counter of refused over-asking (R8.2).
    Finding,
}

impl CaseOrigin {
    /// The name in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Finding => "finding",
        }
    }

    /// The origin of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Complaint, Self::Finding]
            .into_iter()
            .find(|origin| origin.as_str() == name)
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Somebody works on it, or it waits for an officer.
    Open,
    /// Closed, with reasons.
    Closed,
}

impl CaseState {
    /// The name in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The state of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

/// A case as it is stored: a reference row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Which.
    pub case: CaseId,
    /// About whom.
    pub platform: PlatformId,
    /// About what.
    pub kind: ComplaintKind,
    /// What it began with.
    pub origin: CaseOrigin,
    /// Where it stands.
    pub state: CaseState,
    /// Who works on it, by login.
    pub officer: Option<String>,
    /// Since when.
    pub opened_on: Day,
    /// By when it is to be closed.
    pub due_on: Day,
    /// One change at a time (B2).
    pub version: u32,
    /// [`CaseContents`], sealed to the officers.
    pub sealed: Vec<u8>,
}

/// Cases in the store: a reference table.
#[async_trait]
pub trait CaseStore: Send + Sync {
    /// Opens a case. Event outcome `done` or `in_use`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of its number.
    async fn open_case(&self, row: CaseRow, event: EventDraft) -> Result<bool, StoreError>;
    /// Replaces the version named by the next one. Event outcome `done`, or `moved` when somebody was faster.
    async fn change_case(&self, row: CaseRow, event: EventDraft) -> Result<bool, StoreError>;
    /// A case.
    async fn case_file(&self, case: &CaseId) -> Result<Option<CaseRow>, StoreError>;
    /// All cases, by number.
    async fn case_files(&self) -> Result<Vec<CaseRow>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    #[test]
    fn a_case_number_has_one_spelling() {
        let case = CaseId::generate(&SeededRandom::new(3));
        assert_eq!(CaseId::parse(case.as_str()), Some(case.clone()));
        for wrong in [
            case.as_str().to_lowercase(),
            case.as_str().replace('-', ""),
            format!("{case}A"),
            "AJ-0000-0000".to_owned(),
        ] {
            assert_eq!(CaseId::parse(&wrong), None, "{wrong}");
        }
    }
}
