//! Where an index stands: the kind of document and the ordinal within the kind.

use super::super::number::FIRST_NAMED_PASSPORT;
use crate::document::DocumentKind::{
    self, ForeignerPermanentResidenceCard, HongKongMacaoResidencePermit, HongKongMacaoTravelPermit,
    PassportOfCitizenSettledAbroad, ResidentIdentityCard, TaiwanResidencePermit,
    TaiwanTravelPermit,
};

/// Of each 256 persons in a row, how many hold which kind: mostly residents.
const SHARES: [(DocumentKind, u64); 7] = [
    (PassportOfCitizenSettledAbroad, 1),
    (HongKongMacaoTravelPermit, 4),
    (TaiwanTravelPermit, 4),
    (HongKongMacaoResidencePermit, 2),
    (TaiwanResidencePermit, 2),
    (ForeignerPermanentResidenceCard, 2),
    (ResidentIdentityCard, 241),
];
pub(super) const ROW: u64 = 256;
/// When the passports of the sandbox are used up, their places go to residents with ordinals from here.
pub(super) const FURTHER_RESIDENTS: u64 = 600_000_000;

/// The kind and the ordinal within the kind of the person at an index.
pub(super) fn place(index: u64) -> (DocumentKind, u64) {
    let (row, mut slot) = (index / ROW, index % ROW);
    if slot == 0 && row >= FIRST_NAMED_PASSPORT {
        return (ResidentIdentityCard, FURTHER_RESIDENTS + row);
    }
    for (kind, share) in SHARES {
        if slot < share {
            return (kind, row * share + slot);
        }
        slot -= share;
    }
    (ResidentIdentityCard, FURTHER_RESIDENTS + row)
}

/// The way back from [`place`].
pub(super) fn index(kind: DocumentKind, ordinal: u64) -> Option<u64> {
    if kind == ResidentIdentityCard && ordinal >= FURTHER_RESIDENTS {
        return (ordinal - FURTHER_RESIDENTS).checked_mul(ROW);
    }
    let mut first = 0;
    for (candidate, share) in SHARES {
        if candidate == kind {
            return (ordinal / share)
                .checked_mul(ROW)?
                .checked_add(first + ordinal % share);
        }
        first += share;
    }
    None
}
