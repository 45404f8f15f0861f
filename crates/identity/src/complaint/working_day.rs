//! Working days: Monday to Friday, without the days off and with the worked weekends (调休) that the State Council
//! decrees year by year. These are configuration; without them a holiday counts as worked, so a limit comes early.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::format_description;

use crate::clock::Day;

/// A date as the configuration writes it: `2026-10-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DecreedDay(pub Date);

impl TryFrom<String> for DecreedDay {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Date::parse(&text, format_description!("[year]-[month]-[day]"))
            .map(Self)
            .map_err(|_| "a day is written 2026-10-01")
    }
}

impl From<DecreedDay> for String {
    fn from(day: DecreedDay) -> Self {
        day.0.to_string()
    }
}

/// What the decree says besides weekdays and weekends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// Weekdays on which nobody works.
    pub days_off: BTreeSet<DecreedDay>,
    /// Saturdays and Sundays on which everybody does.
    pub worked_weekends: BTreeSet<DecreedDay>,
}

impl Calendar {
    /// Whether people work on a day.
    pub fn is_worked(&self, day: Day) -> bool {
        let date = DecreedDay(day.date());
        // Day 0 was a Thursday.
        let weekday = (day.0 + 3).rem_euclid(7);
        if weekday < 5 {
            !self.days_off.contains(&date)
        } else {
            self.worked_weekends.contains(&date)
        }
    }

    /// The day on which `count` working days after `day` have passed.
    pub fn working_days_after(&self, day: Day, count: u32) -> Day {
        let mut day = day;
        let mut left = count;
        while left > 0 {
            day = day.plus(1);
            left -= u32::from(self.is_worked(day));
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn days(dates: &[Date]) -> BTreeSet<DecreedDay> {
        dates.iter().copied().map(DecreedDay).collect()
    }

    #[test]
    fn fifteen_working_days_are_three_weeks() {
        let none = Calendar::default();
        // A Sunday, a Monday, a Friday.
        for (from, to) in [
            (date!(2026 - 11 - 22), date!(2026 - 12 - 11)),
            (date!(2026 - 11 - 23), date!(2026 - 12 - 14)),
            (date!(2026 - 11 - 27), date!(2026 - 12 - 18)),
        ] {
            assert_eq!(none.working_days_after(Day::of(from), 15).date(), to);
        }
        assert_eq!(none.working_days_after(Day(0), 0), Day(0));
    }

    #[test]
    fn a_decreed_day_off_does_not_count_and_a_worked_weekend_does() {
        // As the decree for 2025 had it: 1 to 8 October off, Sunday 28 September and Saturday 11 October worked.
        let calendar = Calendar {
            days_off: days(&[
                date!(2025 - 10 - 01),
                date!(2025 - 10 - 02),
                date!(2025 - 10 - 03),
                date!(2025 - 10 - 06),
                date!(2025 - 10 - 07),
                date!(2025 - 10 - 08),
            ]),
            worked_weekends: days(&[date!(2025 - 09 - 28), date!(2025 - 10 - 11)]),
        };
        let after = |from: Date, count| calendar.working_days_after(Day::of(from), count).date();
        assert_eq!(after(date!(2025 - 09 - 26), 1), date!(2025 - 09 - 28));
        assert_eq!(after(date!(2025 - 09 - 30), 1), date!(2025 - 10 - 09));
        assert_eq!(after(date!(2025 - 10 - 10), 1), date!(2025 - 10 - 11));
        assert_eq!(after(date!(2025 - 09 - 26), 15), date!(2025 - 10 - 23));
    }

    #[test]
    fn the_configuration_writes_days_as_people_do() {
        let text = r#"{"days_off":["2026-10-01"],"worked_weekends":[]}"#;
        let calendar: Calendar = serde_json::from_str(text).unwrap();
        assert!(!calendar.is_worked(Day::of(date!(2026 - 10 - 01))));
        assert_eq!(serde_json::to_string(&calendar).unwrap(), text);
        let wrong = r#"{"days_off":["1 October"]}"#;
        assert!(serde_json::from_str::<Calendar>(wrong).is_err());
    }
}
