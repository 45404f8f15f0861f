//! Coming back after leaving: new identifiers, limited and counted (R2.3).

use crypto::digest::Digest;
use time::{Date, Duration};

use crate::clock::Day;
use crate::id::Bucket;
use crate::service::{Fault, Service};

use super::Tombstone;

/// A month of the calendar, counted from January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub i32);

impl Month {
    /// The month of a day.
    pub fn of(day: Day) -> Self {
        let date = day.date();
        Self((date.year() - 1970) * 12 + i32::from(u8::from(date.month())) - 1)
    }

    /// This month and `months` more.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        let next = self.plus(1);
        let month = u8::try_from(next.0.rem_euclid(12) + 1).unwrap_or(1);
        let month = time::Month::try_from(month).unwrap_or(time::Month::January);
        Date::from_calendar_date(1970 + next.0.div_euclid(12), month, 1)
            .map_or(Day(i32::MAX), |first| Day::of(first - Duration::DAY))
    }
}

impl Service {
    /// R2.3: somebody who left may come back at once the first time; after that only when the wait is over. `Some`:
    /// from which day.
    pub(crate) async fn may_return_from(
        &self,
        bucket: Bucket,
        holder: &Digest,
    ) -> Result<Option<Day>, Fault> {
        let today = self.now().day();
        let Some(tombstone) = self.store.tombstone(bucket, holder).await? else {
            return Ok(None);
        };
        let from = tombstone.may_return_from(self.policy.reapply_wait);
        let counts = Month::of(today) <= tombstone.month.plus(self.policy.tombstone_months);
        Ok(from.filter(|from| counts && today < *from))
    }
}

impl Tombstone {
    /// The first day of a further application; `None`: no limit. A tombstone holds a month, no day: the wait counts
    /// from the month's end.
    fn may_return_from(self, wait: i32) -> Option<Day> {
        (self.count > 1).then(|| self.month.last_day().plus(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn months_begin_and_end() {
        for (day, last) in [
            (date!(2026 - 11 - 22), date!(2026 - 11 - 30)),
            (date!(2026 - 12 - 31), date!(2026 - 12 - 31)),
            (date!(2028 - 02 - 01), date!(2028 - 02 - 29)),
            (date!(1970 - 01 - 01), date!(1970 - 01 - 31)),
        ] {
            assert_eq!(Month::of(Day::of(day)).last_day(), Day::of(last), "{day}");
        }
        assert_eq!(Month::of(Day(0)), Month(0));
    }

    #[test]
    fn r2_3_the_first_return_is_free_and_the_next_waits() {
        let left = |count| Tombstone {
            month: Month::of(Day::of(date!(2026 - 11 - 22))),
            count,
        };
        assert_eq!(left(1).may_return_from(30), None);
        let from = Day::of(date!(2026 - 12 - 30));
        assert_eq!(left(2).may_return_from(30), Some(from));
    }
}
