//! A case is opened from complaints about one platform, and read.

use crate::audit::{AuditEvent, EventDraft};
use crate::complaint::officer::{OfficerError, OfficerRefused, OpenedComplaint, case_officer};
use crate::complaint::{ComplaintKind, ComplaintNumber, ComplaintState};
use crate::id::PlatformId;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty};

use super::content::{CaseContents, CaseEntry, CaseStep};
use super::{CaseId, CaseOrigin, CaseRow, CaseState};

/// A case as its officers read it.
#[derive(Debug, Clone)]
pub struct OpenedCase {
    /// The row.
    pub row: CaseRow,
    /// What is in it.
    pub contents: CaseContents,
}

/// What a new case is about.
pub(super) struct Beginning {
    pub(super) platform: PlatformId,
    pub(super) kind: ComplaintKind,
    pub(super) origin: CaseOrigin,
    pub(super) officer: Option<String>,
    pub(super) text: String,
}

impl Service {
    /// Opens a case from complaints about one platform; each is taken into it (R14.1).
    pub async fn open_case(
        &self,
        staff: &ActingStaff,
        complaints: &[ComplaintNumber],
        text: &str,
    ) -> Result<OpenedCase, OfficerError> {
        case_officer(staff)?;
        // 1. All about one platform, none of them in a case already.
        let mut opened = Vec::with_capacity(complaints.len());
        for number in complaints {
            opened.push(self.opened_complaint(*number).await?);
        }
        let first = opened.first().ok_or(OfficerRefused::Unknown)?;
        let platform = first.contents.platform.clone();
        let kind = first.row.kind;
        for one in &opened {
            fits(one, &platform)?;
        }
        // 2. The case; whoever opens it works on it.
        let beginning = Beginning {
            platform,
            kind,
            origin: CaseOrigin::Complaint,
            officer: Some(staff.login().to_string()),
            text: text.to_owned(),
        };
        let mut case = self.begin_case(beginning, staff.login().as_str()).await?;
        // 3. Its complaints.
        for one in &opened {
            case = self.link_opened(staff, case, one).await?;
        }
        Ok(case)
    }

    /// Takes one more complaint into a case.
    pub async fn link_complaint(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
        number: ComplaintNumber,
    ) -> Result<OpenedCase, OfficerError> {
        let case = self.case_at_work(staff, case).await?;
        let opened = self.opened_complaint(number).await?;
        fits(&opened, &case.row.platform)?;
        self.link_opened(staff, case, &opened).await
    }

    async fn link_opened(
        &self,
        staff: &ActingStaff,
        mut case: OpenedCase,
        opened: &OpenedComplaint,
    ) -> Result<OpenedCase, OfficerError> {
        if !self.take_into_case(opened).await? {
            return Err(OfficerRefused::NotInState.into());
        }
        let complaint = opened.contents.number;
        case.contents.complaints.push(complaint);
        self.enter(staff.login().as_str(), case, CaseStep::Linked { complaint })
            .await
    }

    pub(super) async fn begin_case(
        &self,
        beginning: Beginning,
        by: &str,
    ) -> Result<OpenedCase, Fault> {
        let now = self.now();
        let entry = CaseEntry {
            at: now,
            officer: by.to_owned(),
            step: CaseStep::Opened {
                text: beginning.text,
            },
        };
        let contents = CaseContents {
            complaints: Vec::new(),
            entries: vec![entry.clone()],
        };
        let policy = &self.policy.complaint;
        let days = policy.answer_working_days;
        let row = CaseRow {
            case: CaseId::generate(self.random()),
            platform: beginning.platform,
            kind: beginning.kind,
            origin: beginning.origin,
            state: CaseState::Open,
            officer: beginning.officer,
            opened_on: now.day(),
            due_on: policy.calendar.working_days_after(now.day(), days),
            version: 1,
            sealed: self.seal_case(&contents).await?,
        };
        let event = self.case_event(&row, &entry);
        if !self.store.open_case(row.clone(), event).await? {
            return Err(Fault::Invariant("a case number came twice"));
        }
        Ok(OpenedCase { row, contents })
    }

    pub(super) fn case_event(&self, row: &CaseRow, entry: &CaseEntry) -> EventDraft {
        let event = AuditEvent::CaseChanged {
            case: row.case.clone(),
            platform: row.platform.clone(),
            change: entry.step.name().to_owned(),
            officer: entry.officer.clone(),
            entry: entry.digest(),
            at: entry.at,
        };
        EventDraft::new(event, self.random())
    }

    /// All cases; officers, auditors and supervisors see platform, kind, state and limits, nothing of who complained. A
    /// supervisor sees those of the own field (R3.1).
    pub async fn cases(&self, staff: &ActingStaff) -> Result<Vec<CaseRow>, OfficerError> {
        let mut rows = self.store.case_files().await.map_err(Fault::from)?;
        if staff.may(Duty::Supervise) {
            rows.retain(|row| staff.role().watches(self.standing(&row.platform).field));
            return Ok(rows);
        }
        if !staff.may(Duty::WorkOnCases) && !staff.may(Duty::ReadAudit) {
            return Err(OfficerRefused::NotThisRole.into());
        }
        Ok(rows)
    }

    /// Opens a case for reading. Only its officers open it.
    pub async fn read_case(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
    ) -> Result<OpenedCase, OfficerError> {
        case_officer(staff)?;
        self.opened_case(case).await
    }

    pub(super) async fn opened_case(&self, case: &CaseId) -> Result<OpenedCase, OfficerError> {
        let row = self.store.case_file(case).await.map_err(Fault::from)?;
        let row = row.ok_or(OfficerRefused::Unknown)?;
        let contents = self.open_case_contents(&row).await?;
        Ok(OpenedCase { row, contents })
    }
}

/// Whether a complaint belongs to a case about `platform`.
fn fits(opened: &OpenedComplaint, platform: &PlatformId) -> Result<(), OfficerRefused> {
    if opened.contents.platform != *platform {
        return Err(OfficerRefused::OtherPlatform);
    }
    match opened.row.state {
        ComplaintState::Received => Ok(()),
        _ => Err(OfficerRefused::NotInState),
    }
}
