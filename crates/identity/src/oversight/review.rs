//! Submitting, returning, refusing, approving: scenarios one by one, with reasons (R5.1).

use super::carry_out::Done;
use super::submission::{
    Fault as Broken, Registration, SubmissionRow, SubmissionState, Submitted, scenario_faults,
    scenario_subject, with_scenario,
};
use super::two_persons::NotPossible;
use super::{Act, TwoPersons};
use crate::audit::{AuditEvent, EventDraft};
use crate::id::PlatformId;
use crate::platform::Platform;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};
use crypto::digest::Digest;

/// Why a submission or a review is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefused {
    /// Another role's work.
    #[error(transparent)]
    Duty(#[from] NotYourDuty),
    /// The submission breaks rules.
    #[error("the submission breaks rules")]
    Faults(Vec<Broken>),
    /// A scenario of a platform that is not registered.
    #[error("R5.1: the platform is not registered yet")]
    NotRegistered,
    /// No such submission waits, or it is another by now.
    #[error("R5.1: no such submission waits")]
    NotWaiting,
    /// Reasons are part of each decision.
    #[error("R5.1: a decision needs its reasons")]
    NoReasons,
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] ReviewRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<NotYourDuty> for ReviewError {
    fn from(not_yours: NotYourDuty) -> Self {
        ReviewRefused::from(not_yours).into()
    }
}

/// What one reviewer may say alone; approval takes two (`Act::ApproveScenario`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Back to the platform, with remarks.
    Return,
    /// No, with reasons.
    Refuse,
}

impl Service {
    /// A member submits for the own platform. Event `submission_changed`.
    pub async fn submit(
        &self,
        staff: &ActingStaff,
        submitted: Submitted,
    ) -> Result<SubmissionRow, ReviewError> {
        staff.must(Duty::SpeakForPlatform)?;
        let id = staff
            .platform()
            .cloned()
            .ok_or(Fault::Invariant("a member without a platform"))?;
        let faults = match &submitted {
            Submitted::Registration(registration) => self.registration_faults(&id, registration),
            Submitted::Scenario(scenario) => {
                let platform = self.platform(&id).ok_or(ReviewRefused::NotRegistered)?;
                scenario_faults(&platform, scenario, &self.policy.age_markers)
            }
        };
        if !faults.is_empty() {
            return Err(ReviewRefused::Faults(faults).into());
        }
        let row = SubmissionRow {
            platform: id,
            submitted,
            state: SubmissionState::Waiting,
            by: staff.login().clone(),
            at: self.now(),
            reasons: String::new(),
            reviewed_by: None,
        };
        self.put_submission(row.clone(), staff).await?;
        Ok(row)
    }

    fn registration_faults(&self, id: &PlatformId, registration: &Registration) -> Vec<Broken> {
        let mut faults = registration.faults();
        // A client id is one app's for ever, over all platforms.
        for client in &registration.clients {
            let taken = self.client(&client.id);
            if taken.is_some_and(|taken| taken.platform.id != *id) {
                faults.push(Broken {
                    rule: "R5.1",
                    item: client.id.to_string(),
                    text: "the client id is another platform's".to_owned(),
                });
            }
        }
        faults
    }

    /// All submissions, by platform and subject; a member sees the own ones.
    pub async fn submissions(
        &self,
        staff: &ActingStaff,
    ) -> Result<Vec<SubmissionRow>, ReviewError> {
        let mut rows = self.store.submissions().await.map_err(Fault::from)?;
        if staff.may(Duty::SpeakForPlatform) {
            rows.retain(|row| Some(&row.platform) == staff.platform());
        } else if !staff.may(Duty::ReviewPlatforms) && !staff.may(Duty::ReadAudit) {
            staff.must(Duty::ReviewPlatforms)?;
        }
        Ok(rows)
    }

    /// One reviewer returns or refuses what waits, with reasons. Event `submission_changed`.
    pub async fn review(
        &self,
        staff: &ActingStaff,
        digest: &Digest,
        verdict: Verdict,
        reasons: &str,
    ) -> Result<SubmissionRow, ReviewError> {
        staff.must(Duty::ReviewPlatforms)?;
        if reasons.trim().is_empty() {
            return Err(ReviewRefused::NoReasons.into());
        }
        let row = self
            .waiting_submission(digest)
            .await?
            .ok_or(ReviewRefused::NotWaiting)?;
        let state = match verdict {
            Verdict::Return => SubmissionState::Returned,
            Verdict::Refuse => SubmissionState::Refused,
        };
        let row = SubmissionRow {
            state,
            reasons: reasons.to_owned(),
            reviewed_by: Some(staff.login().clone()),
            ..row
        };
        self.put_submission(row.clone(), staff).await?;
        Ok(row)
    }

    async fn waiting_submission(&self, digest: &Digest) -> Result<Option<SubmissionRow>, Fault> {
        let rows = self.store.submissions().await?;
        Ok(rows
            .into_iter()
            .find(|row| row.state == SubmissionState::Waiting && row.digest() == *digest))
    }

    async fn put_submission(&self, row: SubmissionRow, by: &ActingStaff) -> Result<(), Fault> {
        self.put_submission_by(row, by.login().clone()).await
    }

    async fn put_submission_by(
        &self,
        row: SubmissionRow,
        by: crate::id::StaffLogin,
    ) -> Result<(), Fault> {
        let event = AuditEvent::SubmissionChanged {
            platform: row.platform.clone(),
            subject: row.subject(),
            to: row.state.as_str().to_owned(),
            by,
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self.store.put_submission(row, event).await?)
    }

    pub(super) async fn check_review(&self, act: &Act) -> Result<Result<(), NotPossible>, Fault> {
        let wrong = |text| Ok(Err(NotPossible { rule: "R5.1", text }));
        let (platform, subject, digest, reasons) = match act {
            Act::RegisterPlatform {
                platform,
                submission,
                reasons,
            } => (
                platform,
                "registration".to_owned(),
                Some(submission),
                reasons,
            ),
            Act::ApproveScenario {
                platform,
                scenario,
                submission,
                reasons,
            } => (
                platform,
                scenario_subject(scenario),
                Some(submission),
                reasons,
            ),
            Act::WithdrawScenario {
                platform,
                scenario,
                reasons,
            } => {
                let known = self.platform(platform).is_some_and(|platform| {
                    platform.scenarios.iter().any(|known| known.id == *scenario)
                });
                if !known {
                    return wrong("there is no such approved scenario");
                }
                (platform, scenario_subject(scenario), None, reasons)
            }
            _ => return Err(Fault::Invariant("not an act of review")),
        };
        if reasons.trim().is_empty() {
            return wrong("a decision needs its reasons");
        }
        let Some(digest) = digest else {
            return Ok(Ok(()));
        };
        match self.waiting_submission(digest).await? {
            Some(row) if row.platform == *platform && row.subject() == subject => Ok(Ok(())),
            _ => wrong("no such submission waits"),
        }
    }

    /// Puts in force what two reviewers agreed on. It takes effect at once, by [`Service::reload`]. Events
    /// `platform_changed`, `submission_changed`.
    pub(super) async fn put_in_force(&self, two: TwoPersons) -> Result<Done, Fault> {
        match two.act() {
            Act::RegisterPlatform {
                submission,
                reasons,
                ..
            }
            | Act::ApproveScenario {
                submission,
                reasons,
                ..
            } => {
                let Some(row) = self.waiting_submission(submission).await? else {
                    // Done before a stop, or the platform submitted another text since it was proposed.
                    self.reload().await?;
                    return Ok(Done("not_waiting"));
                };
                let Some(platform) = self.with_submission(&row).await? else {
                    return Ok(Done("not_registered"));
                };
                // What the platform has became less since: its keys, another bracket (R8.2, R10.1).
                if platform.approvable(&self.policy.age_markers).is_err() {
                    return Ok(Done("not_approvable"));
                }
                let field = match &row.submitted {
                    Submitted::Registration(registration) => Some(registration.field),
                    Submitted::Scenario(_) => None,
                };
                let id = platform.id.clone();
                self.put_platform(platform).await?;
                if let Some(field) = field {
                    self.set_field(&id, field).await?;
                }
                let row = SubmissionRow {
                    state: SubmissionState::Approved,
                    reasons: reasons.clone(),
                    reviewed_by: two.confirmer().cloned(),
                    ..row
                };
                let by = two.proposer().clone();
                self.put_submission_by(row, by).await?;
            }
            Act::WithdrawScenario {
                platform, scenario, ..
            } => {
                let Some(mut known) = self.stored_platform(platform).await? else {
                    return Ok(Done("not_registered"));
                };
                known.scenarios.retain(|other| other.id != *scenario);
                self.put_platform(known).await?;
            }
            _ => return Err(Fault::Invariant("not an act of review")),
        }
        Ok(Done("done"))
    }

    async fn stored_platform(&self, id: &PlatformId) -> Result<Option<Platform>, Fault> {
        let platforms = self.store.platforms().await?;
        Ok(platforms.into_iter().find(|known| known.id == *id))
    }

    /// The platform as it will be with a submission in force.
    async fn with_submission(&self, row: &SubmissionRow) -> Result<Option<Platform>, Fault> {
        let known = self.stored_platform(&row.platform).await?;
        Ok(match &row.submitted {
            Submitted::Registration(registration) => {
                let scenarios = known.map(|known| known.scenarios).unwrap_or_default();
                Some(registration.platform(row.platform.clone(), scenarios))
            }
            Submitted::Scenario(scenario) => {
                known.map(|known| with_scenario(known, (**scenario).clone()))
            }
        })
    }

    async fn put_platform(&self, platform: Platform) -> Result<(), Fault> {
        let event = AuditEvent::PlatformChanged {
            platform: platform.id.clone(),
            clients: platform.clients.iter().map(|app| app.id.clone()).collect(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        self.store.put_platform(platform, event).await?;
        self.reload().await
    }
}
