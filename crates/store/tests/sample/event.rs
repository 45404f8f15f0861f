//! Events of the suite, and two things it does all the time.

use crypto::random::Random;
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::Timestamp;
use identity::handover::HandoverRow;
use identity::id::{Bucket, DeviceId, PersonId};
use identity::person::Applied;
use identity::pin::{PinAttempt, PinRow};
use identity::store::Store;

use super::row::{NOW, TODAY, applied, bytes, digest, new_person};

/// The event of a change to a device.
pub(crate) fn device_changed(person: PersonId, random: &dyn Random) -> EventDraft {
    let (device, change) = (DeviceId(1), "added".to_owned());
    EventDraft::new(
        AuditEvent::DeviceChanged {
            person,
            device,
            day: TODAY,
            change,
        },
        random,
    )
}

/// The event of a change to a 网证.
pub(crate) fn wangzheng_changed(person: PersonId, random: &dyn Random) -> EventDraft {
    let (to, reason) = ("locked".to_owned(), "locked_by_person".to_owned());
    EventDraft::new(
        AuditEvent::WangzhengChanged {
            person,
            day: TODAY,
            to,
            reason,
        },
        random,
    )
}

/// The event of an attempt at the 口令.
pub(crate) fn pin_attempted(person: PersonId, random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::PinAttempted { person, day: TODAY }, random)
}

/// An attempt at the 口令 of a row.
pub(crate) fn pin_attempt(row: &PinRow, right: bool, now: Timestamp) -> PinAttempt {
    PinAttempt {
        person: row.person,
        compared_with: row.sealed_digest.clone(),
        right,
        now,
    }
}

/// The event of a new 口令.
pub(crate) fn pin_replaced(person: PersonId, random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::PinReplaced { person, day: TODAY }, random)
}

/// The event of a consent.
pub(crate) fn consent_changed(person: PersonId, random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::ConsentChanged { person, day: TODAY }, random)
}

/// The event of one side of a link.
pub(crate) fn guardian_link_changed(person: PersonId, random: &dyn Random) -> EventDraft {
    let (day, change) = (TODAY, "linked".to_owned());
    let event = AuditEvent::GuardianLinkChanged {
        person,
        day,
        change,
    };
    EventDraft::new(event, random)
}

/// The event of a standing consent.
pub(crate) fn standing_consent_changed(person: PersonId, random: &dyn Random) -> EventDraft {
    let (day, change) = (TODAY, "given".to_owned());
    let event = AuditEvent::StandingConsentChanged {
        person,
        day,
        change,
    };
    EventDraft::new(event, random)
}

/// The event of a refused request.
pub(crate) fn refused(person: PersonId, random: &dyn Random) -> EventDraft {
    EventDraft::new(
        AuditEvent::VerificationRefused { person, day: TODAY },
        random,
    )
}

/// The event of a hand-over.
pub(crate) fn handover_changed(random: &dyn Random) -> EventDraft {
    EventDraft::new(
        AuditEvent::HandoverChanged {
            minute: NOW.minute(),
        },
        random,
    )
}

/// The event of a reserved 网号.
pub(crate) fn wanghao_reserved(random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::WanghaoReserved { day: TODAY }, random)
}

/// The event of a 网号 that became a person's, or lapsed.
pub(crate) fn wanghao_settled(random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::WanghaoSettled { day: TODAY }, random)
}

/// An event of nobody.
pub(crate) fn key_changed(random: &dyn Random) -> EventDraft {
    let (key, change) = ("token-1".to_owned(), "rotated".to_owned());
    EventDraft::new(
        AuditEvent::KeyChanged {
            key,
            change,
            at: NOW,
        },
        random,
    )
}

/// A live hand-over.
pub(crate) fn handover(random: &dyn Random) -> HandoverRow {
    HandoverRow {
        digest: digest(random),
        version: 1,
        sealed: bytes(120, random),
        expires_at: NOW.plus(300),
    }
}

/// Applies for somebody.
pub(crate) async fn apply(store: &dyn Store, random: &dyn Random) -> (PersonId, DeviceId) {
    let (bucket, new) = new_person(random);
    let (person, device) = (new.person.person, new.device.device);
    let outcome = store.apply(bucket, new, applied(person, random)).await;
    assert_eq!(outcome.unwrap(), Applied::Applied);
    (person, device)
}

/// What the newest event of a bucket reached.
pub(crate) async fn last_outcome(store: &dyn Store, bucket: Bucket) -> String {
    let last = store.last_sequence(bucket).await.unwrap();
    let events = store.events(bucket, last, 1).await.unwrap();
    events[0].parse().unwrap().outcome
}
