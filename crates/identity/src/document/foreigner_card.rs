//! 外国人永久居留身份证: 18 characters since December 2023, 15 before; both forms are in use.

use time::Date;

use super::number::Parts;
use super::{DocumentError, citizen_number};

const OLD_LENGTH: usize = 15;

/// Either form. They have different canonical numbers: only the registry knows that two cards are one person's.
pub(super) fn parse(text: &str, today: Date) -> Result<Parts, DocumentError> {
    match text.len() {
        citizen_number::LENGTH => parse_new(text, today),
        OLD_LENGTH => parse_old(text.as_bytes()),
        _ => Err(DocumentError::Length),
    }
}

/// `9`, two province digits of the place of application, three-digit country code (ISO 3166-1 numeric), date,
/// three digits, check character. Country codes are not looked up: states come and go, numbers stay.
fn parse_new(text: &str, today: Date) -> Result<Parts, DocumentError> {
    citizen_number::parse(text, today, 19..=20, |leading| match leading {
        [b'9', tens, units, ..] if citizen_number::names_a_province(*tens, *units) => Ok(()),
        [b'9', ..] => Err(DocumentError::Province),
        _ => Err(DocumentError::Pattern),
    })
}

/// Three letters of the country and twelve digits. Their layout has not been published in a text we have seen:
/// only the form is checked.
fn parse_old(number: &[u8]) -> Result<Parts, DocumentError> {
    match number {
        [country @ .., _, _, _, _, _, _, _, _, _, _, _, _]
            if country.iter().all(u8::is_ascii_uppercase)
                && number[3..].iter().all(u8::is_ascii_digit) =>
        {
            Ok(Parts::undated(OLD_LENGTH))
        }
        _ => Err(DocumentError::Pattern),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::{
        DocumentError, DocumentKind::ForeignerPermanentResidenceCard as KIND, DocumentNumber,
    };

    fn parse(text: &str) -> Result<DocumentNumber, DocumentError> {
        DocumentNumber::parse(KIND, text, date!(2026 - 03 - 01))
    }

    /// R15.1
    #[test]
    fn both_forms_are_accepted() {
        for (text, birth_date) in [
            ("932682198501010017", Some(date!(1985 - 01 - 01))),
            ("911124198108030024", Some(date!(1981 - 08 - 03))),
            ("USA110088010112", None),
        ] {
            let number = parse(text).unwrap();
            assert_eq!(number.canonical(), text);
            assert_eq!(number.birth_date_in_number(), birth_date);
        }
    }

    /// R15.1: among them a number that public code quotes as good.
    #[test]
    fn others_are_refused() {
        for (text, error) in [
            ("911124198108030028", DocumentError::CheckDigit),
            ("916124198108030024", DocumentError::Province),
            ("11010519491231002X", DocumentError::Pattern),
            ("911124188108030024", DocumentError::Date),
            ("USA1100880101120", DocumentError::Length),
            ("US1110088010112", DocumentError::Pattern),
            ("USAA10088010112", DocumentError::Pattern),
            ("USA11008801011X", DocumentError::Pattern),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }
}
