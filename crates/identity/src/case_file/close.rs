//! A case is closed with reasons, and everybody who complained is told (R14.1, P-rights).

use crate::complaint::answer::{ComplaintAnswer, ComplaintOutcome};
use crate::complaint::officer::OfficerError;
use crate::service::Service;
use crate::staff::ActingStaff;

use super::content::CaseStep;
use super::open::OpenedCase;
use super::work::words;
use super::{CaseId, CaseState};

impl Service {
    /// Closes a case and answers its complaints. An answer that was not told because the process died is told when
    /// the officer closes again: a closed case stays closed, an unanswered complaint does not stay unanswered.
    pub async fn close_case(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
        outcome: ComplaintOutcome,
        reasons: &str,
    ) -> Result<OpenedCase, OfficerError> {
        let text = words(reasons)?;
        // 1. Closed, with reasons, in one unit with its event.
        let mut case = self.case_at_work(staff, case).await?;
        case.row.state = CaseState::Closed;
        let step = CaseStep::Closed { outcome, text };
        let case = self.enter(staff.login().as_str(), case, step).await?;
        // 2. The result, to each complaint.
        self.tell_result(&case).await?;
        Ok(case)
    }

    /// Answers what a closed case left unanswered; how many.
    pub async fn tell_result(&self, case: &OpenedCase) -> Result<usize, OfficerError> {
        let closing = case
            .contents
            .entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.step {
                CaseStep::Closed { outcome, text } => Some((entry.at, *outcome, text)),
                _ => None,
            });
        let Some((at, outcome, reasons)) = closing else {
            return Ok(0);
        };
        let answer = ComplaintAnswer {
            outcome,
            reasons: reasons.clone(),
            on: at.day(),
        };
        let mut told = 0;
        for number in &case.contents.complaints {
            let opened = self.opened_complaint(*number).await?;
            told += usize::from(self.answer_complaint(&opened, &answer).await?);
        }
        Ok(told)
    }
}
