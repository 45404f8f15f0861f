//! Work on a case: taken over, noted, measured. Every step is an entry, every entry an event with a name.

use crate::complaint::officer::{OfficerError, OfficerRefused, case_officer};
use crate::oversight::Act;
use crate::service::{Fault, Service};
use crate::staff::ActingStaff;

use super::content::{CaseEntry, CaseStep, Measure};
use super::open::OpenedCase;
use super::{CaseId, CaseRow, CaseState};

impl Service {
    /// Takes a case over; from now on it is this officer's.
    pub async fn take_case(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
    ) -> Result<OpenedCase, OfficerError> {
        let mut case = self.case_at_work(staff, case).await?;
        let to = staff.login().to_string();
        case.row.officer = Some(to.clone());
        self.enter(staff.login().as_str(), case, CaseStep::Assigned { to })
            .await
    }

    /// Writes something down.
    pub async fn note_in_case(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
        text: &str,
    ) -> Result<OpenedCase, OfficerError> {
        let text = words(text)?;
        let case = self.case_at_work(staff, case).await?;
        self.enter(staff.login().as_str(), case, CaseStep::Noted { text })
            .await
    }

    /// Takes a measure, with reasons. A suspension is only proposed: it takes effect when a second person confirms it
    /// in the oversight of dangerous acts (R12.1, C3).
    pub async fn measure(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
        measure: Measure,
        text: &str,
    ) -> Result<OpenedCase, OfficerError> {
        let text = words(text)?;
        let case = self.case_at_work(staff, case).await?;
        if let Measure::Suspend { proposal } = &measure {
            let row = self.store.proposal(proposal).await.map_err(Fault::from)?;
            let of_this_case = row.is_some_and(|row| match &row.act {
                Act::SuspendPlatform { platform, .. } => *platform == case.row.platform,
                _ => false,
            });
            if !of_this_case {
                return Err(OfficerRefused::Unknown.into());
            }
        }
        self.enter(
            staff.login().as_str(),
            case,
            CaseStep::Measured { measure, text },
        )
        .await
    }

    /// A case that is open, for an officer.
    pub(super) async fn case_at_work(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
    ) -> Result<OpenedCase, OfficerError> {
        case_officer(staff)?;
        let case = self.opened_case(case).await?;
        match case.row.state {
            CaseState::Open => Ok(case),
            CaseState::Closed => Err(OfficerRefused::NotInState.into()),
        }
    }

    /// Adds an entry to the case as it is given, with its event; somebody faster wins.
    pub(super) async fn enter(
        &self,
        by: &str,
        mut case: OpenedCase,
        step: CaseStep,
    ) -> Result<OpenedCase, OfficerError> {
        let entry = CaseEntry {
            at: self.now(),
            officer: by.to_owned(),
            step,
        };
        let event = self.case_event(&case.row, &entry);
        case.contents.entries.push(entry);
        let changed = CaseRow {
            sealed: self.seal_case(&case.contents).await?,
            ..case.row.clone()
        };
        let stored = self.store.change_case(changed.clone(), event).await;
        if !stored.map_err(Fault::from)? {
            return Err(OfficerRefused::NotInState.into());
        }
        Ok(OpenedCase {
            row: CaseRow {
                version: changed.version + 1,
                ..changed
            },
            contents: case.contents,
        })
    }
}

/// Words that say something, of bearable length.
pub(super) fn words(text: &str) -> Result<String, OfficerRefused> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 4000 {
        return Err(OfficerRefused::NoReasons);
    }
    Ok(text.to_owned())
}
