//! Counts of whole platforms, for their own console and for supervisors: nothing of any person, small numbers hidden
//! (R9.3; ui.md §5.9).
//!
//! They are kept in memory since the service started: no row, no event, no trail.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Day;
use crate::id::{Bucket, PlatformId};
use crate::service::{Fault, Service};
use crate::wangzheng::WangzhengState;

/// A count below this is not told.
pub const SMALLEST: u64 = 10;
/// Days that are remembered.
const DAYS: i32 = 30;

/// A number that may be told: exact from ten on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Fewer than ten.
    Few,
    /// Exactly.
    Exactly(u64),
}

impl Shown {
    /// What may be told of a number.
    pub const fn of(number: u64) -> Self {
        if number < SMALLEST {
            Self::Few
        } else {
            Self::Exactly(number)
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Few => f.write_str("<10"),
            Self::Exactly(number) => write!(f, "{number}"),
        }
    }
}

/// Requests and passes of one platform on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayCount {
    /// Requests it pushed.
    pub requested: u64,
    /// Passes it got. What did not pass is not counted apart: a refusal is nobody's number (R8.1).
    pub passed: u64,
}

/// The counters.
#[derive(Debug, Default)]
pub(crate) struct PlatformDays(Mutex<BTreeMap<(PlatformId, Day), DayCount>>);

impl PlatformDays {
    fn change(&self, platform: &PlatformId, day: Day, add: impl Fn(&mut DayCount)) {
        let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(days.entry((platform.clone(), day)).or_default());
        days.retain(|(_, known), _| known.0 > day.0 - DAYS);
    }

    pub(crate) fn requested(&self, platform: &PlatformId, day: Day) {
        self.change(platform, day, |count| count.requested += 1);
    }

    pub(crate) fn passed(&self, platform: &PlatformId, day: Day) {
        self.change(platform, day, |count| count.passed += 1);
    }

    fn of(&self, platform: &PlatformId) -> Vec<(Day, DayCount)> {
        let days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = days.iter().filter(|((known, _), _)| known == platform);
        own.map(|((_, day), count)| (*day, *count)).rev().collect()
    }
}

/// One day as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownDay {
    /// Which.
    pub day: Day,
    /// Requests.
    pub requested: Shown,
    /// Passes.
    pub passed: Shown,
}

impl Service {
    /// What a platform may know of its own days, newest first.
    pub fn platform_counts(&self, platform: &PlatformId) -> Vec<ShownDay> {
        let days = self.platform_days.of(platform).into_iter();
        days.map(|(day, count)| ShownDay {
            day,
            requested: Shown::of(count.requested),
            passed: Shown::of(count.passed),
        })
        .collect()
    }

    /// How many 网证 there are in each state, over all buckets.
    pub async fn credential_counts(&self) -> Result<Vec<(WangzhengState, Shown)>, Fault> {
        let mut sums: BTreeMap<&'static str, (WangzhengState, u64)> = BTreeMap::new();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            for (state, count) in self.store.count_wangzheng(bucket).await? {
                sums.entry(state.as_str()).or_insert((state, 0)).1 += count;
            }
        }
        Ok(sums
            .into_values()
            .map(|(state, count)| (state, Shown::of(count)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_ten_are_few() {
        assert_eq!(Shown::of(0).to_string(), "<10");
        assert_eq!(Shown::of(9).to_string(), "<10");
        assert_eq!(Shown::of(10).to_string(), "10");
    }

    #[test]
    fn a_month_is_remembered_and_platforms_are_apart() {
        let counts = PlatformDays::default();
        let (forum, bank) = (
            PlatformId("forum".to_owned()),
            PlatformId("bank".to_owned()),
        );
        for day in 0..40 {
            counts.requested(&forum, Day(day));
        }
        counts.passed(&bank, Day(39));
        let days = counts.of(&forum);
        assert_eq!(days.len(), 30);
        assert_eq!(days[0].0, Day(39));
        assert_eq!(
            counts.of(&bank),
            [(
                Day(39),
                DayCount {
                    requested: 0,
                    passed: 1
                }
            )]
        );
    }
}
