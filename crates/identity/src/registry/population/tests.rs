use std::collections::HashSet;

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::age::{AgeGroup, AgePolicy, DayBoundary, age_group, age_on};
use crate::pin::Pin;
use crate::registry::Sex;

const TODAY: Date = date!(2026 - 03 - 01);
const NAMES: [&str; 26] = [
    "resident",
    "resident2",
    "resident3",
    "resident4",
    "resident5",
    "resident6",
    "resident7",
    "resident8",
    "resident9",
    "overseas",
    "hongkong",
    "macau",
    "taiwan",
    "hk_resident",
    "tw_resident",
    "foreigner",
    "foreigner_old",
    "elder",
    "father",
    "mother",
    "child7",
    "child13",
    "teen16",
    "teen17",
    "expired",
    "lost",
];

/// A sandbox that runs for months does not see its documents run out at once.
#[test]
fn documents_in_force_last_for_another_year() {
    for year in 2025..=2035 {
        let last_day = Date::from_calendar_date(year, time::Month::December, 31).unwrap();
        let resident = Population::demo(last_day).by_name("resident").unwrap();
        let next_year = last_day.replace_year(year + 1).unwrap();
        assert!(resident.document.is_valid_on(next_year), "{year}");
    }
}

/// Design §5: the list, its ages and duties, on one day.
fn holds(today: Date) {
    let population = Population::demo(today);
    let names: Vec<_> = population
        .named()
        .iter()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(names, NAMES, "{today}");
    let policy = AgePolicy::default();
    let birthday_policy = AgePolicy {
        day_boundary: DayBoundary::OnBirthday,
        ..policy
    };
    for person in population.named() {
        let birth_date = person.document.birth_date();
        let (age, group) = match person.name.as_str() {
            "elder" => (Some(72), AgeGroup::Adult),
            "child7" => (Some(7), AgeGroup::BelowMinimum),
            "child13" => (Some(13), AgeGroup::GuardianApplies),
            "teen16" => (Some(16), AgeGroup::GuardianSupervises),
            "teen17" => (Some(17), AgeGroup::GuardianSupervises),
            _ => (None, AgeGroup::Adult),
        };
        assert_eq!(
            age_group(birth_date, today, &policy),
            group,
            "{} {today}",
            person.name
        );
        if let Some(age) = age {
            assert_eq!(
                age_on(birth_date, today, &policy),
                age,
                "{} {today}",
                person.name
            );
            if (today.month(), today.day()) != (time::Month::December, 31) {
                assert_eq!(age_on(birth_date, today, &birthday_policy), age);
            }
        }
        for document in person.documents() {
            assert_eq!(
                document.is_valid_on(today),
                person.name != "expired",
                "{} {today}",
                person.name
            );
            assert_eq!(document.birth_date(), birth_date);
            assert_eq!(
                population.by_number(document.number()).as_ref(),
                Some(person)
            );
        }
    }
}

/// R4.5: every day of eleven years is too many for each run; the days around each new year and leap day are not.
#[test]
fn the_list_is_true_at_the_turns_of_the_years() {
    for year in 2025..=2035 {
        for (month, day) in [(1, 1), (1, 2), (2, 28), (3, 1), (6, 30), (12, 30), (12, 31)] {
            holds(
                Date::from_calendar_date(year, time::Month::try_from(month).unwrap(), day).unwrap(),
            );
        }
    }
    holds(date!(2028 - 02 - 29));
}

#[test]
fn numbers_in_the_demo_are_different_and_stay_for_the_year() {
    let numbers = |today| -> Vec<String> {
        let population = Population::demo(today);
        let documents = population.named().iter().flat_map(SandboxPerson::documents);
        documents
            .map(|document| document.number().canonical().to_owned())
            .collect()
    };
    let first = numbers(date!(2026 - 01 - 01));
    assert_eq!(first.iter().collect::<HashSet<_>>().len(), first.len());
    assert_eq!(first, numbers(date!(2026 - 12 - 31)));
    assert_ne!(first, numbers(date!(2027 - 01 - 01)));
}

/// A data folder of last year still works: the registry knows its children, who are other humans than this year's.
#[test]
fn the_children_of_earlier_years_stay_known() {
    let before = Population::demo(TODAY).by_name("child7").unwrap();
    let later = Population::demo(date!(2031 - 03 - 01));
    let grown = later.by_number(before.document.number()).unwrap();
    assert_eq!(grown.holder_reference, before.holder_reference);
    assert_eq!(grown.document.holder(), before.document.holder());
    assert_ne!(
        later.by_name("child7").unwrap().holder_reference,
        before.holder_reference
    );
    assert_eq!(
        age_on(
            grown.document.birth_date(),
            date!(2031 - 03 - 01),
            &AgePolicy::default()
        ),
        12
    );
}

#[test]
fn early_clocks_find_fewer_persons_and_no_panic() {
    for today in [
        Date::MIN,
        date!(1970 - 01 - 01),
        date!(1999 - 12 - 31),
        Date::MAX,
    ] {
        let population = Population::demo(today).with_generated(1, 600, today);
        assert!(population.named().len() <= NAMES.len());
        for index in 0..600 {
            population.generated_person(index);
        }
    }
}

#[test]
fn every_kind_has_a_named_person_and_pins_keep_the_rule() {
    let population = Population::demo(TODAY).with_generated(3, 300, TODAY);
    let kinds: HashSet<_> = population
        .named()
        .iter()
        .map(|person| person.document.kind())
        .collect();
    assert_eq!(kinds.len(), DocumentKind::ALL.len());
    assert_eq!(population.by_name("resident").unwrap().pin, "58203947");
    let generated: Vec<_> = (0..300)
        .map(|index| population.generated_person(index).unwrap())
        .collect();
    for person in population.named().iter().chain(&generated) {
        assert!(Pin::choose(&person.pin).is_ok(), "{}", person.name);
    }
}

#[test]
fn guardians_are_persons_of_the_list() {
    let population = Population::demo(TODAY);
    for name in ["child7", "child13", "teen16", "teen17"] {
        assert_eq!(
            population.by_name(name).unwrap().guardians,
            ["father", "mother"]
        );
    }
    for guardian in ["father", "mother"] {
        assert!(population.by_name(guardian).unwrap().guardians.is_empty());
    }
}

/// The numbers are of spaces that hold nobody's: see the table in the module's documentation.
fn belongs_to_nobody(number: &DocumentNumber) -> bool {
    let text = number.canonical();
    match number.kind() {
        DocumentKind::ResidentIdentityCard => &text[2..6] == "0000",
        DocumentKind::PassportOfCitizenSettledAbroad => text.starts_with("E0000"),
        DocumentKind::HongKongMacaoTravelPermit => &text[1..2] == "9",
        DocumentKind::TaiwanTravelPermit => text.starts_with('9'),
        DocumentKind::HongKongMacaoResidencePermit | DocumentKind::TaiwanResidencePermit => {
            &text[14..15] == "9"
        }
        DocumentKind::ForeignerPermanentResidenceCard => {
            &text[3..6] == "999" || text.starts_with("UTO")
        }
    }
}

#[test]
fn sex_and_space_agree_with_the_number() {
    let population = Population::demo(TODAY).with_generated(11, 2_000, TODAY);
    let generated: Vec<_> = (0..2_000)
        .filter_map(|index| population.generated_person(index))
        .collect();
    for person in population.named().iter().chain(&generated) {
        for document in person.documents() {
            let number = document.number();
            assert!(belongs_to_nobody(number), "{}", person.name);
            if number.birth_date_in_number().is_some() {
                let odd = (number.canonical().as_bytes()[16] - b'0') % 2 == 1;
                assert_eq!(odd, person.sex == Sex::Male, "{}", person.name);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_list_is_true_on_any_day(
        day in date!(2025 - 01 - 01).to_julian_day()..=date!(2035 - 12 - 31).to_julian_day(),
    ) {
        holds(Date::from_julian_day(day).unwrap());
    }
}
