//! 港澳居民来往内地通行证 and 台湾居民来往大陆通行证: numbers that stay for life, with a count of issues behind them.

use super::DocumentError;
use super::number::Parts;

/// `H` (Hong Kong) or `M` (Macao), eight digits that stay for life, and on older prints two more that count the
/// renewals. Canonical: the letter and the eight digits.
pub(super) fn parse_hong_kong_macao(text: &str) -> Result<Parts, DocumentError> {
    const CANONICAL: usize = 9;
    if !matches!(text.len(), 9 | 11) {
        return Err(DocumentError::Length);
    }
    match text.as_bytes() {
        [b'H' | b'M', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
            Ok(Parts::undated(CANONICAL))
        }
        _ => Err(DocumentError::Pattern),
    }
}

/// Eight digits on the card (since 2015); the older booklet has two more that count the issues. Canonical: the
/// first eight.
pub(super) fn parse_taiwan(text: &str) -> Result<Parts, DocumentError> {
    const CANONICAL: usize = 8;
    if !matches!(text.len(), 8 | 10) {
        return Err(DocumentError::Length);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Parts::undated(CANONICAL))
    } else {
        Err(DocumentError::Pattern)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::super::{
        DocumentError,
        DocumentKind::{self, HongKongMacaoTravelPermit, TaiwanTravelPermit},
        DocumentNumber,
    };

    fn parse(kind: DocumentKind, text: &str) -> Result<DocumentNumber, DocumentError> {
        DocumentNumber::parse(kind, text, date!(2026 - 03 - 01))
    }

    /// R15.1
    #[test]
    fn wrong_numbers_are_refused() {
        for (kind, text, error) in [
            (HongKongMacaoTravelPermit, "H1234567", DocumentError::Length),
            (
                HongKongMacaoTravelPermit,
                "H123456780",
                DocumentError::Length,
            ),
            (
                HongKongMacaoTravelPermit,
                "123456780",
                DocumentError::Pattern,
            ),
            (
                HongKongMacaoTravelPermit,
                "T12345678",
                DocumentError::Pattern,
            ),
            (
                HongKongMacaoTravelPermit,
                "HM2345678",
                DocumentError::Pattern,
            ),
            (
                HongKongMacaoTravelPermit,
                "H123456780X",
                DocumentError::Pattern,
            ),
            (TaiwanTravelPermit, "1234567", DocumentError::Length),
            (TaiwanTravelPermit, "123456789", DocumentError::Length),
            (TaiwanTravelPermit, "T2345678", DocumentError::Pattern),
            (TaiwanTravelPermit, "12345678-1", DocumentError::Pattern),
        ] {
            assert_eq!(parse(kind, text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_two_regions_have_numbers_of_their_own() {
        let hong_kong = parse(HongKongMacaoTravelPermit, "h12345678").unwrap();
        let macao = parse(HongKongMacaoTravelPermit, "M12345678").unwrap();
        assert_ne!(hong_kong.canonical(), macao.canonical());
    }

    proptest! {
        /// R15.1: renewals of one person map to one number.
        #[test]
        fn renewals_have_one_canonical_number(letter in "[HM]", number in "[0-9]{8}", issue in "[0-9]{2}") {
            for (kind, lifelong) in [
                (HongKongMacaoTravelPermit, format!("{letter}{number}")),
                (TaiwanTravelPermit, number),
            ] {
                let first = parse(kind, &lifelong).unwrap();
                let renewed = parse(kind, &format!("{lifelong}{issue}")).unwrap();
                prop_assert_eq!(first.canonical(), renewed.canonical());
                prop_assert_eq!(first.canonical(), &lifelong);
                prop_assert_ne!(first.printed(), renewed.printed());
            }
        }
    }
}
