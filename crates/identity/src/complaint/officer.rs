//! What a case officer does with complaints: lists them, opens one, tells the result.

use serde_json::json;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::Bucket;
use crate::inbox::InboxNote;
use crate::platform::LocalText;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty};

use super::answer::ComplaintAnswer;
use super::{
    ComplaintKind, ComplaintNumber, ComplaintRow, ComplaintState, ComplaintStep, Contents,
};

/// Why an officer's act is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OfficerRefused {
    /// Another role's work (R12.1: no role can do everything).
    #[error("R12.1: this is not the work of this role")]
    NotThisRole,
    /// There is no such complaint, case or request.
    #[error("there is nothing of this number")]
    Unknown,
    /// It moved on in the meantime.
    #[error("it is no longer in the state this act needs")]
    NotInState,
    /// Complaints of several platforms or kinds do not make one case.
    #[error("R14.1: a case is about one platform")]
    OtherPlatform,
    /// An act that needs words came without.
    #[error("R14.1: reasons are missing")]
    NoReasons,
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum OfficerError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] OfficerRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// One line of the officers' list. Of the row only what needs no opening, and the number.
#[derive(Debug, Clone)]
pub struct ComplaintLine {
    /// The number.
    pub number: ComplaintNumber,
    /// Of what kind.
    pub kind: ComplaintKind,
    /// Where it stands.
    pub state: ComplaintState,
    /// The day it came.
    pub received_on: Day,
    /// When an answer is due.
    pub due_on: Day,
    /// Whether that day has passed.
    pub overdue: bool,
    /// About whom.
    pub platform: crate::id::PlatformId,
}

/// A complaint as its officer reads it.
#[derive(Debug, Clone)]
pub struct OpenedComplaint {
    /// The row.
    pub row: ComplaintRow,
    /// What it says.
    pub contents: Contents,
}

/// Only case officers work on complaints and cases.
pub(crate) fn case_officer(staff: &ActingStaff) -> Result<(), OfficerRefused> {
    staff
        .must(Duty::WorkOnCases)
        .map_err(|_| OfficerRefused::NotThisRole)
}

impl Service {
    /// Complaints in one state, the most urgent first, at most `limit`.
    pub async fn complaints(
        &self,
        staff: &ActingStaff,
        state: ComplaintState,
        limit: usize,
    ) -> Result<Vec<ComplaintLine>, OfficerError> {
        case_officer(staff)?;
        let mut rows = Vec::new();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            let found = self.store.complaints_in(bucket, state, 100).await;
            rows.extend(found.map_err(Fault::from)?);
        }
        rows.sort_by_key(|row| (row.due_on, row.complaint));
        rows.truncate(limit);
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let contents = self.open_contents(&row).await?;
            lines.push(ComplaintLine {
                number: contents.number,
                kind: row.kind,
                state: row.state,
                received_on: row.received_on,
                due_on: row.due_on,
                overdue: self.is_overdue(&row),
                platform: contents.platform,
            });
        }
        Ok(lines)
    }

    /// Opens a complaint. Reading is an act with a name: event `complaint_read` (R12.1).
    pub async fn read_complaint(
        &self,
        staff: &ActingStaff,
        number: ComplaintNumber,
    ) -> Result<OpenedComplaint, OfficerError> {
        case_officer(staff)?;
        let opened = self.opened_complaint(number).await?;
        let event = AuditEvent::ComplaintRead {
            complaint: opened.row.complaint,
            officer: staff.login().to_string(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let recorded = self.store.record(opened.row.bucket(), event).await;
        recorded.map_err(Fault::from)?;
        Ok(opened)
    }

    pub(crate) async fn opened_complaint(
        &self,
        number: ComplaintNumber,
    ) -> Result<OpenedComplaint, OfficerError> {
        let digest = number.digest(self.keys()).map_err(Fault::from)?;
        let row = self.store.complaint(&digest).await.map_err(Fault::from)?;
        let row = row.ok_or(OfficerRefused::Unknown)?;
        let contents = self.open_contents(&row).await?;
        Ok(OpenedComplaint { row, contents })
    }

    /// Takes a complaint into a case.
    pub(crate) async fn take_into_case(&self, opened: &OpenedComplaint) -> Result<bool, Fault> {
        let step = ComplaintStep {
            from: ComplaintState::Received,
            to: ComplaintState::InCase,
            sealed_answer: None,
        };
        self.step(&opened.row, step).await
    }

    /// Tells the result: sealed for number and secret, and into the inbox of who complained by a device.
    pub(crate) async fn answer_complaint(
        &self,
        opened: &OpenedComplaint,
        answer: &ComplaintAnswer,
    ) -> Result<bool, Fault> {
        let contents = &opened.contents;
        let sealed = self.seal_answer(contents.number, &contents.secret, answer)?;
        let step = ComplaintStep {
            from: ComplaintState::InCase,
            to: ComplaintState::Answered,
            sealed_answer: Some(sealed),
        };
        if !self.step(&opened.row, step).await? {
            return Ok(false);
        }
        let person = match contents.person {
            Some(person) => self.store.person(person).await?,
            None => None,
        };
        // Who left in the meantime has no inbox; number and secret still work.
        if let Some(person) = person {
            let fields = json!({
                "complaint": contents.number,
                "secret": contents.secret,
                "outcome": answer.outcome,
            });
            self.notify_with(&person, &answered_note(contents.number, answer), fields)
                .await?;
        }
        Ok(true)
    }

    async fn step(&self, row: &ComplaintRow, step: ComplaintStep) -> Result<bool, Fault> {
        let event = AuditEvent::ComplaintChanged {
            complaint: row.complaint,
            to: step.to.as_str().to_owned(),
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self
            .store
            .move_complaint(&row.complaint, step, event)
            .await?)
    }
}

fn answered_note(number: ComplaintNumber, answer: &ComplaintAnswer) -> InboxNote {
    // Long reasons are read by number and secret: an inbox entry has one size.
    let reasons: String = answer.reasons.chars().take(200).collect();
    InboxNote {
        topic: "complaint_answered".to_owned(),
        title: LocalText::new("你的投诉有结果了", "Your complaint has a result"),
        text: LocalText::new(
            &format!("投诉 {number}：{reasons}"),
            &format!("Complaint {number}: {reasons}"),
        ),
    }
}
