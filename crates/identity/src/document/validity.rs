//! How long a document of each kind can be valid.
//!
//! The longest term that any holder of the kind gets bounds what is believed; the term by age at issue is not
//! recomputed, because the day of issue is not asked for. Sources: Resident Identity Card Law Art. 5; Measures on
//! Permanent Residence of Foreigners Art. 21. The terms of passports, travel permits and residence permits are
//! common knowledge of the issuing offices and not taken from a text we have seen.

use time::{Date, Month};

use super::{DocumentError, DocumentKind};

/// From this age a resident identity card is issued without an end.
const LONG_TERM_FROM_AGE: i32 = 46;

/// Longest term, in years.
const fn longest_term(kind: DocumentKind) -> i32 {
    match kind {
        DocumentKind::ResidentIdentityCard => 20,
        DocumentKind::PassportOfCitizenSettledAbroad
        | DocumentKind::HongKongMacaoTravelPermit
        | DocumentKind::ForeignerPermanentResidenceCard => 10,
        DocumentKind::TaiwanTravelPermit
        | DocumentKind::HongKongMacaoResidencePermit
        | DocumentKind::TaiwanResidencePermit => 5,
    }
}

/// Whether a document of this kind can have this last day of validity (R15.1).
///
/// 1. Long-term (`None`) only a resident identity card, and only for a holder of 46 or more;
/// 2. not before the holder's birth;
/// 3. not further ahead than a document issued `today` would reach.
pub(super) fn check(
    kind: DocumentKind,
    birth_date: Date,
    valid_until: Option<Date>,
    today: Date,
) -> Result<(), DocumentError> {
    match valid_until {
        None if kind == DocumentKind::ResidentIdentityCard
            && years_after(birth_date, LONG_TERM_FROM_AGE) <= today =>
        {
            Ok(())
        }
        None => Err(DocumentError::ValidityMissing),
        Some(last_day)
            if last_day < birth_date || last_day > years_after(today, longest_term(kind)) =>
        {
            Err(DocumentError::Validity)
        }
        Some(_) => Ok(()),
    }
}

/// The same day so many years later; 29 February becomes 1 March where there is none.
fn years_after(date: Date, years: i32) -> Date {
    let year = date.year().saturating_add(years);
    date.replace_year(year)
        .or_else(|_| Date::from_calendar_date(year, Month::March, 1))
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 03 - 01);

    /// R15.1: 居民身份证法 Art. 5.
    #[test]
    fn long_term_is_for_resident_cards_from_46() {
        let resident = DocumentKind::ResidentIdentityCard;
        assert_eq!(check(resident, date!(1980 - 03 - 01), None, TODAY), Ok(()));
        assert_eq!(
            check(resident, date!(1980 - 03 - 02), None, TODAY),
            Err(DocumentError::ValidityMissing)
        );
        for kind in DocumentKind::ALL {
            let answer = check(kind, date!(1950 - 01 - 01), None, TODAY);
            assert_eq!(answer.is_ok(), kind == resident, "{kind}");
        }
    }

    #[test]
    fn no_document_outlasts_its_term() {
        for (kind, years) in [
            (DocumentKind::ResidentIdentityCard, 20),
            (DocumentKind::PassportOfCitizenSettledAbroad, 10),
            (DocumentKind::HongKongMacaoTravelPermit, 10),
            (DocumentKind::TaiwanTravelPermit, 5),
            (DocumentKind::HongKongMacaoResidencePermit, 5),
            (DocumentKind::TaiwanResidencePermit, 5),
            (DocumentKind::ForeignerPermanentResidenceCard, 10),
        ] {
            let birth_date = date!(1990 - 01 - 31);
            let last = date!(2026 - 03 - 01).replace_year(2026 + years).unwrap();
            assert_eq!(check(kind, birth_date, Some(last), TODAY), Ok(()), "{kind}");
            assert_eq!(
                check(kind, birth_date, last.next_day(), TODAY),
                Err(DocumentError::Validity),
                "{kind}"
            );
        }
    }

    #[test]
    fn expired_is_possible_and_unborn_is_not() {
        let kind = DocumentKind::TaiwanTravelPermit;
        assert_eq!(
            check(
                kind,
                date!(1990 - 01 - 31),
                Some(date!(2012 - 01 - 01)),
                TODAY
            ),
            Ok(())
        );
        assert_eq!(
            check(
                kind,
                date!(1990 - 01 - 31),
                Some(date!(1990 - 01 - 30)),
                TODAY
            ),
            Err(DocumentError::Validity)
        );
    }

    #[test]
    fn terms_from_29_february_end_on_1_march() {
        assert_eq!(years_after(date!(2024 - 02 - 29), 5), date!(2029 - 03 - 01));
        assert_eq!(years_after(Date::MAX, 5), Date::MAX);
    }
}
