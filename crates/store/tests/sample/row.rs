//! Rows of an invented person, and what happens to one most often.

use crypto::digest::Digest;
use crypto::random::{self, Random};
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::{Day, Timestamp};
use identity::consent::{ConsentKind, ConsentRow};
use identity::device::{DeviceCurve, DeviceRow};
use identity::id::{Bucket, DeviceId, PersonId};
use identity::person::{NewPerson, PersonRow, RecoveryWrap};
use identity::pin::{ATTEMPTS, PinRow};
use identity::receipt::InboxEntry;
use identity::verification::Redemption;
use identity::wangzheng::{WangzhengRow, WangzhengState};

/// The moment everything happens at unless a test says otherwise.
pub(crate) const NOW: Timestamp = Timestamp(1_795_276_800);
/// Its day.
pub(crate) const TODAY: Day = Day(20_779);

/// A random digest.
pub(crate) fn digest(random: &dyn Random) -> Digest {
    Digest(random::array(random))
}

/// Random bytes, a number of them.
pub(crate) fn bytes(length: usize, random: &dyn Random) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
}

/// All of an application, in the bucket of its holder.
pub(crate) fn new_person(random: &dyn Random) -> (Bucket, NewPerson) {
    new_person_of(digest(random), random)
}

/// The application of a holder.
pub(crate) fn new_person_of(holder: Digest, random: &dyn Random) -> (Bucket, NewPerson) {
    let bucket = Bucket::of(&holder);
    let person = PersonId::generate(bucket, random);
    let new = NewPerson {
        person: PersonRow {
            person,
            holder,
            wrapped_data_key: bytes(44, random),
            sealed_record: bytes(300, random),
            generation: 0,
            history_key: bytes(65, random),
            recovery: Some(RecoveryWrap {
                wrap: bytes(110, random),
                proof: digest(random),
            }),
            applied_on: TODAY,
        },
        documents: vec![digest(random)],
        wangzheng: WangzhengRow {
            person,
            serial: 1,
            state: WangzhengState::Active,
            issued_on: TODAY,
            valid_until: TODAY.plus(3650),
            suspended_for: None,
            locked_under: false,
            restricted_on: None,
            ends_with_document: true,
            document_checked_on: TODAY,
            waiting: None,
        },
        device: device(person, random),
        pin: PinRow {
            person,
            sealed_digest: bytes(60, random),
            attempts_left: ATTEMPTS,
            locked_until: None,
            locks: 0,
        },
        consents: vec![
            consent(person, ConsentKind::General, random),
            consent(person, ConsentKind::Separate, random),
        ],
        minor: None,
    };
    (bucket, new)
}

/// A device of a person.
pub(crate) fn device(person: PersonId, random: &dyn Random) -> DeviceRow {
    DeviceRow {
        person,
        device: DeviceId::generate(random),
        signing_key: bytes(65, random),
        curve: DeviceCurve::P256,
        agreement_key: bytes(65, random),
        sealed_name: bytes(48, random),
        history_wrap: bytes(110, random),
        added_on: TODAY,
        active_from: NOW,
    }
}

/// A consent of a person.
pub(crate) fn consent(person: PersonId, kind: ConsentKind, random: &dyn Random) -> ConsentRow {
    ConsentRow {
        person,
        tag: digest(random),
        kind,
        notice: digest(random),
        given_on: TODAY,
        withdrawn_on: None,
        sealed: bytes(40, random),
    }
}

/// The event of an application.
pub(crate) fn applied(person: PersonId, random: &dyn Random) -> EventDraft {
    let event = AuditEvent::PersonApplied {
        person,
        day: TODAY,
        notices: vec![digest(random)],
    };
    EventDraft::new(event, random)
}

/// The event of a redemption.
pub(crate) fn verified(person: PersonId, random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::Verified { person, day: TODAY }, random)
}

/// The event of a taken request.
pub(crate) fn request_taken(random: &dyn Random) -> EventDraft {
    EventDraft::new(
        AuditEvent::RequestTaken {
            minute: NOW.minute(),
        },
        random,
    )
}

/// A receipt as long as a sealed one is.
pub(crate) fn inbox_entry(person: PersonId, random: &dyn Random) -> InboxEntry {
    InboxEntry {
        person,
        day: TODAY,
        sealed: bytes(2130, random),
    }
}

/// A code on its way to be redeemed.
pub(crate) fn redemption(person: PersonId, random: &dyn Random) -> Redemption {
    Redemption {
        code: digest(random),
        person,
        today: TODAY,
        expires_at: NOW.plus(600),
        receipt: inbox_entry(person, random),
    }
}
