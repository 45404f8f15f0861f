//! Leading an incident: recorded, assessed, reported, told, closed (Art. 12(3), R12.3). Each step by a named person.

use base32ct::{Base32Unpadded, Encoding};
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::id::{Bucket, IncidentId};
use crate::platform::LocalText;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};

use super::level::{Effect, Level};
use super::notice::{NoticeRefused, PersonNotice};
use super::{Incident, IncidentKind, Moment, PLAN, PlanStep, Progress, Scope};

/// What is recorded first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewIncident {
    /// Nobody is told, everything else is done.
    #[serde(default)]
    pub drill: bool,
    /// Network or data.
    pub kind: IncidentKind,
    /// One line.
    pub title: LocalText,
    /// Whose persons.
    pub scope: Scope,
    /// As far as known.
    #[serde(default)]
    pub effect: Effect,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// The effect is known better: the level follows.
    Assess {
        /// In numbers.
        effect: Effect,
    },
    /// A step of the plan is done.
    Plan {
        /// Its name.
        step: String,
    },
    /// Something worth writing down.
    Note {
        /// What.
        text: String,
    },
    /// The first report went out.
    Report,
    /// It was passed on.
    Forward,
    /// What the persons will read.
    Prepare {
        /// The five contents.
        notice: PersonNotice,
    },
    /// They are told, bucket by bucket, beside the requests.
    Tell,
    /// It is over.
    Close {
        /// What happened and what changed.
        summary: LocalText,
    },
    /// The summary report went out.
    Summarise,
}

impl Step {
    /// The name in the event and the timeline.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Assess { .. } => "assess",
            Self::Plan { .. } => "plan",
            Self::Note { .. } => "note",
            Self::Report => "report",
            Self::Forward => "forward",
            Self::Prepare { .. } => "prepare",
            Self::Tell => "tell",
            Self::Close { .. } => "close",
            Self::Summarise => "summarise",
        }
    }
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IncidentRefused {
    /// Somebody else's work.
    #[error(transparent)]
    Duty(#[from] NotYourDuty),
    /// There is no such incident.
    #[error("there is no such incident")]
    Unknown,
    /// Somebody was faster; read it again.
    #[error("the incident has changed meanwhile")]
    Moved,
    /// The step does not fit where the incident stands.
    #[error("R12.3: {0}")]
    NotNow(&'static str),
    /// The notice.
    #[error(transparent)]
    Notice(#[from] NoticeRefused),
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    /// By a rule.
    #[error(transparent)]
    Refused(IncidentRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<IncidentRefused>> From<T> for IncidentError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

impl Service {
    /// Records an incident; its plan starts in the same moment (立即启动应急预案).
    pub async fn open_incident(
        &self,
        staff: &ActingStaff,
        new: NewIncident,
    ) -> Result<Incident, IncidentError> {
        staff.must(Duty::LeadIncidents)?;
        if new.title.chinese.trim().is_empty() || new.title.english.trim().is_empty() {
            return Err(
                IncidentRefused::NotNow("an incident has a title in both languages").into(),
            );
        }
        if let Scope::Buckets { buckets } = &new.scope
            && (buckets.is_empty() || buckets.iter().any(|number| Bucket::new(*number).is_none()))
        {
            return Err(IncidentRefused::NotNow("no such buckets").into());
        }
        let now = self.now();
        let id = Base32Unpadded::encode_string(&random::array::<10>(self.random()));
        let level = self.policy.incident.level(&new.effect);
        let mut incident = Incident {
            id: IncidentId(id),
            revision: 1,
            drill: new.drill,
            kind: new.kind,
            title: new.title,
            scope: new.scope,
            effect: new.effect,
            level,
            opened_at: now,
            opened_by: staff.login().clone(),
            reportable_since: (level >= Level::Larger).then_some(now),
            steps: PLAN.iter().map(|name| PlanStep::open(name)).collect(),
            timeline: Vec::new(),
            reported_at: None,
            forwarded_at: None,
            notice: None,
            told: Progress::default(),
            closed_at: None,
            summary: None,
            summary_sent_at: None,
        };
        // R12.3: the plan starts at once, not when somebody finds the time.
        incident.steps[0].done_at = Some(now);
        incident.note(now, staff.login(), "open", incident.title.chinese.clone());
        self.put_incident(incident, "open", staff).await
    }

    /// Takes one step.
    pub async fn lead_incident(
        &self,
        staff: &ActingStaff,
        id: &IncidentId,
        step: Step,
    ) -> Result<Incident, IncidentError> {
        staff.must(Duty::LeadIncidents)?;
        let mut incident = self.incident(id).await?;
        let name = step.name();
        incident.take(step, staff.login(), self.now(), &self.policy.incident)?;
        incident.revision += 1;
        self.put_incident(incident, name, staff).await
    }

    /// One incident.
    pub async fn incident(&self, id: &IncidentId) -> Result<Incident, IncidentError> {
        let found = self.store.incident(id).await.map_err(Fault::from)?;
        found.ok_or(IncidentRefused::Unknown.into())
    }

    /// All incidents, newest first.
    pub async fn incidents(&self) -> Result<Vec<Incident>, Fault> {
        let mut incidents = self.store.incidents().await?;
        incidents
            .sort_by_key(|incident| std::cmp::Reverse((incident.opened_at, incident.id.clone())));
        Ok(incidents)
    }

    async fn put_incident(
        &self,
        incident: Incident,
        change: &str,
        staff: &ActingStaff,
    ) -> Result<Incident, IncidentError> {
        let event = AuditEvent::IncidentChanged {
            incident: incident.id.clone(),
            change: change.to_owned(),
            drill: incident.drill,
            by: Some(staff.login().clone()),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let stored = self.store.put_incident(incident.clone(), event).await;
        if stored.map_err(Fault::from)? {
            Ok(incident)
        } else {
            Err(IncidentRefused::Moved.into())
        }
    }
}

impl Incident {
    /// The step, where it fits. Pure: the store says whether somebody was faster.
    fn take(
        &mut self,
        step: Step,
        by: &crate::id::StaffLogin,
        now: crate::clock::Timestamp,
        policy: &super::IncidentPolicy,
    ) -> Result<(), IncidentRefused> {
        let name = step.name();
        let closed = self.closed_at.is_some();
        if closed && !matches!(step, Step::Summarise | Step::Note { .. } | Step::Tell) {
            return Err(IncidentRefused::NotNow("the incident is closed"));
        }
        let mut text = String::new();
        match step {
            Step::Assess { effect } => {
                self.effect = effect;
                self.level = policy.level(&effect);
                // The clock of the report does not start anew, and does not stop when a number is corrected later.
                if self.level >= Level::Larger && self.reportable_since.is_none() {
                    self.reportable_since = Some(now);
                }
                self.level.as_str().clone_into(&mut text);
            }
            Step::Plan { step } => {
                let found = self.steps.iter_mut().find(|open| open.name == step);
                let found = found.ok_or(IncidentRefused::NotNow("the plan has no such step"))?;
                found.done_at.get_or_insert(now);
                text = step;
            }
            Step::Note { text: said } => text = said,
            Step::Report if self.reported_at.is_some() => {
                return Err(IncidentRefused::NotNow("it was reported before"));
            }
            Step::Report => self.reported_at = Some(now),
            Step::Forward if self.reported_at.is_none() => {
                return Err(IncidentRefused::NotNow("report it before it is passed on"));
            }
            Step::Forward => {
                self.forwarded_at.get_or_insert(now);
            }
            Step::Prepare { notice } => {
                notice.note(self)?;
                self.notice = Some(notice);
            }
            Step::Tell if self.notice.is_none() => {
                return Err(IncidentRefused::NotNow(
                    "prepare the notice with its five contents first",
                ));
            }
            Step::Tell => {
                self.told.started_at.get_or_insert(now);
                // R12.3: a drill tells nobody.
                if self.drill {
                    self.told.finished_at.get_or_insert(now);
                    "演练：没有通知任何人 · drill: nobody was told".clone_into(&mut text);
                }
            }
            Step::Close { summary }
                if summary.chinese.trim().is_empty() || summary.english.trim().is_empty() =>
            {
                return Err(IncidentRefused::NotNow(
                    "closing needs a summary in both languages",
                ));
            }
            Step::Close { summary } => {
                self.closed_at = Some(now);
                self.summary = Some(summary);
            }
            Step::Summarise if !closed => {
                return Err(IncidentRefused::NotNow(
                    "close it before its summary is sent",
                ));
            }
            Step::Summarise => {
                self.summary_sent_at.get_or_insert(now);
            }
        }
        self.note(now, by, name, text);
        Ok(())
    }

    fn note(
        &mut self,
        at: crate::clock::Timestamp,
        by: &crate::id::StaffLogin,
        what: &str,
        text: String,
    ) {
        self.timeline.push(Moment {
            at,
            by: by.clone(),
            what: what.to_owned(),
            text,
        });
    }
}
