//! A store of events and of the log in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use crypto::digest::Digest;

use super::{Epoch, IndexedLeaf, Integration, LogStore, PendingLeaf, StoredCheckpoint, StoredTile};
use crate::audit::{EventDraft, EventRow};
use crate::id::{Bucket, PersonId};
use crate::receipt::{InboxEntry, SealedReceipt};
use crate::store::{AuditStore, StoreError};

/// The tables, open to tests that tamper with them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tables {
    pub(crate) events: BTreeMap<(Bucket, u64), EventRow>,
    pub(crate) last_sequences: BTreeMap<Bucket, u64>,
    pub(crate) receipts: BTreeMap<(Bucket, u64), SealedReceipt>,
    pub(crate) pending: Vec<PendingLeaf>,
    pub(crate) leaves: BTreeMap<u64, IndexedLeaf>,
    pub(crate) tiles: BTreeMap<(u8, u64), StoredTile>,
    pub(crate) checkpoints: BTreeMap<u64, String>,
    /// The next epoch finds that another one was faster.
    pub(crate) overtaken: bool,
}

#[derive(Debug, Default)]
pub(crate) struct FakeStore(Mutex<Tables>);

impl FakeStore {
    pub(crate) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap()
    }

    /// What every writing verb does with its event.
    pub(crate) fn put(
        &self,
        bucket: Bucket,
        draft: &EventDraft,
        entry: Option<InboxEntry>,
    ) -> EventRow {
        let mut tables = self.tables();
        let last = tables.last_sequences.entry(bucket).or_default();
        *last += 1;
        let sequence = *last;
        let sealed = entry.as_ref().map(|entry| &entry.sealed[..]);
        let row = EventRow::seal(draft, bucket, sequence, "done", sealed);
        tables.events.insert((bucket, sequence), row.clone());
        tables.pending.push(PendingLeaf {
            bucket,
            sequence,
            leaf: row.leaf(),
        });
        if let Some(InboxEntry {
            person,
            day,
            sealed,
        }) = entry
        {
            tables.receipts.insert(
                (bucket, sequence),
                SealedReceipt {
                    sequence,
                    person,
                    day,
                    sealed,
                },
            );
        }
        row
    }
}

#[async_trait]
impl AuditStore for FakeStore {
    async fn record(&self, bucket: Bucket, event: EventDraft) -> Result<(), StoreError> {
        self.put(bucket, &event, None);
        Ok(())
    }

    async fn events(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        let tables = self.tables();
        let rows = tables.events.range((bucket, from)..=(bucket, u64::MAX));
        Ok(rows
            .take(limit as usize)
            .map(|(_, row)| row.clone())
            .collect())
    }

    async fn last_sequence(&self, bucket: Bucket) -> Result<u64, StoreError> {
        Ok(self
            .tables()
            .last_sequences
            .get(&bucket)
            .copied()
            .unwrap_or(0))
    }

    async fn sealed_receipts(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<SealedReceipt>, StoreError> {
        let tables = self.tables();
        let rows = tables.receipts.range((bucket, from)..=(bucket, u64::MAX));
        Ok(rows
            .take(limit as usize)
            .map(|(_, row)| row.clone())
            .collect())
    }

    async fn events_of(&self, person: PersonId, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        let tables = self.tables();
        let rows = tables
            .events
            .values()
            .rev()
            .filter(|row| row.person == Some(person));
        Ok(rows.take(limit as usize).cloned().collect())
    }
}

#[async_trait]
impl LogStore for FakeStore {
    async fn pending_leaves(&self, limit: u32) -> Result<Vec<PendingLeaf>, StoreError> {
        Ok(self
            .tables()
            .pending
            .iter()
            .take(limit as usize)
            .copied()
            .collect())
    }

    async fn tree_size(&self) -> Result<u64, StoreError> {
        Ok(self
            .tables()
            .checkpoints
            .keys()
            .last()
            .copied()
            .unwrap_or(0))
    }

    async fn integrate(&self, epoch: Epoch) -> Result<Integration, StoreError> {
        let size = self.tree_size().await?;
        let mut tables = self.tables();
        if size != epoch.first_index || tables.overtaken {
            tables.overtaken = false;
            return Ok(Integration::Overtaken);
        }
        for (
            index,
            PendingLeaf {
                bucket,
                sequence,
                leaf,
            },
        ) in (size..).zip(&epoch.leaves)
        {
            tables
                .pending
                .retain(|waiting| (waiting.bucket, waiting.sequence) != (*bucket, *sequence));
            tables
                .leaves
                .insert(index, IndexedLeaf { index, leaf: *leaf });
        }
        for tile in epoch.tiles {
            tables.tiles.insert((tile.level, tile.index), tile);
        }
        tables
            .checkpoints
            .insert(size + epoch.leaves.len() as u64, epoch.checkpoint);
        Ok(Integration::Integrated)
    }

    async fn tile(&self, level: u8, index: u64) -> Result<Option<StoredTile>, StoreError> {
        Ok(self.tables().tiles.get(&(level, index)).cloned())
    }

    async fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        Ok(self.tables().checkpoints.values().last().cloned())
    }

    async fn checkpoints(
        &self,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        let tables = self.tables();
        let rows = tables.checkpoints.range(from_size..).take(limit as usize);
        Ok(rows
            .map(|(size, text)| StoredCheckpoint {
                tree_size: *size,
                text: text.clone(),
            })
            .collect())
    }

    async fn leaf_of(&self, commitment: &Digest) -> Result<Option<IndexedLeaf>, StoreError> {
        Ok(self
            .tables()
            .leaves
            .values()
            .find(|row| row.leaf.commitment == *commitment)
            .copied())
    }

    async fn leaves(&self, from_index: u64, limit: u32) -> Result<Vec<IndexedLeaf>, StoreError> {
        let tables = self.tables();
        Ok(tables
            .leaves
            .range(from_index..)
            .take(limit as usize)
            .map(|(_, row)| *row)
            .collect())
    }

    async fn tiles(
        &self,
        level: u8,
        from_index: u64,
        limit: u32,
    ) -> Result<Vec<StoredTile>, StoreError> {
        let tables = self.tables();
        let rows = tables.tiles.range((level, from_index)..=(level, u64::MAX));
        Ok(rows
            .take(limit as usize)
            .map(|(_, tile)| tile.clone())
            .collect())
    }

    async fn pending_in(
        &self,
        bucket: Bucket,
        from: u64,
        limit: u32,
    ) -> Result<Vec<PendingLeaf>, StoreError> {
        let tables = self.tables();
        let mut rows: Vec<_> = tables
            .pending
            .iter()
            .filter(|row| row.bucket == bucket && row.sequence >= from)
            .copied()
            .collect();
        rows.sort_unstable_by_key(|row| row.sequence);
        rows.truncate(limit as usize);
        Ok(rows)
    }
}
