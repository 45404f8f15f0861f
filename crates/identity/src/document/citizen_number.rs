//! The form that all 18-character numbers share (GB 11643): six leading digits, birth date, three sequence
//! digits, check character.

use std::ops::RangeInclusive;

use time::{Date, Month};

use super::DocumentError;
use super::check_character::is_consistent;
use super::number::Parts;

/// Length of the form, in ASCII characters.
pub(super) const LENGTH: usize = 18;

/// First two digits of numbers: GB/T 2260 provinces, with 81, 82 and 83 as the residence permits use them.
///
/// Only these two are checked: six-digit codes get abolished while the numbers that contain them live on.
pub(super) const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Reads an 18-character number whose leading digits `leading` accepts.
///
/// 1. length; 2. seventeen digits and a digit or `X`; 3. the leading digits; 4. a calendar date in one of the
///    `centuries` (19 is the years 1900 to 1999), not in the future; 5. the check character.
pub(super) fn parse(
    text: &str,
    today: Date,
    centuries: RangeInclusive<u16>,
    leading: impl FnOnce(&[u8; 6]) -> Result<(), DocumentError>,
) -> Result<Parts, DocumentError> {
    let number: &[u8; LENGTH] = text
        .as_bytes()
        .try_into()
        .map_err(|_| DocumentError::Length)?;
    let [digits @ .., last] = number;
    if !digits.iter().all(u8::is_ascii_digit) || !(last.is_ascii_digit() || *last == b'X') {
        return Err(DocumentError::Pattern);
    }
    let (leading_digits, rest) = digits.split_first_chunk().ok_or(DocumentError::Length)?;
    let (date, _sequence) = rest.split_first_chunk().ok_or(DocumentError::Length)?;
    leading(leading_digits)?;
    let birth_date = calendar_date(*date, centuries)?;
    if birth_date > today {
        return Err(DocumentError::FutureDate);
    }
    if !is_consistent(number) {
        return Err(DocumentError::CheckDigit);
    }
    Ok(Parts {
        canonical_length: LENGTH,
        birth_date: Some(birth_date),
    })
}

/// Whether the first two of the leading digits are a province.
pub(super) fn names_a_province(tens: u8, units: u8) -> bool {
    PROVINCES.contains(&((tens - b'0') * 10 + (units - b'0')))
}

/// `YYYYMMDD` as a date of one of the `centuries`.
fn calendar_date(digits: [u8; 8], centuries: RangeInclusive<u16>) -> Result<Date, DocumentError> {
    let value = |digits: &[u8]| {
        digits
            .iter()
            .fold(0_u16, |sum, digit| sum * 10 + u16::from(digit - b'0'))
    };
    let [year @ .., m1, m2, d1, d2] = &digits;
    let year = value(year);
    if !centuries.contains(&(year / 100)) {
        return Err(DocumentError::Date);
    }
    let small = |tens, units| u8::try_from(value(&[tens, units])).map_err(|_| DocumentError::Date);
    let month = Month::try_from(small(*m1, *m2)?).map_err(|_| DocumentError::Date)?;
    Date::from_calendar_date(i32::from(year), month, small(*d1, *d2)?)
        .map_err(|_| DocumentError::Date)
}
