//! Audit events: no write without one (design §3, idea 1; C6, R12.1).
//!
//! Every writing verb of the store takes an [`EventDraft`] and keeps it, with the outcome the verb
//! reached, in the same transaction as the change. Events of a person carry the *day* and name no
//! platform (C1); acts of staff and of the service carry the second.

use crypto::digest::{Digest, sm3};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

use crate::clock::Day;
use crate::id::{Bucket, PersonId};
use crate::log::Leaf;

mod about;
mod event;
mod sequences;

pub use event::AuditEvent;
pub use sequences::{Removed, RemovedBy, Sequences};

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

    /// The same, naming which rows went: a backend calls it inside the transaction that removes them (C6).
    #[must_use]
    pub fn naming(mut self, removed: Sequences) -> Self {
        if let AuditEvent::RowsRemoved { sequences, .. } = &mut self.event {
            *sequences = removed;
        }
        self
    }

    /// The same about nobody: a backend stores it instead when the person is not there (any more), so that what comes
    /// late, such as a code in flight, brings nobody back (R9.5).
    #[must_use]
    pub fn of_somebody_gone(&self) -> Self {
        Self {
            event: AuditEvent::PersonGone {
                day: self.event.day().unwrap_or(Day(0)),
            },
            salt: self.salt,
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
