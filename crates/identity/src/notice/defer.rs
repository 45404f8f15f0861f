//! Telling later: an emergency kept the service from telling at once; when it is over everybody is told, and a deadline
//! alarms meanwhile (Art. 11(4), R11.4). Also what a legal request defers (R9.4).

use crypto::digest::Digest;
use crypto::keystore::SecretName;
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::{Bucket, PersonId, StaffLogin};
use crate::inbox::InboxNote;
use crate::person::PersonRow;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};

/// Why telling waits, and until when at the latest: a reference row without any person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// What keeps the service from telling, by name: `emergency-…`, a legal request's id.
    pub reason: String,
    /// To be lifted by then.
    pub due_at: Timestamp,
    /// Since when.
    pub opened_at: Timestamp,
    /// How many notices wait or waited.
    pub notices: u64,
    /// Lifted.
    pub lifted_at: Option<Timestamp>,
    /// By whom.
    pub lifted_by: Option<StaffLogin>,
}

impl Deferral {
    /// Whether it waits too long already: alarms.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.lifted_at.is_none() && now > self.due_at
    }
}

/// A notice that waits, in its person's bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredNotice {
    /// Whose.
    pub person: PersonId,
    /// 16 random bytes.
    pub id: [u8; 16],
    /// Keyed tag of the reason: the row does not say what the person has to do with.
    pub reason: Digest,
    /// The note, under the person's data key.
    pub sealed: Vec<u8>,
}

const LABEL: &[u8] = b"deferred-notice";
/// Rows read at once.
pub(crate) const AT_ONCE: u32 = 200;

/// How lifting went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifted {
    /// Notices that went into inboxes now.
    pub delivered: u64,
}

impl Service {
    /// Puts a note aside for a person because of `reason`, to be delivered when it is lifted, at the latest at `due`.
    /// Events: `deferral_changed`, then `inbox_note_deferred` in the person's bucket.
    pub async fn defer_notice(
        &self,
        person: &PersonRow,
        note: &InboxNote,
        reason: &str,
        due: Timestamp,
    ) -> Result<(), Fault> {
        // 1. The deferral, counted: a name and a deadline for the operators, no person.
        let event = self.deferral_changed(reason, "deferred");
        let now = self.now();
        self.store.count_deferral(reason, due, now, event).await?;
        // 2. The note, sealed, in the person's bucket.
        let id: [u8; 16] = random::array(self.random());
        let plain = serde_json::to_vec(note).map_err(|_| Fault::Invariant("inbox note"))?;
        let data_key = self.data_key(person)?;
        let sealed = data_key.seal(&place(&person.person, &id), &plain, self.random());
        let row = DeferredNotice {
            person: person.person,
            id,
            reason: self.reason_tag(reason)?,
            sealed: sealed.map_err(|_| Fault::Invariant("seal"))?,
        };
        let event = AuditEvent::InboxNoteDeferred {
            person: person.person,
            day: now.day(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self.store.defer_notice(row, event).await?)
    }

    /// The emergency is over: everybody is told at once. Begun again after a stop, it goes on where it was.
    pub async fn lift_notices(&self, reason: &str, by: &StaffLogin) -> Result<Lifted, Fault> {
        let tag = self.reason_tag(reason)?;
        let mut delivered = 0;
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            loop {
                let rows = self.store.deferred_notices(bucket, &tag, AT_ONCE).await?;
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    self.deliver(row).await?;
                    delivered += 1;
                }
            }
        }
        let event = self.deferral_changed(reason, "lifted");
        self.store
            .lift_deferral(reason, by, self.now(), event)
            .await?;
        Ok(Lifted { delivered })
    }

    /// What waits and what waits too long, newest first: the operators' list and the alarm.
    pub async fn deferrals(&self) -> Result<Vec<Deferral>, Fault> {
        let mut deferrals = self.store.deferrals().await?;
        deferrals.sort_by_key(|deferral| std::cmp::Reverse(deferral.opened_at));
        Ok(deferrals)
    }

    async fn deliver(&self, row: DeferredNotice) -> Result<(), Fault> {
        let day = self.now().day();
        let event =
            |person| EventDraft::new(AuditEvent::InboxNotePut { person, day }, self.random());
        // Who left meanwhile has no key any more, and nobody to be told.
        let Some(person) = self.store.person(row.person).await? else {
            let event = event(row.person);
            return Ok(self.store.deliver_deferred(row, None, event).await?);
        };
        let plain = self
            .data_key(&person)?
            .open(&place(&row.person, &row.id), &row.sealed)
            .map_err(|_| Fault::Invariant("a deferred notice does not open"))?;
        let note: InboxNote =
            serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a deferred notice"))?;
        let entry: InboxEntry = self.inbox_entry(&person, &note, serde_json::json!({}))?;
        let event = event(row.person);
        Ok(self.store.deliver_deferred(row, Some(entry), event).await?)
    }

    fn reason_tag(&self, reason: &str) -> Result<Digest, Fault> {
        Ok(self
            .keys()
            .mac(SecretName::Tag, &[LABEL, reason.as_bytes()])?)
    }

    fn deferral_changed(&self, reason: &str, change: &str) -> EventDraft {
        let event = AuditEvent::DeferralChanged {
            reason: reason.to_owned(),
            change: change.to_owned(),
            at: self.now(),
        };
        EventDraft::new(event, self.random())
    }
}

fn place<'a>(person: &'a PersonId, id: &'a [u8; 16]) -> [&'a [u8]; 4] {
    [LABEL, b"note", person.as_bytes(), id]
}
