//! The clocks of an incident: what is due when, and what is late (R12.3).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

use super::Incident;
use super::level::{IncidentPolicy, Level};

/// Which duty runs against time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockName {
    /// The first report to the authorities.
    Report,
    /// Passing it on.
    Forward,
    /// Telling the persons.
    Tell,
    /// The summary after closing.
    Summary,
}

impl ClockName {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Forward => "forward",
            Self::Tell => "tell",
            Self::Summary => "summary",
        }
    }
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Not done, and in time.
    Running,
    /// Not done, and too late: alarms.
    Overdue,
    /// Done in time.
    Done,
    /// Done, too late.
    Late,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningClock {
    /// Which.
    pub name: ClockName,
    /// Due.
    pub due_at: Timestamp,
    /// Done.
    pub done_at: Option<Timestamp>,
    /// As of now.
    pub state: ClockState,
}

impl Incident {
    /// All clocks that run or ran. A drill's run the same way: that is what it trains.
    pub fn clocks(&self, policy: &IncidentPolicy, now: Timestamp) -> Vec<RunningClock> {
        let mut clocks = Vec::new();
        let mut put = |name, due_at: Timestamp, done_at: Option<Timestamp>| {
            let state = match done_at {
                Some(done) if done > due_at => ClockState::Late,
                Some(_) => ClockState::Done,
                None if now > due_at => ClockState::Overdue,
                None => ClockState::Running,
            };
            clocks.push(RunningClock {
                name,
                due_at,
                done_at,
                state,
            });
        };
        // R12.3: from level 较大 on, from the moment the level was known.
        if let Some(since) = self.reportable_since {
            put(
                ClockName::Report,
                since.plus(policy.profile.report_within()),
                self.reported_at,
            );
        }
        // From level 重大 on, from the report.
        if let (Level::Major | Level::Extraordinary, Some(reported)) =
            (self.level, self.reported_at)
        {
            put(
                ClockName::Forward,
                reported.plus(policy.profile.forward_within()),
                self.forwarded_at,
            );
        }
        // Art. 12(3): whose data it was is told.
        if self.effect.persons > 0 {
            put(
                ClockName::Tell,
                self.opened_at.plus(policy.tell_hours * 3600),
                self.told.started_at,
            );
        }
        if let Some(closed) = self.closed_at {
            put(
                ClockName::Summary,
                closed.plus(policy.summary_days * 86_400),
                self.summary_sent_at,
            );
        }
        clocks
    }

    /// Whether something is late that nobody did.
    pub fn is_overdue(&self, policy: &IncidentPolicy, now: Timestamp) -> bool {
        let clocks = self.clocks(policy, now);
        clocks
            .iter()
            .any(|clock| clock.state == ClockState::Overdue)
    }
}
