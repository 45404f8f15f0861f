use std::collections::HashSet;

use proptest::prelude::*;
use time::macros::date;

use super::super::Population;
use super::*;
use crate::age::{AgeGroup, AgePolicy, age_group};
use crate::document::DocumentKind::ResidentIdentityCard;

const TODAY: Date = date!(2026 - 03 - 01);

/// No duplicates, every look-up agrees, all kinds, adults only.
#[test]
fn a_hundred_thousand_generated_persons_are_all_different() {
    const COUNT: u64 = 100_000;
    let population = Population::generated(42, COUNT, TODAY);
    let (mut numbers, mut kinds) = (HashSet::new(), HashSet::new());
    for index in 0..COUNT {
        let person = population.generated_person(index).unwrap();
        let number = person.document.number();
        assert!(
            numbers.insert((number.kind(), number.canonical().to_owned())),
            "{index}"
        );
        kinds.insert(number.kind());
        assert_eq!(
            age_group(person.document.birth_date(), TODAY, &AgePolicy::default()),
            AgeGroup::Adult
        );
        assert_eq!(population.by_number(number), Some(person), "{index}");
    }
    assert_eq!(kinds.len(), DocumentKind::ALL.len());
    assert_eq!(population.generated_person(COUNT), None);
}

#[test]
fn small_populations_have_every_region_form_and_sex() {
    let population = Population::generated(42, 2_560, TODAY);
    let persons = (0..2_560).filter_map(|index| population.generated_person(index));
    let starts: HashSet<_> = persons
        .map(|person| {
            let start = person.document.number().canonical()[..2].to_owned();
            (person.document.kind(), start, person.sex)
        })
        .collect();
    for (kind, start) in [
        (HongKongMacaoTravelPermit, "H9"),
        (HongKongMacaoTravelPermit, "M9"),
        (HongKongMacaoResidencePermit, "81"),
        (HongKongMacaoResidencePermit, "82"),
        (ForeignerPermanentResidenceCard, "UT"),
        (ResidentIdentityCard, "11"),
        (ResidentIdentityCard, "65"),
    ] {
        for sex in [Sex::Male, Sex::Female] {
            assert!(
                starts.contains(&(kind, start.to_owned(), sex)),
                "{kind} {start}"
            );
        }
    }
}

#[test]
fn passports_end_before_the_named_ones_and_residents_follow() {
    let population = Population::generated(42, Population::LARGEST, TODAY);
    let kind = |row: u64| {
        population
            .generated_person(row * 256)
            .unwrap()
            .document
            .kind()
    };
    assert_eq!(kind(9_899), PassportOfCitizenSettledAbroad);
    assert_eq!(kind(9_900), ResidentIdentityCard);
}

#[test]
fn named_and_generated_persons_share_no_number() {
    let named = Population::demo(TODAY);
    for seed in 0..50 {
        let generated = Population::generated(seed, Population::LARGEST, TODAY);
        for person in named.named() {
            for document in person.documents() {
                assert_eq!(
                    generated.by_number(document.number()),
                    None,
                    "{}",
                    person.name
                );
            }
        }
    }
}

proptest! {
    /// Up to the largest population: the place leads to a number and the number back to the place.
    #[test]
    fn numbers_lead_back_to_their_index(
        seed: u64,
        index in prop_oneof![0..Population::LARGEST, (0..Population::LARGEST / 256).prop_map(|row| row * 256)],
        day in date!(2025 - 01 - 01).to_julian_day()..=date!(2035 - 12 - 31).to_julian_day(),
    ) {
        let today = Date::from_julian_day(day).unwrap();
        let population = Population::generated(seed, u64::MAX, today);
        let person = population.generated_person(index).unwrap();
        let found = population.by_number(person.document.number());
        prop_assert_eq!(found.as_ref(), Some(&person));
        prop_assert_eq!(population.by_name(&person.name), Some(person));
    }

    /// A number that the seed did not make finds nobody, or the one who really has it.
    #[test]
    fn foreign_numbers_find_nobody(
        digits in "[0-9]{12}",
        kind in prop::sample::select(DocumentKind::ALL.to_vec()),
    ) {
        let population = Population::generated(5, 10_000, TODAY);
        for text in [format!("UTO{digits}"), format!("E0000{}", &digits[..4]), format!("H{}", &digits[..8]),
            digits[..8].to_owned()] {
            if let Ok(number) = DocumentNumber::parse(kind, &text, TODAY) {
                let found = population.by_number(&number);
                prop_assert!(found.is_none_or(|person| person.document.number().canonical() == number.canonical()));
            }
        }
    }
}
