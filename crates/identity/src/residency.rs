//! Where data lies, and what may leave (Art. 12(2), R12.2): nothing goes to a place that is not home without an
//! assessment that two persons recorded.

use serde::{Deserialize, Serialize};

use crate::clock::Day;
use crate::oversight::two_persons::NotPossible;
use crate::oversight::{Act, ProposalState};
use crate::store::{Store, StoreError};

/// The territory data stays in unless the configuration says otherwise.
pub const HOME: &str = "CN";

/// A security assessment of one destination, as the authority approved it (安全评估).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAssessment {
    /// Where to: ISO 3166, two letters.
    pub destination: String,
    /// Number of the authority's decision.
    pub reference: String,
    /// What may leave: `backup`, `export` …
    pub what: String,
    /// Why it is needed.
    pub reason: String,
    /// Good until.
    pub valid_until: Day,
}

impl ExportAssessment {
    /// Whether it may be proposed.
    pub(crate) fn check(&self, today: Day) -> Result<(), NotPossible> {
        let refuse = |text| {
            Err(NotPossible {
                rule: "R12.2",
                text,
            })
        };
        let country = self.destination.len() == 2
            && self
                .destination
                .bytes()
                .all(|byte| byte.is_ascii_uppercase());
        if !country || self.destination == HOME {
            return refuse("a destination abroad has two capital letters");
        }
        let said = [&self.reference, &self.what, &self.reason];
        if said.iter().any(|text| text.trim().is_empty()) {
            return refuse("an assessment names its decision, what leaves and why");
        }
        // 数据出境安全评估办法: a result is good for three years.
        if self.valid_until <= today || self.valid_until > today.plus(3 * 366) {
            return refuse("an assessment is good for at most three years");
        }
        Ok(())
    }
}

/// Data may go to one place. Only [`permit_export`] makes one; what writes data elsewhere asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPermit {
    destination: String,
    reference: Option<String>,
}

impl ExportPermit {
    /// Where to.
    pub fn destination(&self) -> &str {
        &self.destination
    }

    /// The decision it rests on; none at home.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
}

/// Nothing leaves.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("R12.2: no approved security assessment for {what} to {destination}")]
pub struct ExportRefused {
    /// What was to leave.
    pub what: String,
    /// Where to.
    pub destination: String,
}

const MOST: u32 = 10_000;

/// The assessments two persons recorded, newest first.
pub async fn assessments(store: &dyn Store) -> Result<Vec<ExportAssessment>, StoreError> {
    let done = store.proposals(Some(ProposalState::Done), MOST).await?;
    let found = done.into_iter().filter_map(|row| match row.act {
        Act::ApproveExport { assessment } => Some(assessment),
        _ => None,
    });
    Ok(found.collect())
}

/// Whether `what` may go to `destination`: home always, elsewhere by an assessment that is still good (R12.2).
pub async fn permit_export(
    store: &dyn Store,
    today: Day,
    what: &str,
    destination: &str,
    home: &[String],
) -> Result<Result<ExportPermit, ExportRefused>, StoreError> {
    if home.iter().any(|place| place == destination) {
        return Ok(Ok(ExportPermit {
            destination: destination.to_owned(),
            reference: None,
        }));
    }
    let assessments = assessments(store).await?;
    let found = assessments.into_iter().find(|assessment| {
        assessment.destination == destination
            && assessment.what == what
            && assessment.valid_until >= today
    });
    Ok(match found {
        Some(assessment) => Ok(ExportPermit {
            destination: destination.to_owned(),
            reference: Some(assessment.reference),
        }),
        None => Err(ExportRefused {
            what: what.to_owned(),
            destination: destination.to_owned(),
        }),
    })
}
