//! Audit events: no write without one (design §3, idea 1; C6, R12.1).
//!
//! Every writing verb of the store takes an [`EventDraft`] and keeps it, with the outcome the verb
//! reached, in the same transaction as the change. Events of a person carry the *day* and name no
//! platform (C1); acts of staff and of the service carry the second.

use crypto::digest::{Digest, sm3};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

use crate::clock::{Day, Timestamp};
use crate::id::{Bucket, ClientId, DeviceId, NoticeId, PersonId, PlatformId};
use crate::log::Leaf;

/// What happened, with typed fields. It never holds a name, a number, a date of birth or a 网号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AuditEvent {
    /// A 网号 was set aside for an application under way.
    WanghaoReserved {
        /// When.
        day: Day,
    },
    /// A set-aside 网号 became a person's, or lapsed.
    WanghaoSettled {
        /// When.
        day: Day,
    },
    /// A person applied for 网号 and 网证 (Art. 4).
    PersonApplied {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
        /// Digests of the notice versions consented to (R9.2).
        notices: Vec<Digest>,
    },
    /// A consent was given or withdrawn (R9.2).
    ConsentChanged {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A platform's request was taken: approved or refused by whoever came first (B2).
    RequestTaken {
        /// The minute; no person, no platform.
        minute: Timestamp,
    },
    /// A code was exchanged for a result (Art. 5, 8(1)).
    Verified {
        /// Who.
        person: PersonId,
        /// When; the exact time is in the receipt alone (C1).
        day: Day,
    },
    /// A person refused a request; the receipt of it is the person's alone.
    VerificationRefused {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// One attempt at the 口令 was spent or given back.
    PinAttempted {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// The 口令 was replaced after the document check (P-recovery).
    PinReplaced {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// The 网证 changed its state (R2.2).
    WangzhengChanged {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
        /// The state it came to, by its name.
        to: String,
        /// Why, by the name of the reason (C3).
        reason: String,
    },
    /// A device was added, activated or removed.
    DeviceChanged {
        /// Whose.
        person: PersonId,
        /// Which.
        device: DeviceId,
        /// When.
        day: Day,
        /// What: `added`, `recovered`, `removed`.
        change: String,
    },
    /// A short-lived hand-over between two devices was opened, advanced or picked up.
    HandoverChanged {
        /// The minute.
        minute: Timestamp,
    },
    /// A platform was registered or changed (Art. 7).
    PlatformChanged {
        /// Which.
        platform: PlatformId,
        /// The apps it has now.
        clients: Vec<ClientId>,
        /// When.
        at: Timestamp,
    },
    /// A notice version was published (Art. 11).
    NoticePublished {
        /// Which.
        notice: NoticeId,
        /// Its digest.
        digest: Digest,
        /// When.
        at: Timestamp,
    },
    /// A key was made, rotated or retired (C6).
    KeyChanged {
        /// Key id or name of the key; never the key.
        key: String,
        /// What: `created`, `rotated`, `root_rotated`.
        change: String,
        /// When.
        at: Timestamp,
    },
}

impl AuditEvent {
    /// The person the event is about, if any.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::PersonApplied { person, .. }
            | Self::ConsentChanged { person, .. }
            | Self::Verified { person, .. }
            | Self::VerificationRefused { person, .. }
            | Self::PinAttempted { person, .. }
            | Self::PinReplaced { person, .. }
            | Self::WangzhengChanged { person, .. }
            | Self::DeviceChanged { person, .. } => Some(*person),
            _ => None,
        }
    }

    /// The day of an event of a person; other events carry a moment or a minute.
    pub fn day(&self) -> Option<Day> {
        match self {
            Self::WanghaoReserved { day }
            | Self::WanghaoSettled { day }
            | Self::PersonApplied { day, .. }
            | Self::ConsentChanged { day, .. }
            | Self::Verified { day, .. }
            | Self::VerificationRefused { day, .. }
            | Self::PinAttempted { day, .. }
            | Self::PinReplaced { day, .. }
            | Self::WangzhengChanged { day, .. }
            | Self::DeviceChanged { day, .. } => Some(*day),
            _ => None,
        }
    }
}

/// The bucket in which events about a reference row (a platform, a notice) are kept: of the digest of
/// its id. It has nothing to do with any person's.
pub fn reference_bucket(id: &str) -> Bucket {
    Bucket::of(&sm3(&[b"wangzheng-reference", id.as_bytes()]))
}

/// An event on its way into a verb, with the salt of its leaf.
#[derive(Debug, Clone)]
pub struct EventDraft {
    /// What is to happen.
    pub event: AuditEvent,
    /// 32 random bytes: without them nobody can tell whose leaf it is.
    pub salt: [u8; 32],
}

impl EventDraft {
    /// An event with a fresh salt.
    pub fn new(event: AuditEvent, random: &dyn Random) -> Self {
        Self {
            event,
            salt: random::array(random),
        }
    }

    /// The commitment a receipt carries so that its holder can find the leaf.
    pub fn commitment(&self) -> Digest {
        Leaf::commitment_of(&self.salt)
    }
}

/// An event as it is stored: the canonical bytes, and the leaf they make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Where.
    pub bucket: Bucket,
    /// Gapless within the bucket, from 1.
    pub sequence: u64,
    /// The person the event is about; also inside `body`.
    pub person: Option<PersonId>,
    /// Canonical JSON of [`EventBody`].
    pub body: Vec<u8>,
    /// The salt of the leaf.
    pub salt: [u8; 32],
    /// Digest of the sealed receipt stored with the event, or zeros.
    pub receipt: Digest,
}

/// What [`EventRow::body`] spells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBody {
    /// Bucket number.
    pub bucket: Bucket,
    /// Sequence within the bucket.
    pub sequence: u64,
    /// What the verb reached, by its name: `done`, `replayed`, `already_taken` …
    pub outcome: String,
    /// What happened.
    #[serde(flatten)]
    pub event: AuditEvent,
}

impl EventRow {
    /// Seals a draft into the row a backend writes. Both backends call this inside the
    /// transaction, when sequence and outcome are known.
    pub fn seal(
        draft: &EventDraft,
        bucket: Bucket,
        sequence: u64,
        outcome: &str,
        sealed_receipt: Option<&[u8]>,
    ) -> Self {
        let body = EventBody {
            bucket,
            sequence,
            outcome: outcome.to_owned(),
            event: draft.event.clone(),
        };
        Self {
            bucket,
            sequence,
            person: draft.event.person(),
            // Plain structs of strings and numbers always serialise.
            body: serde_json::to_vec(&body).unwrap_or_default(),
            salt: draft.salt,
            receipt: sealed_receipt.map_or(Digest([0; 32]), |sealed| sm3(&[sealed])),
        }
    }

    /// The leaf of this row in the public log.
    pub fn leaf(&self) -> Leaf {
        Leaf::new(&self.salt, &sm3(&[&self.body]), &self.receipt)
    }

    /// The body, read back. `None` when it is not what [`EventRow::seal`] wrote.
    pub fn parse(&self) -> Option<EventBody> {
        serde_json::from_slice(&self.body).ok()
    }
}
