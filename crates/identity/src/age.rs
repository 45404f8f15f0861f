//! How old a person is: one function, one policy (R4.5).
//!
//! `today` is everywhere the date in Asia/Shanghai, UTC+8 the whole year:
//! [`Timestamp::date`](crate::clock::Timestamp::date).

use serde::{Deserialize, Serialize};
use time::{Date, Month};

pub mod marker;

/// When an age is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayBoundary {
    /// At the beginning of the birthday.
    OnBirthday,
    /// At the beginning of the day after the birthday: the reading that protects longer.
    #[default]
    DayAfter,
}

/// The ages at which duties change, and the day on which an age is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgePolicy {
    /// When an age is reached.
    pub day_boundary: DayBoundary,
    /// Below this age there is no service, in years (R4.4).
    pub minimum_age: u8,
    /// Below this age the guardian consents and applies, in years (R4.2, R5.2).
    pub guardian_applies_below: u8,
    /// Below this age the guardian supervises the application, in years (R4.3).
    pub guardian_supervises_below: u8,
}

impl Default for AgePolicy {
    fn default() -> Self {
        Self {
            day_boundary: DayBoundary::DayAfter,
            minimum_age: 8,
            guardian_applies_below: 14,
            guardian_supervises_below: 18,
        }
    }
}

/// Which duties follow from a person's age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeGroup {
    /// No service (R4.4).
    BelowMinimum,
    /// The guardian consents and applies (R4.2).
    GuardianApplies,
    /// The person applies, the guardian co-confirms (R4.3).
    GuardianSupervises,
    /// Nobody else has a part in it.
    Adult,
}

/// The age in full years (周岁) of someone born on `birth`; 0 before the first birthday and before birth.
pub fn age_on(birth: Date, today: Date, policy: &AgePolicy) -> u8 {
    let years = today.year() - birth.year();
    let reached = if today < day_age_is_reached(birth, years, policy) {
        years - 1
    } else {
        years
    };
    u8::try_from(reached.max(0)).unwrap_or(u8::MAX)
}

/// The duties that apply `today` to someone born on `birth`.
pub fn age_group(birth: Date, today: Date, policy: &AgePolicy) -> AgeGroup {
    let age = age_on(birth, today, policy);
    if age < policy.minimum_age {
        AgeGroup::BelowMinimum
    } else if age < policy.guardian_applies_below {
        AgeGroup::GuardianApplies
    } else if age < policy.guardian_supervises_below {
        AgeGroup::GuardianSupervises
    } else {
        AgeGroup::Adult
    }
}

/// The first day on which someone born on `birth` is `age` years old.
///
/// Where a year has no 29 February, those born on it have their birthday on 1 March.
pub fn day_age_is_reached(birth: Date, age: i32, policy: &AgePolicy) -> Date {
    let year = birth.year().saturating_add(age);
    let birthday = birth
        .replace_year(year)
        .or_else(|_| Date::from_calendar_date(year, Month::March, 1))
        .unwrap_or(Date::MAX);
    match policy.day_boundary {
        DayBoundary::OnBirthday => birthday,
        DayBoundary::DayAfter => birthday.next_day().unwrap_or(Date::MAX),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const ON: AgePolicy = AgePolicy {
        day_boundary: DayBoundary::OnBirthday,
        minimum_age: 8,
        guardian_applies_below: 14,
        guardian_supervises_below: 18,
    };

    fn after() -> AgePolicy {
        AgePolicy::default()
    }

    /// R4.5: the day before, the birthday, the day after.
    #[test]
    fn ages_turn_at_the_boundary_of_the_policy() {
        for (birth, today, on_birthday, day_after) in [
            (date!(2012 - 06 - 15), date!(2026 - 06 - 14), 13, 13),
            (date!(2012 - 06 - 15), date!(2026 - 06 - 15), 14, 13),
            (date!(2012 - 06 - 15), date!(2026 - 06 - 16), 14, 14),
            (date!(2012 - 12 - 31), date!(2026 - 12 - 31), 14, 13),
            (date!(2012 - 12 - 31), date!(2027 - 01 - 01), 14, 14),
            (date!(2013 - 01 - 01), date!(2026 - 12 - 31), 13, 13),
            (date!(2026 - 03 - 01), date!(2026 - 03 - 01), 0, 0),
            (date!(2026 - 03 - 01), date!(2027 - 03 - 01), 1, 0),
            (date!(2026 - 03 - 02), date!(2026 - 03 - 01), 0, 0),
            (date!(1770 - 01 - 01), date!(2026 - 03 - 01), 255, 255),
        ] {
            assert_eq!(age_on(birth, today, &ON), on_birthday, "{birth} {today}");
            assert_eq!(age_on(birth, today, &after()), day_after, "{birth} {today}");
        }
    }

    /// R4.5: born on 29 February.
    #[test]
    fn a_leap_day_has_its_birthday_on_1_march_in_common_years() {
        let birth = date!(2012 - 02 - 29);
        for (today, on_birthday, day_after) in [
            (date!(2026 - 02 - 28), 13, 13),
            (date!(2026 - 03 - 01), 14, 13),
            (date!(2026 - 03 - 02), 14, 14),
            (date!(2028 - 02 - 28), 15, 15),
            (date!(2028 - 02 - 29), 16, 15),
            (date!(2028 - 03 - 01), 16, 16),
        ] {
            assert_eq!(age_on(birth, today, &ON), on_birthday, "{today}");
            assert_eq!(age_on(birth, today, &after()), day_after, "{today}");
        }
    }

    /// R4.2, R4.3, R4.4: duties change at 8, 14 and 18.
    #[test]
    fn groups_change_with_the_day() {
        let birth = date!(2010 - 05 - 20);
        for (age, before, from) in [
            (8, AgeGroup::BelowMinimum, AgeGroup::GuardianApplies),
            (14, AgeGroup::GuardianApplies, AgeGroup::GuardianSupervises),
            (18, AgeGroup::GuardianSupervises, AgeGroup::Adult),
        ] {
            for policy in [ON, after()] {
                let day = day_age_is_reached(birth, age, &policy);
                assert_eq!(age_group(birth, day, &policy), from);
                assert_eq!(
                    age_group(birth, day.previous_day().unwrap(), &policy),
                    before
                );
            }
        }
    }

    #[test]
    fn the_protective_reading_is_the_default() {
        assert_eq!(AgePolicy::default().day_boundary, DayBoundary::DayAfter);
        let policy: AgePolicy = serde_json::from_str(r#"{"day_boundary":"on_birthday"}"#).unwrap();
        assert_eq!(policy, ON);
        assert!(serde_json::from_str::<AgePolicy>(r#"{"maximum_age":99}"#).is_err());
    }

    proptest! {
        /// R4.5: age never falls, rises by one at a time, and agrees with the day it is reached.
        #[test]
        fn age_and_the_day_it_is_reached_agree(
            born in date!(1900 - 01 - 01).to_julian_day()..=date!(2030 - 01 - 01).to_julian_day(),
            lived in 0..40_000_i32,
            on_birthday: bool,
        ) {
            let policy = if on_birthday { ON } else { after() };
            let birth = Date::from_julian_day(born).unwrap();
            let today = Date::from_julian_day(born + lived).unwrap();
            let age = age_on(birth, today, &policy);
            prop_assert!(age_on(birth, today.next_day().unwrap(), &policy) - age <= 1);
            prop_assert!(age == 0 || day_age_is_reached(birth, i32::from(age), &policy) <= today);
            prop_assert!(today < day_age_is_reached(birth, i32::from(age) + 1, &policy));
        }

        /// The default never makes anyone older than the other reading, and by one day only.
        #[test]
        fn the_default_protects_one_day_longer(
            born in date!(1900 - 01 - 01).to_julian_day()..=date!(2030 - 01 - 01).to_julian_day(),
            lived in 0..40_000_i32,
        ) {
            let birth = Date::from_julian_day(born).unwrap();
            let today = Date::from_julian_day(born + lived).unwrap();
            let tomorrow = today.next_day().unwrap();
            prop_assert_eq!(age_on(birth, today, &ON), age_on(birth, tomorrow, &after()));
        }
    }
}
