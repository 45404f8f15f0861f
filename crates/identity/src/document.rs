//! The legal identity documents of Art. 15: kinds, numbers, holders, validity (R15.1).
//!
//! ```
//! use identity::document::{DocumentKind, DocumentNumber};
//! use time::macros::date;
//!
//! let number = DocumentNumber::parse(DocumentKind::HongKongMacaoTravelPermit, " h1234567801", date!(2026 - 03 - 01))?;
//! assert_eq!(number.canonical(), "H12345678");
//! # Ok::<(), identity::document::DocumentError>(())
//! ```

use time::Date;

pub use error::DocumentError;
pub use holder::HolderName;
pub use kind::DocumentKind;
pub use number::DocumentNumber;

pub mod check_character;
mod citizen_number;
mod error;
mod foreigner_card;
mod holder;
mod kind;
mod number;
mod passport;
mod residence_permit;
mod resident_identity_card;
mod travel_permit;
mod validity;

/// A document as a person presents it: consistent in itself, not yet checked with the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    number: DocumentNumber,
    holder: HolderName,
    birth_date: Date,
    valid_until: Option<Date>,
}

impl Document {
    /// Puts together what stands on the document and checks that the parts fit each other.
    ///
    /// 1. The birth date does not lie after `today` (the date in Asia/Shanghai);
    /// 2. it is the one within the number, if the number has one;
    /// 3. `valid_until`, the last day of validity, is possible for the kind; `None` means 长期 (long-term). A day in
    ///    the past is accepted here: that a document has expired is the registry's answer, not a typing error.
    pub fn new(
        number: DocumentNumber,
        holder: HolderName,
        birth_date: Date,
        valid_until: Option<Date>,
        today: Date,
    ) -> Result<Self, DocumentError> {
        if birth_date > today {
            return Err(DocumentError::FutureDate);
        }
        if number
            .birth_date_in_number()
            .is_some_and(|within| within != birth_date)
        {
            return Err(DocumentError::BirthDate);
        }
        validity::check(number.kind(), birth_date, valid_until, today)?;
        Ok(Self {
            number,
            holder,
            birth_date,
            valid_until,
        })
    }

    /// The number on the document.
    pub const fn number(&self) -> &DocumentNumber {
        &self.number
    }

    /// The kind of document.
    pub const fn kind(&self) -> DocumentKind {
        self.number.kind()
    }

    /// The name on the document.
    pub const fn holder(&self) -> &HolderName {
        &self.holder
    }

    /// The holder's date of birth.
    pub const fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// The last day of validity; `None` is 长期.
    pub const fn valid_until(&self) -> Option<Date> {
        self.valid_until
    }

    /// Whether the document says that it is still valid `today`; the last day counts.
    pub fn is_valid_on(&self, today: Date) -> bool {
        self.valid_until.is_none_or(|last_day| today <= last_day)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 03 - 01);

    fn present(
        number: &str,
        birth_date: Date,
        valid_until: Option<Date>,
    ) -> Result<Document, DocumentError> {
        let number = DocumentNumber::parse(DocumentKind::ResidentIdentityCard, number, TODAY)?;
        let holder = HolderName::parse("林晓安")?;
        Document::new(number, holder, birth_date, valid_until, TODAY)
    }

    #[test]
    fn the_last_day_of_validity_counts() {
        let document = present("11010519491231002X", date!(1949 - 12 - 31), Some(TODAY)).unwrap();
        assert!(document.is_valid_on(TODAY));
        assert!(!document.is_valid_on(date!(2026 - 03 - 02)));
        let long_term = present("11010519491231002X", date!(1949 - 12 - 31), None).unwrap();
        assert!(long_term.is_valid_on(Date::MAX));
    }

    #[test]
    fn the_birth_date_is_the_one_in_the_number() {
        for other in [date!(1949 - 12 - 30), date!(1950 - 01 - 01)] {
            let document = present("11010519491231002X", other, None);
            assert_eq!(document, Err(DocumentError::BirthDate));
        }
    }

    #[test]
    fn an_undated_number_still_needs_a_birth_date_in_the_past() {
        let number =
            DocumentNumber::parse(DocumentKind::TaiwanTravelPermit, "12345678", TODAY).unwrap();
        let holder = HolderName::parse("陈示例").unwrap();
        let tomorrow = date!(2026 - 03 - 02);
        let document = Document::new(number, holder, tomorrow, Some(date!(2028 - 01 - 01)), TODAY);
        assert_eq!(document, Err(DocumentError::FutureDate));
    }

    #[test]
    fn debug_shows_neither_number_nor_name() {
        let text = format!(
            "{:?}",
            present("11010519491231002X", date!(1949 - 12 - 31), None).unwrap()
        );
        assert!(!text.contains("110105") && !text.contains('林'), "{text}");
    }
}
