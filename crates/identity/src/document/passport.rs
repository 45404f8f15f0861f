//! 定居国外的中国公民的护照: the ordinary passport, with a chip.

use super::DocumentError;
use super::number::Parts;

/// `E` and eight digits, or since 2017 `E`, a letter other than I and O, and seven digits.
///
/// The older `G` books have run out; service and diplomatic passports (D, S, P) are not for this use. A renewed
/// passport has a new number, so the canonical number is the printed one.
pub(super) fn parse(text: &str) -> Result<Parts, DocumentError> {
    let number: &[u8; 9] = text
        .as_bytes()
        .try_into()
        .map_err(|_| DocumentError::Length)?;
    let [b'E', second, digits @ ..] = number else {
        return Err(DocumentError::Pattern);
    };
    let second_fits =
        second.is_ascii_digit() || (second.is_ascii_uppercase() && !matches!(second, b'I' | b'O'));
    if second_fits && digits.iter().all(u8::is_ascii_digit) {
        Ok(Parts::undated(number.len()))
    } else {
        Err(DocumentError::Pattern)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::{
        DocumentError, DocumentKind::PassportOfCitizenSettledAbroad as KIND, DocumentNumber,
    };

    fn parse(text: &str) -> Result<DocumentNumber, DocumentError> {
        DocumentNumber::parse(KIND, text, date!(2026 - 03 - 01))
    }

    /// R15.1
    #[test]
    fn both_series_are_accepted() {
        for text in ["E12345678", "EA1234567", "EZ0000001"] {
            let number = parse(text).unwrap();
            assert_eq!(number.canonical(), text);
            assert_eq!(number.birth_date_in_number(), None);
        }
        assert_eq!(parse(" ｅ12345678 ").unwrap().canonical(), "E12345678");
    }

    /// R15.1
    #[test]
    fn others_are_refused() {
        for (text, error) in [
            ("E1234567", DocumentError::Length),
            ("E123456789", DocumentError::Length),
            ("G12345678", DocumentError::Pattern),
            ("D12345678", DocumentError::Pattern),
            ("EI1234567", DocumentError::Pattern),
            ("EO1234567", DocumentError::Pattern),
            ("EAB123456", DocumentError::Pattern),
            ("123456789", DocumentError::Pattern),
            ("E1234567X", DocumentError::Pattern),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }
}
