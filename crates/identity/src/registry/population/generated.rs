//! Persons computed from a seed and an index, and found again from their number without a table.
//!
//! Each index has a place: a kind and an ordinal within the kind. The number is the ordinal written in the digits
//! that the kind leaves free, so the number leads back to the ordinal, the index and the person.

use time::{Date, Duration, Month};

use super::number::{self, FIRST_NAMED_PERMIT, FIRST_NAMED_SEQUENCE};
use super::person::{MATCHING_FACE, RegistryState, SandboxPerson, pin, valid_until};
use crate::document::{DocumentKind, DocumentNumber};
use crate::registry::{HolderReference, Sex};
use place::{FURTHER_RESIDENTS, ROW, index, place};

use DocumentKind::{
    ForeignerPermanentResidenceCard, HongKongMacaoResidencePermit, HongKongMacaoTravelPermit,
    PassportOfCitizenSettledAbroad, TaiwanResidencePermit, TaiwanTravelPermit,
};

mod place;

pub(super) const NAME_PREFIX: &str = "generated-";

/// The persons are born on this many days: from 80 to 20 years before the current year.
const DAYS: u64 = 21_900;
/// Neighbouring ordinals are born this many days apart, modulo [`DAYS`]; the two have no common factor.
const STRIDE: u64 = 7_919;
const STRIDE_INVERSE: u64 = 3_479;

/// The largest population stays below the numbers of named persons, and its residents below the further ones.
const _: () = {
    let rows = Generated::LARGEST / ROW + 1;
    assert!(rows * 4 < FIRST_NAMED_PERMIT && rows * 241 < FURTHER_RESIDENTS);
    assert!(FURTHER_RESIDENTS + rows < DAYS * 31 * FIRST_NAMED_SEQUENCE);
    assert!(rows * 2 < DAYS * (FIRST_NAMED_SEQUENCE - 900));
    assert!(STRIDE * STRIDE_INVERSE % DAYS == 1);
};

const PROVINCES: [&str; 31] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
];
const SURNAMES: [char; 20] = [
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭',
    '何', '林', '罗', '高',
];
const GIVEN: [char; 20] = [
    '安', '宁', '明', '月', '云', '海', '山', '林', '雨', '雪', '春', '秋', '乐', '诚', '思', '远',
    '文', '静', '晨', '星',
];

/// Adults of all kinds, one per index.
#[derive(Debug, Clone)]
pub(super) struct Generated {
    seed: u64,
    count: u64,
    today: Date,
    first_birth_date: Date,
}

impl Generated {
    pub(super) const LARGEST: u64 = 250_000_000;

    pub(super) fn new(seed: u64, count: u64, today: Date) -> Self {
        let first = Date::from_calendar_date(today.year() - 80, Month::January, 1);
        Self {
            seed,
            count: count.min(Self::LARGEST),
            today,
            first_birth_date: first.unwrap_or(Date::MIN),
        }
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn person(&self, index: u64) -> Option<SandboxPerson> {
        if index >= self.count {
            return None;
        }
        let chance = mix(self.seed ^ mix(index));
        let (kind, ordinal) = place(index);
        let holder = holder(kind, chance);
        let (text, birth_date, sex) = self.number(kind, ordinal, chance)?;
        let last_day = Some(valid_until(self.today));
        let document =
            number::document(kind, &text, &holder, (birth_date, last_day), self.today).ok()?;
        Some(SandboxPerson {
            name: format!("{NAME_PREFIX}{index}"),
            document,
            further_documents: Vec::new(),
            holder_reference: HolderReference::new(format!("sandbox-{}-{index}", self.seed)),
            state: RegistryState::InForce,
            nationality: if kind == ForeignerPermanentResidenceCard {
                "UTO"
            } else {
                "CHN"
            },
            sex,
            pin: pin(chance),
            face: MATCHING_FACE,
            guardians: Vec::new(),
        })
    }

    /// Reads the ordinal out of the number, and keeps the person found only if the number is really theirs.
    pub(super) fn by_number(&self, number: &DocumentNumber) -> Option<SandboxPerson> {
        let (kind, text) = (number.kind(), number.canonical());
        let ordinal = match kind {
            PassportOfCitizenSettledAbroad => text.get(5..)?.parse().ok()?,
            HongKongMacaoTravelPermit => text.get(2..)?.parse().ok()?,
            TaiwanTravelPermit => text.get(1..)?.parse().ok()?,
            ForeignerPermanentResidenceCard if text.len() == 15 => {
                text.get(3..)?.parse::<u64>().ok()?.checked_mul(2)? + 1
            }
            _ => self.ordinal_of_dated(number)?,
        };
        let person = self.person(index(kind, ordinal)?)?;
        person.document_with(number).is_some().then_some(person)
    }

    /// The number of a person, the birth date, and the sex, which dated numbers contain too.
    fn number(&self, kind: DocumentKind, ordinal: u64, chance: u64) -> Option<(String, Date, Sex)> {
        let undated = |text: String| {
            let birth_date = self.birth_date((chance >> 20) % DAYS)?;
            let sex = if chance & 1 == 1 {
                Sex::Male
            } else {
                Sex::Female
            };
            Some((text, birth_date, sex))
        };
        match kind {
            PassportOfCitizenSettledAbroad => undated(format!("E0000{ordinal:04}")),
            HongKongMacaoTravelPermit if ordinal % 4 == 3 => undated(format!("M9{ordinal:07}")),
            HongKongMacaoTravelPermit => undated(format!("H9{ordinal:07}")),
            TaiwanTravelPermit => undated(format!("9{ordinal:07}")),
            ForeignerPermanentResidenceCard if ordinal % 2 == 1 => {
                undated(format!("UTO{:012}", ordinal / 2))
            }
            _ => self.dated_number(kind, ordinal),
        }
    }

    /// Ordinal = ((sequence × codes) + code) × days + day, with day and sequence scattered by the seed.
    fn dated_number(&self, kind: DocumentKind, ordinal: u64) -> Option<(String, Date, Sex)> {
        let space = Space::of(kind);
        let ordinal = ordinal / space.shared_by;
        let day = (ordinal % DAYS * STRIDE + self.seed % DAYS) % DAYS;
        let rest = ordinal / DAYS;
        let (code_shift, sequence_shift) = self.shifts(day, &space);
        let code = (rest + code_shift) % space.codes();
        let sequence = (rest / space.codes() + sequence_shift) % space.sequences();
        let sequence = space.first_sequence + sequence;
        let birth_date = self.birth_date(day)?;
        let text = number::dated(
            &space.leading(usize::try_from(code).ok()?)?,
            birth_date,
            sequence,
        )
        .ok()?;
        let sex = if sequence % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        };
        Some((text, birth_date, sex))
    }

    /// The way back from [`Self::dated_number`]; any number of the kind gets some ordinal.
    fn ordinal_of_dated(&self, number: &DocumentNumber) -> Option<u64> {
        let space = Space::of(number.kind());
        let text = number.canonical();
        let code = (0..)
            .zip(space.all_leading())
            .find(|(_, leading)| text.starts_with(leading.as_str()))?
            .0;
        let day =
            u64::try_from((number.birth_date_in_number()? - self.first_birth_date).whole_days())
                .ok()?;
        let sequence: u64 = text.get(14..17)?.parse().ok()?;
        if day >= DAYS || !(space.first_sequence..FIRST_NAMED_SEQUENCE).contains(&sequence) {
            return None;
        }
        let (code_shift, sequence_shift) = self.shifts(day, &space);
        let (codes, sequences) = (space.codes(), space.sequences());
        let scattered = sequence - space.first_sequence + sequences - sequence_shift % sequences;
        let rest = scattered % sequences * codes + (code + codes - code_shift % codes) % codes;
        let low = (day + DAYS - self.seed % DAYS) % DAYS * STRIDE_INVERSE % DAYS;
        Some((rest * DAYS + low) * space.shared_by)
    }

    /// How far the codes and the sequences of a day are shifted, so that small populations have many of both.
    fn shifts(&self, day: u64, space: &Space) -> (u64, u64) {
        let start = self.seed % 1_000;
        (day + start, day / space.codes() + start)
    }

    fn birth_date(&self, day: u64) -> Option<Date> {
        self.first_birth_date
            .checked_add(Duration::days(i64::try_from(day).ok()?))
    }
}

/// The free digits of the 18-character numbers of a kind.
struct Space {
    prefix: &'static str,
    middle: &'static [&'static str],
    suffix: &'static str,
    first_sequence: u64,
    /// Only every so manieth ordinal of the kind has this form.
    shared_by: u64,
}

impl Space {
    fn of(kind: DocumentKind) -> Self {
        let (prefix, middle, suffix, first_sequence, shared_by): (_, &[_], _, _, _) = match kind {
            HongKongMacaoResidencePermit => ("8", &["1", "2"], "0000", 900, 1),
            TaiwanResidencePermit => ("8", &["3"], "0000", 900, 1),
            ForeignerPermanentResidenceCard => ("9", &PROVINCES, "999", 0, 2),
            _ => ("", &PROVINCES, "0000", 0, 1),
        };
        Self {
            prefix,
            middle,
            suffix,
            first_sequence,
            shared_by,
        }
    }

    fn codes(&self) -> u64 {
        self.middle.len() as u64
    }

    const fn sequences(&self) -> u64 {
        FIRST_NAMED_SEQUENCE - self.first_sequence
    }

    fn leading(&self, code: usize) -> Option<String> {
        Some(format!(
            "{}{}{}",
            self.prefix,
            self.middle.get(code)?,
            self.suffix
        ))
    }

    fn all_leading(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.middle.len()).filter_map(|code| self.leading(code))
    }
}

/// A name that many people could have, or a specimen's.
fn holder(kind: DocumentKind, chance: u64) -> String {
    let pick = |list: &[char; 20], shift: u32| {
        list[usize::from((chance >> shift).to_le_bytes()[0]) % list.len()]
    };
    if kind == ForeignerPermanentResidenceCard {
        format!("SPECIMEN {:05}", chance % 100_000)
    } else {
        [pick(&SURNAMES, 0), pick(&GIVEN, 8), pick(&GIVEN, 16)]
            .iter()
            .collect()
    }
}

/// The finishing step of the SplitMix64 generator: a bijection that scatters neighbouring values.
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests;
