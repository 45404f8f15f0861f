//! Over-asking, counted per platform for supervision (R8.2, R14.1): how often a platform asked for what it was not
//! approved for. The platform was refused before anybody was asked, so there is no person in it.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::PlatformId;
use crate::service::{Fault, RegisteredClient, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};
use crate::verification::request::RequestRefused;

/// Months a count is kept.
pub const MONTHS_KEPT: i32 = 24;

/// What was asked without leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverAsked {
    /// A scenario that was not reviewed (R5.1).
    Scenario,
    /// An attribute outside the scenario, or without basis or key (R8.2).
    Attribute,
    /// An age bracket without a registered duty (R10.1).
    AgeBracket,
}

impl OverAsked {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Attribute => "attribute",
            Self::AgeBracket => "age_bracket",
        }
    }

    /// The kind of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Scenario, Self::Attribute, Self::AgeBracket]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// What a refusal counts as; `None` for a mistake that asks for nothing more.
    pub fn of(refused: RequestRefused) -> Option<Self> {
        match refused {
            RequestRefused::ScenarioNotApproved => Some(Self::Scenario),
            RequestRefused::AttributeNotApproved | RequestRefused::NoEncryptionKey => {
                Some(Self::Attribute)
            }
            RequestRefused::BracketNotApproved => Some(Self::AgeBracket),
            RequestRefused::NoDefaultScenario
            | RequestRefused::ModeTooWeak
            | RequestRefused::TooLong
            | RequestRefused::PlatformSuspended => None,
        }
    }
}

/// What is counted: a platform, a month, a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverAsking {
    /// Who.
    pub platform: PlatformId,
    /// First day of the month.
    pub month: Day,
    /// What.
    pub kind: OverAsked,
}

/// How often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverAskingCount {
    /// Of what.
    #[serde(flatten)]
    pub of: OverAsking,
    /// How often.
    pub count: u64,
}

impl Service {
    /// Counts a refused request of an *authenticated* app: anybody can write a platform's name into a browser's
    /// address, so what came that way is not counted against it.
    pub async fn count_over_asking(
        &self,
        client: &RegisteredClient,
        refused: RequestRefused,
    ) -> Result<(), Fault> {
        let Some(kind) = OverAsked::of(refused) else {
            return Ok(());
        };
        let platform = client.platform.id.clone();
        let now = self.now();
        let event = AuditEvent::PlatformOverAsked {
            platform: platform.clone(),
            kind,
            at: now,
        };
        let event = EventDraft::new(event, self.random());
        let (month, oldest) = months(now.date());
        let asking = OverAsking {
            platform,
            month,
            kind,
        };
        Ok(self.store.count_over_asking(asking, oldest, event).await?)
    }

    /// All counts.
    pub async fn over_asking(&self) -> Result<Vec<OverAskingCount>, Fault> {
        Ok(self.store.over_asking().await?)
    }

    /// The counts this member of staff may see (R3.1, R12.1): reviewers, case officers and auditors all; a supervisor
    /// those of the own field; a member of a platform the platform's own. Nobody else.
    pub async fn over_asking_for(
        &self,
        staff: &ActingStaff,
    ) -> Result<Result<Vec<OverAskingCount>, NotYourDuty>, Fault> {
        let all = [Duty::ReviewPlatforms, Duty::WorkOnCases, Duty::ReadAudit];
        let sees = |platform: &PlatformId| {
            all.iter().any(|duty| staff.may(*duty))
                || staff.role().watches(self.standing(platform).field)
                || staff.platform() == Some(platform)
        };
        let some = all
            .into_iter()
            .chain([Duty::Supervise, Duty::SpeakForPlatform]);
        if !some.into_iter().any(|duty| staff.may(duty)) {
            return Ok(Err(NotYourDuty {
                duty: Duty::Supervise,
            }));
        }
        let mut counts = self.over_asking().await?;
        counts.retain(|count| sees(&count.of.platform));
        Ok(Ok(counts))
    }
}

/// The first day of this month, and of the oldest one that is kept.
fn months(today: Date) -> (Day, Day) {
    let first = today.replace_day(1).unwrap_or(today);
    let oldest = first.replace_year(first.year() - MONTHS_KEPT / 12);
    (Day::of(first), Day::of(oldest.unwrap_or(first)))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_month_is_counted_whole_and_kept_for_two_years() {
        let (month, oldest) = months(date!(2026 - 11 - 22));
        assert_eq!(
            (month.to_string(), oldest.to_string()),
            ("2026-11-01".to_owned(), "2024-11-01".to_owned())
        );
    }

    #[test]
    fn a_kind_is_read_back_and_a_mere_mistake_counts_as_none() {
        for kind in [
            OverAsked::Scenario,
            OverAsked::Attribute,
            OverAsked::AgeBracket,
        ] {
            assert_eq!(OverAsked::from_name(kind.as_str()), Some(kind));
        }
        for mistake in [
            RequestRefused::ModeTooWeak,
            RequestRefused::NoDefaultScenario,
        ] {
            assert_eq!(OverAsked::of(mistake), None);
        }
    }
}
