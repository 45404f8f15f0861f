//! How grave an incident is, from its effect (国家网络安全事件报告管理办法; domain facts in `docs/`; R12.3).

use serde::{Deserialize, Serialize};

/// What happened, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Effect {
    /// Persons whose data leaked, was lost or changed.
    pub persons: u64,
    /// Minutes the whole service stood still.
    pub whole_outage_minutes: u32,
    /// Minutes its main function stood still.
    pub main_outage_minutes: u32,
}

/// The four levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 一般.
    Ordinary,
    /// 较大: reported.
    Larger,
    /// 重大: reported, and passed on.
    Major,
    /// 特别重大.
    Extraordinary,
}

impl Level {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Larger => "larger",
            Self::Major => "major",
            Self::Extraordinary => "extraordinary",
        }
    }
}

/// Who has to report to whom how fast.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportingProfile {
    /// 关键信息基础设施: the strictest, and what a national service surely is.
    #[default]
    Cii,
    /// 中央和国家机关.
    StateOrgan,
    /// Any other operator.
    Other,
}

impl ReportingProfile {
    /// Seconds until the first report, from level 较大 on.
    pub const fn report_within(self) -> i64 {
        match self {
            Self::Cii => 3600,
            Self::StateOrgan => 2 * 3600,
            Self::Other => 4 * 3600,
        }
    }

    /// Seconds from the report until it is passed on, from level 重大 on.
    pub const fn forward_within(self) -> i64 {
        match self {
            Self::Cii => 30 * 60,
            Self::StateOrgan | Self::Other => 3600,
        }
    }
}

/// Thresholds and clocks. Each list is 较大, 重大, 特别重大; 以上 includes the number itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IncidentPolicy {
    /// Whose clocks run.
    pub profile: ReportingProfile,
    /// Persons.
    pub persons: [u64; 3],
    /// Minutes of a whole outage.
    pub whole_outage_minutes: [u32; 3],
    /// Minutes of an outage of the main function.
    pub main_outage_minutes: [u32; 3],
    /// Days after closing until the summary report.
    pub summary_days: i64,
    /// Hours until the persons are told: 及时告知 (Art. 12(3)) made a number.
    pub tell_hours: i64,
}

impl Default for IncidentPolicy {
    fn default() -> Self {
        Self {
            profile: ReportingProfile::Cii,
            persons: [1_000_000, 10_000_000, 100_000_000],
            whole_outage_minutes: [30, 120, 360],
            main_outage_minutes: [120, 360, 1440],
            summary_days: 30,
            tell_hours: 24,
        }
    }
}

impl IncidentPolicy {
    /// The level of an effect: the highest that any of its numbers reaches (R12.3).
    pub fn level(&self, effect: &Effect) -> Level {
        let reached =
            |value: u64, steps: [u64; 3]| steps.iter().filter(|step| value >= **step).count();
        let highest = reached(effect.persons, self.persons)
            .max(reached(
                effect.whole_outage_minutes.into(),
                self.whole_outage_minutes.map(u64::from),
            ))
            .max(reached(
                effect.main_outage_minutes.into(),
                self.main_outage_minutes.map(u64::from),
            ));
        match highest {
            0 => Level::Ordinary,
            1 => Level::Larger,
            2 => Level::Major,
            _ => Level::Extraordinary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r12_3_the_level_is_the_highest_that_any_number_reaches() {
        let policy = IncidentPolicy::default();
        let of = |persons, whole, main| {
            policy.level(&Effect {
                persons,
                whole_outage_minutes: whole,
                main_outage_minutes: main,
            })
        };
        assert_eq!(of(999_999, 29, 119), Level::Ordinary);
        assert_eq!(
            of(1_000_000, 0, 0),
            Level::Larger,
            "以上 includes the number"
        );
        assert_eq!(of(9_999_999, 0, 0), Level::Larger);
        assert_eq!(of(10_000_000, 0, 0), Level::Major);
        assert_eq!(of(100_000_000, 0, 0), Level::Extraordinary);
        assert_eq!(of(0, 30, 0), Level::Larger);
        assert_eq!(of(0, 120, 0), Level::Major);
        assert_eq!(of(0, 360, 0), Level::Extraordinary);
        assert_eq!(of(0, 0, 120), Level::Larger);
        assert_eq!(of(0, 0, 1440), Level::Extraordinary);
        assert_eq!(of(1_000_000, 360, 0), Level::Extraordinary);
    }

    #[test]
    fn r12_3_the_default_profile_is_the_strictest() {
        let default = IncidentPolicy::default().profile;
        for other in [ReportingProfile::StateOrgan, ReportingProfile::Other] {
            assert!(default.report_within() < other.report_within());
            assert!(default.forward_within() < other.forward_within());
        }
        assert_eq!(
            (default.report_within(), default.forward_within()),
            (3600, 1800)
        );
    }
}
