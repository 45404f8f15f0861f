//! 居民身份证: the citizen's number (GB 11643).

use time::Date;

use super::number::Parts;
use super::{DocumentError, citizen_number};

/// `[1-8]`, five digits, date, three digits, check character; the first two digits are a province.
///
/// 81, 82 and 83 are allowed: who gets such a number with a residence permit keeps it when settling.
pub(super) fn parse(text: &str, today: Date) -> Result<Parts, DocumentError> {
    if text.len() == 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DocumentError::FirstGeneration);
    }
    citizen_number::parse(text, today, 18..=20, |leading| match leading {
        [b'1'..=b'8', ..] if citizen_number::names_a_province(leading[0], leading[1]) => Ok(()),
        [b'1'..=b'8', ..] => Err(DocumentError::Province),
        _ => Err(DocumentError::Pattern),
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::{DocumentError, DocumentKind::ResidentIdentityCard as KIND, DocumentNumber};

    fn parse(text: &str) -> Result<DocumentNumber, DocumentError> {
        DocumentNumber::parse(KIND, text, date!(2026 - 03 - 01))
    }

    /// R15.1
    #[test]
    fn samples_are_accepted() {
        for (text, birth_date) in [
            ("11010519491231002X", date!(1949 - 12 - 31)),
            ("440524188001010014", date!(1880 - 01 - 01)),
            ("110000201302280033", date!(2013 - 02 - 28)),
            ("110000201602290049", date!(2016 - 02 - 29)),
        ] {
            let number = parse(text).unwrap();
            assert_eq!(number.canonical(), text);
            assert_eq!(number.birth_date_in_number(), Some(birth_date));
        }
    }

    /// R15.1: trimmed, upper case, half width.
    #[test]
    fn typing_habits_are_normalised() {
        let plain = parse("11010519491231002X").unwrap();
        for typed in [
            " 11010519491231002x\n",
            "１１０１０５１９４９１２３１００２Ｘ",
            "\u{3000}11010519491231002ｘ",
        ] {
            assert_eq!(parse(typed).unwrap(), plain);
        }
    }

    /// R15.1
    #[test]
    fn wrong_numbers_are_refused_by_the_rule_they_break() {
        for (text, error) in [
            ("", DocumentError::Length),
            ("1101051949123100", DocumentError::Length),
            ("11010519491231002X0", DocumentError::Length),
            ("110105491231002", DocumentError::FirstGeneration),
            ("11010519491231X02X", DocumentError::Pattern),
            ("11010519491231002Y", DocumentError::Pattern),
            ("010105194912310029", DocumentError::Pattern),
            ("932682198501010017", DocumentError::Pattern),
            ("160105194912310025", DocumentError::Province),
            ("110105194902300024", DocumentError::Date),
            ("110105202302290023", DocumentError::Date),
            ("110105194913010025", DocumentError::Date),
            ("110105214912310028", DocumentError::Date),
            ("110105202603020025", DocumentError::FutureDate),
            ("110105194912310021", DocumentError::CheckDigit),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    /// R15.1: someone born today has a number; someone born tomorrow does not.
    #[test]
    fn the_future_begins_tomorrow() {
        let text = "110000201602290049";
        assert!(DocumentNumber::parse(KIND, text, date!(2016 - 02 - 29)).is_ok());
        assert_eq!(
            DocumentNumber::parse(KIND, text, date!(2016 - 02 - 28)),
            Err(DocumentError::FutureDate)
        );
    }
}
