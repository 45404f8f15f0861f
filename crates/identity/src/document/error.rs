//! What can be wrong with a document as a person presents it.

use thiserror::Error;

use super::DocumentKind;

/// The first rule that a presented document breaks (R15.1).
///
/// No variant carries any part of the number, the name or a date, so that an error may be shown and logged.
/// [`DocumentError::code`] is the key of the localised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The kind is not one this service knows.
    #[error("unknown kind of document")]
    UnknownKind,
    /// 前往港澳通行证: in the draft of the measures, not in the final Art. 15.
    #[error(
        "the exit permit for Hong Kong and Macao (前往港澳通行证) is not accepted: the draft of the measures listed it, \
         the final Art. 15 does not. It lets its holder leave once, to settle there. Use the resident identity card \
         before leaving, the mainland travel permit or the residence permit afterwards"
    )]
    KindNotAccepted,
    /// Not as many characters as a number of this kind has.
    #[error("the number has a wrong length")]
    Length,
    /// A character stands where the kind does not allow it.
    #[error("the number does not have the form of its kind")]
    Pattern,
    /// A 15-digit resident number of the first generation, which is no valid document any more.
    #[error(
        "first-generation cards with fifteen digits are no longer valid; use the 18-character number"
    )]
    FirstGeneration,
    /// The first two digits name no province, autonomous region, municipality or special region.
    #[error("the number names no province")]
    Province,
    /// The six leading digits are not those of the region whose residents hold this kind.
    #[error("the number does not begin with the code of this kind")]
    Region,
    /// The birth date within the number is no calendar date.
    #[error("the number contains an impossible date")]
    Date,
    /// The birth date, within the number or beside it, lies in the future.
    #[error("the birth date lies in the future")]
    FutureDate,
    /// The check character does not fit the other characters.
    #[error("the check character is wrong: a character was mistyped")]
    CheckDigit,
    /// The birth date beside the number is not the one within it.
    #[error("the birth date differs from the one in the number")]
    BirthDate,
    /// The holder's name is empty, too long, or contains control characters.
    #[error("the name must have 1 to 100 characters")]
    HolderName,
    /// No last day of validity, on a document that always has one for a holder of this age.
    #[error("the last day of validity is missing")]
    ValidityMissing,
    /// Valid longer than a document of this kind can be, or from before the holder's birth.
    #[error("the last day of validity cannot be right for this kind")]
    Validity,
}

impl DocumentError {
    /// A stable key for localised text and for the wire; never changes once published.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownKind => "document_kind_unknown",
            Self::KindNotAccepted => "document_kind_not_accepted",
            Self::Length => "document_number_length",
            Self::Pattern => "document_number_pattern",
            Self::FirstGeneration => "document_number_first_generation",
            Self::Province => "document_number_province",
            Self::Region => "document_number_region",
            Self::Date => "document_number_date",
            Self::FutureDate => "document_birth_date_future",
            Self::CheckDigit => "document_number_check_digit",
            Self::BirthDate => "document_birth_date_mismatch",
            Self::HolderName => "document_holder_name",
            Self::ValidityMissing => "document_validity_missing",
            Self::Validity => "document_validity",
        }
    }

    /// The one kind that has a refusal of its own, by its wire name; every other unknown name is just unknown.
    pub(super) fn for_unlisted_kind(name: &str) -> Self {
        if name == DocumentKind::DRAFT_EXIT_PERMIT {
            Self::KindNotAccepted
        } else {
            Self::UnknownKind
        }
    }
}
