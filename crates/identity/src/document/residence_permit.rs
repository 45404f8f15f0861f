//! 港澳居民居住证 and 台湾居民居住证: a citizen's number under the code of the region.

use time::Date;

use super::number::Parts;
use super::{DocumentError, citizen_number};

/// `810000` (Hong Kong) or `820000` (Macao), date, three digits, check character.
pub(super) fn parse_hong_kong_macao(text: &str, today: Date) -> Result<Parts, DocumentError> {
    parse(text, today, &[b"810000", b"820000"])
}

/// `830000`, date, three digits, check character.
pub(super) fn parse_taiwan(text: &str, today: Date) -> Result<Parts, DocumentError> {
    parse(text, today, &[b"830000"])
}

fn parse(text: &str, today: Date, regions: &[&[u8; 6]]) -> Result<Parts, DocumentError> {
    citizen_number::parse(text, today, 19..=20, |leading| {
        if regions.contains(&leading) {
            Ok(())
        } else {
            Err(DocumentError::Region)
        }
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::{
        DocumentError,
        DocumentKind::{self, HongKongMacaoResidencePermit, TaiwanResidencePermit},
        DocumentNumber,
    };

    fn parse(kind: DocumentKind, text: &str) -> Result<DocumentNumber, DocumentError> {
        DocumentNumber::parse(kind, text, date!(2026 - 03 - 01))
    }

    /// R15.1
    #[test]
    fn samples_are_accepted() {
        for (kind, text, birth_date) in [
            (
                HongKongMacaoResidencePermit,
                "810000199408230021",
                date!(1994 - 08 - 23),
            ),
            (
                HongKongMacaoResidencePermit,
                "820000199001010010",
                date!(1990 - 01 - 01),
            ),
            (
                TaiwanResidencePermit,
                "830000199201300022",
                date!(1992 - 01 - 30),
            ),
        ] {
            let number = parse(kind, text).unwrap();
            assert_eq!(number.canonical(), text);
            assert_eq!(number.birth_date_in_number(), Some(birth_date));
        }
    }

    /// R15.1: among them a number that public code quotes as good.
    #[test]
    fn others_are_refused() {
        for (kind, text, error) in [
            (
                HongKongMacaoResidencePermit,
                "820000199001010013",
                DocumentError::CheckDigit,
            ),
            (
                HongKongMacaoResidencePermit,
                "830000199201300022",
                DocumentError::Region,
            ),
            (
                HongKongMacaoResidencePermit,
                "11010519491231002X",
                DocumentError::Region,
            ),
            (
                HongKongMacaoResidencePermit,
                "810101199408230021",
                DocumentError::Region,
            ),
            (
                HongKongMacaoResidencePermit,
                "810000189408230021",
                DocumentError::Date,
            ),
            (
                TaiwanResidencePermit,
                "810000199408230021",
                DocumentError::Region,
            ),
            (
                TaiwanResidencePermit,
                "830000199202300022",
                DocumentError::Date,
            ),
            (
                TaiwanResidencePermit,
                "8300001992013000",
                DocumentError::Length,
            ),
        ] {
            assert_eq!(parse(kind, text), Err(error), "{text}");
        }
    }
}
