//! Time comes in as an argument: one trait, one calendar.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time and `seconds` more.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The start of the minute, as platform request logs carry it (design §4, C1).
    #[must_use]
    pub fn minute(self) -> Self {
        Self(self.0 - self.0.rem_euclid(60))
    }

    /// The day in Asia/Shanghai: the law's days are counted there, all year at UTC+8.
    pub fn day(self) -> Day {
        Day(i32::try_from((self.0 + 8 * 3600).div_euclid(86_400)).unwrap_or(i32::MAX))
    }

    /// The date in Asia/Shanghai.
    pub fn date(self) -> Date {
        self.day().date()
    }
}

/// A day of Asia/Shanghai, counted from 1970-01-01. Events of a person carry this and no time (C1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The calendar date.
    pub fn date(self) -> Date {
        OffsetDateTime::from_unix_timestamp(i64::from(self.0) * 86_400)
            .map_or(Date::MAX, |moment| moment.to_offset(UtcOffset::UTC).date())
    }

    /// The day of a calendar date.
    pub fn of(date: Date) -> Self {
        Self(date.to_julian_day() - 2_440_588)
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let format = time::macros::format_description!("[year]-[month]-[day]");
        Date::parse(text, format).ok().map(Self::of)
    }

    /// Midnight in Shanghai, as the day begins.
    pub fn begins(self) -> Timestamp {
        Timestamp(i64::from(self.0) * 86_400 - 8 * 3600)
    }

    /// This day and `days` more.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl std::fmt::Display for Day {
    /// Prints `YYYY-MM-DD`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let date = self.date();
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            u8::from(date.month()),
            date.day()
        )
    }
}

/// What tells the time. The wall clock outside tests, a fake one inside.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    fn now(&self) -> Timestamp {
        let elapsed = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        // 2026-11-21T15:59:59Z and one second later.
        assert_eq!(Timestamp(1_795_276_799).day().to_string(), "2026-11-21");
        assert_eq!(Timestamp(1_795_276_800).day().to_string(), "2026-11-22");
    }

    #[test]
    fn a_day_is_read_as_it_is_printed_and_begins_where_it_changes() {
        let day = Day::parse("2026-11-22").unwrap();
        assert_eq!(day.to_string(), "2026-11-22");
        assert_eq!(day.begins().day(), day);
        assert_eq!(day.begins().plus(-1).day(), day.plus(-1));
        for wrong in ["", "2026-02-30", "22.11.2026", "2026-11-22T00:00"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_and_dates_agree() {
        for date in [
            date!(1970 - 01 - 01),
            date!(2000 - 02 - 29),
            date!(2026 - 11 - 22),
        ] {
            assert_eq!(Day::of(date).date(), date);
        }
    }
}
