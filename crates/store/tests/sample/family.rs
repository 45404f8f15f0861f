//! Rows about guardians and children.

use crypto::random::Random;
use identity::guardianship::{AgeStage, GuardianLinkRow, LinkSide, MinorRow, StandingConsentRow};
use identity::id::PersonId;

use super::row::{TODAY, bytes, digest};

/// One side of a link.
pub(crate) fn guardian_link(person: PersonId, random: &dyn Random) -> GuardianLinkRow {
    GuardianLinkRow {
        person,
        tag: digest(random),
        side: LinkSide::Guardian,
        sealed: bytes(90, random),
        confirmed_on: TODAY,
        told: AgeStage::GuardianActs,
    }
}

/// A standing consent for a child.
pub(crate) fn standing_consent(person: PersonId, random: &dyn Random) -> StandingConsentRow {
    StandingConsentRow {
        person,
        tag: digest(random),
        given_by: digest(random),
        given_on: TODAY,
        copies: bytes(3000, random),
    }
}

/// A child under 14.
pub(crate) fn minor(person: PersonId) -> MinorRow {
    MinorRow {
        person,
        stage: AgeStage::GuardianActs,
        look_from: TODAY.plus(400),
    }
}
