//! Numbers of synthetic documents, made to the rules that real ones keep.

use time::Date;

use crate::document::check_character::check_character;
use crate::document::{Document, DocumentError, DocumentKind, DocumentNumber, HolderName};

/// The dated numbers with a sequence from here to 999 belong to named persons, those below to generated ones.
pub(super) const FIRST_NAMED_SEQUENCE: u64 = 990;
/// The same border in numbers of seven digits behind a letter or a 9.
pub(super) const FIRST_NAMED_PERMIT: u64 = 9_900_000;
/// The same border in the last four digits of passports.
pub(super) const FIRST_NAMED_PASSPORT: u64 = 9_900;

/// An 18-character number: six leading digits, birth date, three sequence digits, and the check character.
pub(super) fn dated(
    leading: &str,
    birth_date: Date,
    sequence: u64,
) -> Result<String, DocumentError> {
    let mut number = format!(
        "{leading}{:04}{:02}{:02}{sequence:03}",
        birth_date.year(),
        u8::from(birth_date.month()),
        birth_date.day()
    );
    let digits: &[u8; 17] = number
        .as_bytes()
        .try_into()
        .map_err(|_| DocumentError::Length)?;
    let last = check_character(digits).ok_or(DocumentError::Pattern)?;
    number.push(char::from(last));
    Ok(number)
}

/// A document in the hands of a synthetic person, held to every rule of real ones.
pub(super) fn document(
    kind: DocumentKind,
    number: &str,
    holder: &str,
    (birth_date, valid_until): (Date, Option<Date>),
    today: Date,
) -> Result<Document, DocumentError> {
    let number = DocumentNumber::parse(kind, number, today)?;
    Document::new(
        number,
        HolderName::parse(holder)?,
        birth_date,
        valid_until,
        today,
    )
}
