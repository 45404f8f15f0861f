//! What can be learnt of a birth date by asking: an adversary with every bracket, every platform and a year of days.

use proptest::prelude::*;
use time::macros::date;
use time::{Date, Duration};

use super::*;
use crate::age::{AgePolicy, DayBoundary, age_on};

/// R10.1: each bracket at its edge, to the side that protects, by either reading of the day (R4.5).
#[test]
fn r10_1_a_child_stays_protected_and_an_elder_is_protected_early() {
    for (span, birth, last_inside, first_outside) in [
        (
            Span::Below(18),
            date!(2008 - 11 - 30),
            date!(2026 - 12 - 01),
            date!(2026 - 12 - 02),
        ),
        (
            Span::Below(18),
            date!(2008 - 11 - 01),
            date!(2026 - 12 - 01),
            date!(2026 - 12 - 02),
        ),
        (
            Span::Below(14),
            date!(2012 - 02 - 29),
            date!(2026 - 03 - 01),
            date!(2026 - 03 - 02),
        ),
        (
            Span::Below(8),
            date!(2018 - 12 - 31),
            date!(2027 - 01 - 01),
            date!(2027 - 01 - 02),
        ),
        (
            Span::AtLeast(60),
            date!(1966 - 11 - 30),
            date!(2026 - 11 - 01),
            date!(2026 - 10 - 31),
        ),
    ] {
        assert!(span.holds(birth, last_inside), "{span:?} {birth}");
        assert!(!span.holds(birth, first_outside), "{span:?} {birth}");
    }
}

#[test]
fn r10_1_brackets_are_configuration_and_an_answer_is_one_predicate_without_a_date() {
    let markers: AgeMarkers = serde_json::from_str(r#"{"under_16":{"below":16}}"#).unwrap();
    let born = date!(2012 - 02 - 29);
    let today = date!(2026 - 11 - 22);
    let answer = markers.answer(&Bracket::new("under_16"), born, today);
    assert_eq!(
        serde_json::to_value(answer.unwrap()).unwrap(),
        serde_json::json!({ "bracket": "under_16", "holds": true })
    );
    assert_eq!(markers.answer(&Bracket::new("minor"), born, today), None);
    let default = AgeMarkers::default();
    let names: Vec<&str> = default.brackets().map(Bracket::as_str).collect();
    assert_eq!(names, ["elder", "minor", "under_14", "under_8"]);
}

/// How an adversary's birth dates are answered: the rule under attack.
type Rule = fn(Span, Date, Date) -> bool;

fn spans() -> Vec<Span> {
    let markers = AgeMarkers::default();
    markers
        .brackets()
        .map(|bracket| markers.span(bracket).unwrap())
        .collect()
}

/// Every platform pools what it heard: all brackets, each day of two years.
fn transcript(rule: Rule, birth: Date, begin: Date) -> Vec<bool> {
    let mut heard = Vec::new();
    for span in spans() {
        heard.extend((0..731).map(|days| rule(span, birth, begin + Duration::days(days))));
    }
    heard
}

/// The birth dates near the true one that would have been answered in just the same way.
fn still_possible(rule: Rule, birth: Date, begin: Date) -> Vec<Date> {
    let heard = transcript(rule, birth, begin);
    (-100..=100)
        .map(|days| birth + Duration::days(days))
        .filter(|other| transcript(rule, *other, begin) == heard)
        .collect()
}

fn month_of(birth: Date) -> Vec<Date> {
    let first = birth.replace_day(1).unwrap();
    (0..31)
        .map(|days| first + Duration::days(days))
        .filter(|other| other.month() == birth.month())
        .collect()
}

/// R10.1: all brackets, all platforms, every day for two years: the month of birth at the very best, and that only of
/// who turned an edge in that time.
#[test]
fn r10_1_a_year_of_daily_queries_with_every_bracket_never_narrows_below_the_month() {
    let begin = date!(2026 - 01 - 01);
    for birth in [
        date!(2008 - 11 - 30),
        date!(2008 - 12 - 31),
        date!(2009 - 01 - 01),
        date!(2012 - 02 - 28),
        date!(2012 - 02 - 29),
        date!(2012 - 03 - 01),
        date!(2018 - 07 - 15),
        date!(1966 - 06 - 30),
        date!(1967 - 02 - 28),
    ] {
        let possible = still_possible(Span::holds, birth, begin);
        for day in month_of(birth) {
            assert!(possible.contains(&day), "{birth}: {day} was ruled out");
        }
    }
    // No edge in these years: nothing but the side is learnt, every date nearby stays possible.
    for birth in [
        date!(1990 - 05 - 05),
        date!(2015 - 03 - 03),
        date!(1950 - 12 - 12),
    ] {
        assert_eq!(
            still_possible(Span::holds, birth, begin).len(),
            201,
            "{birth}"
        );
    }
}

/// The adversary is worth its name: against exact ages it finds the day.
#[test]
fn the_adversary_finds_the_day_when_exact_ages_are_told() {
    fn exact(span: Span, birth: Date, today: Date) -> bool {
        let age = age_on(birth, today, &AgePolicy::default());
        match span {
            Span::Below(edge) => age < edge,
            Span::AtLeast(edge) => age >= edge,
        }
    }
    let begin = date!(2026 - 01 - 01);
    for birth in [
        date!(2008 - 11 - 30),
        date!(2012 - 06 - 15),
        date!(1966 - 06 - 30),
    ] {
        assert_eq!(still_possible(exact, birth, begin), [birth]);
    }
}

proptest! {
    /// R10.1: two people of one month are answered alike on every day, in every bracket there could be.
    #[test]
    fn r10_1_the_answer_is_a_function_of_the_month_of_birth(
        born in date!(1900 - 01 - 01).to_julian_day()..=date!(2030 - 01 - 01).to_julian_day(),
        lived in 0..40_000_i32,
        age in 0..120_u8,
        elder: bool,
    ) {
        let span = if elder { Span::AtLeast(age) } else { Span::Below(age) };
        let birth = Date::from_julian_day(born).unwrap();
        let today = Date::from_julian_day(born + lived).unwrap();
        let answer = span.holds(birth, today);
        for other in month_of(birth) {
            prop_assert_eq!(span.holds(other, today), answer, "{}", other);
        }
    }

    /// R10.1, R4.5: never less protection than the age itself gives, by either reading; never more than one month more.
    #[test]
    fn r10_1_it_errs_to_the_side_that_protects_by_a_month_at_most(
        born in date!(1900 - 01 - 01).to_julian_day()..=date!(2030 - 01 - 01).to_julian_day(),
        lived in 0..40_000_i32,
        age in 1..120_u8,
        on_birthday: bool,
    ) {
        let day_boundary = if on_birthday { DayBoundary::OnBirthday } else { DayBoundary::DayAfter };
        let policy = AgePolicy { day_boundary, ..AgePolicy::default() };
        let birth = Date::from_julian_day(born).unwrap();
        let today = Date::from_julian_day(born + lived).unwrap();
        let month = Duration::days(32);
        let reached = age_on(birth, today, &policy) >= age;
        prop_assert!(reached || Span::Below(age).holds(birth, today));
        prop_assert!(!reached || Span::AtLeast(age).holds(birth, today));
        if Span::Below(age).holds(birth, today) {
            prop_assert!(age_on(birth, today - month, &policy) < age);
        }
        if Span::AtLeast(age).holds(birth, today) {
            prop_assert!(age_on(birth, today + month, &policy) >= age);
        }
    }
}
