//! A document number, read by the rules of its kind.

use std::fmt;

use time::Date;

use super::{
    DocumentError, DocumentKind, foreigner_card, passport, residence_permit,
    resident_identity_card, travel_permit,
};

/// A number that keeps every rule of its kind (R15.1): normalised, well formed, check character right.
///
/// It says nothing about whether such a document exists; the registry knows that. `Debug` shows the kind only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DocumentNumber {
    kind: DocumentKind,
    /// ASCII.
    printed: String,
    parts: Parts,
}

impl DocumentNumber {
    /// Reads a number as typed: surrounding white space, lower case and full-width characters are accepted.
    ///
    /// `today` is the date in Asia/Shanghai; a birth date within the number must not lie after it.
    pub fn parse(kind: DocumentKind, text: &str, today: Date) -> Result<Self, DocumentError> {
        let printed = normalise(text)?;
        let parts = match kind {
            DocumentKind::ResidentIdentityCard => resident_identity_card::parse(&printed, today),
            DocumentKind::PassportOfCitizenSettledAbroad => passport::parse(&printed),
            DocumentKind::HongKongMacaoTravelPermit => {
                travel_permit::parse_hong_kong_macao(&printed)
            }
            DocumentKind::TaiwanTravelPermit => travel_permit::parse_taiwan(&printed),
            DocumentKind::HongKongMacaoResidencePermit => {
                residence_permit::parse_hong_kong_macao(&printed, today)
            }
            DocumentKind::TaiwanResidencePermit => residence_permit::parse_taiwan(&printed, today),
            DocumentKind::ForeignerPermanentResidenceCard => foreigner_card::parse(&printed, today),
        }?;
        Ok(Self {
            kind,
            printed,
            parts,
        })
    }

    /// The kind whose rules the number keeps.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The part that stays the same when the document is renewed, where the kind has one (R15.2,
    /// [`DocumentKind::number_survives_renewal`]). It parses to itself.
    pub fn canonical(&self) -> &str {
        &self.printed[..self.parts.canonical_length]
    }

    /// The whole number as the document prints it, normalised.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// The birth date within the number, for the kinds that have one there.
    pub const fn birth_date_in_number(&self) -> Option<Date> {
        self.parts.birth_date
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DocumentNumber({}, …)", self.kind)
    }
}

/// What the rules of a kind read out of a number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Parts {
    /// The canonical number is this many leading characters of the printed one.
    pub(super) canonical_length: usize,
    pub(super) birth_date: Option<Date>,
}

impl Parts {
    /// A number without a date in it.
    pub(super) const fn undated(canonical_length: usize) -> Self {
        Self {
            canonical_length,
            birth_date: None,
        }
    }
}

/// Trimmed, full width to half width, ASCII upper case; anything that is not printable ASCII then breaks the
/// pattern of every kind. Text far longer than any number is not looked at.
fn normalise(text: &str) -> Result<String, DocumentError> {
    const LONGEST_TYPED: usize = 256;
    if text.len() > LONGEST_TYPED {
        return Err(DocumentError::Length);
    }
    let normalised: String = text.chars().map(half_width).collect();
    let trimmed = normalised.trim();
    if trimmed.is_ascii() {
        Ok(trimmed.to_ascii_uppercase())
    } else {
        Err(DocumentError::Pattern)
    }
}

/// U+FF01…U+FF5E to ASCII; every other character stays.
fn half_width(character: char) -> char {
    const OFFSET: u32 = 0xFEE0;
    match character {
        '！'..='～' => char::from_u32(character as u32 - OFFSET).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::super::check_character::check_character;
    use super::*;

    const TODAY: Date = date!(2026 - 03 - 01);

    fn eighteen(leading: &str, birth_date: Date, sequence: u16) -> String {
        let mut number = format!(
            "{leading}{:04}{:02}{:02}{sequence:03}",
            birth_date.year(),
            u8::from(birth_date.month()),
            birth_date.day()
        );
        let digits: &[u8; 17] = number.as_bytes().try_into().unwrap();
        let last = check_character(digits).unwrap();
        number.push(char::from(last));
        number
    }

    prop_compose! {
        /// A good 18-character number of one of the four kinds that have that form.
        fn good_number()(
            (kind, leading) in prop_oneof![
                (prop::sample::select(vec![11_u8, 37, 50, 65, 82]), 0..10_000_u16)
                    .prop_map(|(province, rest)| (DocumentKind::ResidentIdentityCard, format!("{province}{rest:04}"))),
                prop::sample::select(vec!["810000", "820000"])
                    .prop_map(|code| (DocumentKind::HongKongMacaoResidencePermit, code.to_owned())),
                Just((DocumentKind::TaiwanResidencePermit, "830000".to_owned())),
                (prop::sample::select(vec![11_u8, 32, 44]), 0..1000_u16)
                    .prop_map(|(province, country)|
                        (DocumentKind::ForeignerPermanentResidenceCard, format!("9{province}{country:03}"))),
            ],
            day in date!(1900 - 01 - 01).to_julian_day()..=TODAY.to_julian_day(),
            sequence in 0..1000_u16,
        ) -> (DocumentKind, String) {
            (kind, eighteen(&leading, Date::from_julian_day(day).unwrap(), sequence))
        }
    }

    proptest! {
        #[test]
        fn good_numbers_are_canonical((kind, text) in good_number()) {
            let number = DocumentNumber::parse(kind, &text, TODAY).unwrap();
            prop_assert_eq!(number.canonical(), &text);
            prop_assert_eq!(number.printed(), &text);
            prop_assert!(number.birth_date_in_number().is_some());
        }

        /// R15.1: every mistyped character is found, at every place.
        #[test]
        fn one_wrong_character_is_found((kind, text) in good_number(), place in 0..18_usize, other in "[0-9X]") {
            prop_assume!(text[place..=place] != other);
            let mut wrong = text;
            wrong.replace_range(place..=place, &other);
            prop_assert!(DocumentNumber::parse(kind, &wrong, TODAY).is_err());
        }

        /// R15.1: every swap of two neighbours is found.
        #[test]
        fn swapped_neighbours_are_found((kind, text) in good_number(), place in 0..17_usize) {
            let mut wrong = text.clone().into_bytes();
            wrong.swap(place, place + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != text);
            prop_assert!(DocumentNumber::parse(kind, &wrong, TODAY).is_err());
        }

        /// R15.1: no text of any script makes the reader panic, and what it accepts parses to itself.
        #[test]
        fn any_text_is_answered(kind in prop::sample::select(DocumentKind::ALL.to_vec()), text in "\\PC{0,40}") {
            check_answer(kind, &text);
        }

        /// The same over the characters that numbers are made of, and over raw text with control characters.
        #[test]
        fn any_near_miss_is_answered(
            kind in prop::sample::select(DocumentKind::ALL.to_vec()),
            text in "[ 0-9０-９EHMXxＸ\u{3000}]{7,20}",
            raw in any::<String>(),
        ) {
            check_answer(kind, &text);
            check_answer(kind, &raw);
        }
    }

    fn check_answer(kind: DocumentKind, text: &str) {
        if let Ok(number) = DocumentNumber::parse(kind, text, TODAY) {
            let again = DocumentNumber::parse(kind, number.canonical(), TODAY).unwrap();
            assert_eq!(again.canonical(), number.canonical());
            assert_eq!(
                DocumentNumber::parse(kind, number.printed(), TODAY),
                Ok(number)
            );
        }
    }

    #[test]
    fn debug_and_errors_do_not_show_the_number() {
        let number = DocumentNumber::parse(
            DocumentKind::ResidentIdentityCard,
            "11010519491231002X",
            TODAY,
        )
        .unwrap();
        assert_eq!(
            format!("{number:?}"),
            "DocumentNumber(resident_identity_card, …)"
        );
    }
}
