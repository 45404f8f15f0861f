//! Working days: Monday to Friday. Public holidays are decreed year by year and not known here, so a limit counted
//! this way is never later than the law's.

use crate::clock::Day;

/// The day on which `count` working days after `day` have passed.
pub fn working_days_after(day: Day, count: u32) -> Day {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        day = day.plus(1);
        // Day 0 was a Thursday.
        let weekday = (day.0 + 3).rem_euclid(7);
        if weekday < 5 {
            left -= 1;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn fifteen_working_days_are_three_weeks() {
        // A Sunday, a Monday, a Friday.
        for (from, to) in [
            (date!(2026 - 11 - 22), date!(2026 - 12 - 11)),
            (date!(2026 - 11 - 23), date!(2026 - 12 - 14)),
            (date!(2026 - 11 - 27), date!(2026 - 12 - 18)),
        ] {
            assert_eq!(working_days_after(Day::of(from), 15).date(), to);
        }
        assert_eq!(working_days_after(Day(0), 0), Day(0));
    }
}
