//! A store in a few maps: what each verb means, without a word about how it is kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::{EventDraft, EventRow};
use identity::clock::{Day, Timestamp};
use identity::consent::ConsentRow;
use identity::device::DeviceRow;
use identity::handover::HandoverRow;
use identity::id::{Bucket, DeviceId, PersonId};
use identity::log::{
    Epoch, IndexedLeaf, Integration, Leaf, LogStore, PendingLeaf, StoredCheckpoint, StoredTile,
};
use identity::person::PersonRow;
use identity::pin::PinRow;
use identity::receipt::{InboxEntry, ReceiptRow, ReceiptStore, SealedReceipt};
use identity::store::{AuditStore, StoreError};
use identity::wangzheng::WangzhengRow;

mod person;
mod taken;

/// The store.
#[derive(Default)]
pub(super) struct Memory(Mutex<Maps>);

#[derive(Default)]
struct Maps {
    persons: BTreeMap<PersonId, PersonRow>,
    documents: BTreeMap<(Bucket, Digest), PersonId>,
    wangzheng: BTreeMap<PersonId, WangzhengRow>,
    devices: BTreeMap<(PersonId, DeviceId), DeviceRow>,
    pins: BTreeMap<PersonId, PinRow>,
    consents: BTreeMap<(PersonId, Digest, Digest), ConsentRow>,
    wanghao: BTreeMap<Digest, Wanghao>,
    requests: BTreeMap<Digest, (Option<Digest>, Timestamp)>,
    codes: BTreeMap<(Bucket, Digest), Code>,
    handovers: BTreeMap<Digest, HandoverRow>,
    events: BTreeMap<Bucket, Vec<EventRow>>,
    receipts: BTreeMap<(Bucket, u64), InboxEntry>,
}

enum Wanghao {
    Reserved(Day),
    Confirmed,
    Dead,
}

struct Code {
    person: PersonId,
    revoked: bool,
    expires_at: Timestamp,
}

impl Memory {
    /// Locks everything: one verb at a time.
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap()
    }
}

impl Maps {
    /// Stores an event with its outcome and receipt.
    fn record(
        &mut self,
        bucket: Bucket,
        event: &EventDraft,
        outcome: &str,
        receipt: Option<InboxEntry>,
    ) {
        let person = event.event.person();
        let gone = person.is_some_and(|person| !self.persons.contains_key(&person));
        if gone {
            // Nor does a row stay that the verb wrote of them a moment ago.
            self.devices.retain(|(of, _), _| Some(*of) != person);
            self.pins.retain(|of, _| Some(*of) != person);
            self.consents.retain(|(of, ..), _| Some(*of) != person);
            self.codes.retain(|_, code| Some(code.person) != person);
        }
        let (event, receipt) = if gone {
            (&event.of_somebody_gone(), None)
        } else {
            (event, receipt)
        };
        let rows = self.events.entry(bucket).or_default();
        let sequence = u64::try_from(rows.len()).unwrap() + 1;
        let sealed = receipt.as_ref().map(|entry| entry.sealed.as_slice());
        rows.push(EventRow::seal(event, bucket, sequence, outcome, sealed));
        self.receipts
            .extend(receipt.map(|entry| ((bucket, sequence), entry)));
    }

    fn rows(&self, bucket: Bucket, from_sequence: u64) -> impl Iterator<Item = &EventRow> {
        let rows = self.events.get(&bucket).map_or(&[][..], Vec::as_slice);
        rows.iter().filter(move |row| row.sequence >= from_sequence)
    }
}

fn pending(row: &EventRow) -> PendingLeaf {
    PendingLeaf {
        bucket: row.bucket,
        sequence: row.sequence,
        leaf: row.leaf(),
    }
}

fn most(limit: u32) -> usize {
    usize::try_from(limit).unwrap()
}

#[async_trait]
impl AuditStore for Memory {
    async fn record(&self, bucket: Bucket, event: EventDraft) -> Result<(), StoreError> {
        self.maps().record(bucket, &event, "done", None);
        Ok(())
    }

    async fn events(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        Ok(self
            .maps()
            .rows(bucket, from)
            .take(most(limit))
            .cloned()
            .collect())
    }

    async fn last_sequence(&self, bucket: Bucket) -> Result<u64, StoreError> {
        Ok(u64::try_from(self.maps().rows(bucket, 0).count()).unwrap())
    }

    async fn sealed_receipts(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<SealedReceipt>, StoreError> {
        let maps = self.maps();
        let of_bucket = maps.receipts.range((bucket, from)..=(bucket, u64::MAX));
        let sealed = |((_, sequence), entry): (&(Bucket, u64), &InboxEntry)| SealedReceipt {
            sequence: *sequence,
            person: entry.person,
            day: entry.day,
            sealed: entry.sealed.clone(),
        };
        Ok(of_bucket.take(most(limit)).map(sealed).collect())
    }

    async fn events_of(&self, person: PersonId, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        let maps = self.maps();
        let mut rows: Vec<EventRow> = maps
            .rows(person.bucket(), 0)
            .filter(|row| row.person == Some(person))
            .cloned()
            .collect();
        rows.reverse();
        rows.truncate(most(limit));
        Ok(rows)
    }
}

#[async_trait]
impl ReceiptStore for Memory {
    async fn put_receipt(&self, entry: InboxEntry, event: EventDraft) -> Result<(), StoreError> {
        self.maps()
            .record(entry.person.bucket(), &event, "done", Some(entry));
        Ok(())
    }

    async fn receipts(
        &self,
        person: PersonId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StoreError> {
        let (maps, bucket) = (self.maps(), person.bucket());
        let below = maps
            .receipts
            .range((bucket, 0)..(bucket, below.unwrap_or(u64::MAX)));
        let row = |((_, sequence), entry): (&(Bucket, u64), &InboxEntry)| ReceiptRow {
            sequence: *sequence,
            day: entry.day,
            sealed: entry.sealed.clone(),
            commitment: Leaf::commitment_of(&maps.rows(bucket, *sequence).next().unwrap().salt),
        };
        let of_person = below.rev().filter(|(_, entry)| entry.person == person);
        Ok(of_person.take(most(limit)).map(row).collect())
    }
}

/// The calls of the model test append nothing to the log: everything stays pending.
#[async_trait]
impl LogStore for Memory {
    async fn pending_leaves(&self, limit: u32) -> Result<Vec<PendingLeaf>, StoreError> {
        Ok(self
            .maps()
            .events
            .values()
            .flatten()
            .take(most(limit))
            .map(pending)
            .collect())
    }

    async fn pending_in(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<PendingLeaf>, StoreError> {
        Ok(self
            .maps()
            .rows(bucket, from)
            .take(most(limit))
            .map(pending)
            .collect())
    }

    async fn tree_size(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn integrate(&self, _: Epoch) -> Result<Integration, StoreError> {
        unimplemented!("the log has its own cases")
    }

    async fn tile(&self, _: u8, _: u64) -> Result<Option<StoredTile>, StoreError> {
        Ok(None)
    }

    async fn tiles(&self, _: u8, _: u64, _: u32) -> Result<Vec<StoredTile>, StoreError> {
        Ok(Vec::new())
    }

    async fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    async fn checkpoints(&self, _: u64, _: u32) -> Result<Vec<StoredCheckpoint>, StoreError> {
        Ok(Vec::new())
    }

    async fn leaf_of(&self, _: &Digest) -> Result<Option<IndexedLeaf>, StoreError> {
        Ok(None)
    }

    async fn leaves(&self, _: u64, _: u32) -> Result<Vec<IndexedLeaf>, StoreError> {
        Ok(Vec::new())
    }
}
