//! Which rows of a bucket may be missing: those that a tombstone names, which is a leaf itself (C6, R9.5).

use super::window::readable;
use crate::audit::{AuditEvent, EventRow, Removed, Sequences};
use crate::id::Bucket;
use crate::log::LogStore;
use crate::store::{AuditStore, StoreError};

const PAGE: u32 = 512;

/// What the tombstones of one bucket name.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Event rows, by tombstones that a signed head covers.
    pub(super) events: Sequences,
    /// Sealed receipts, by such tombstones.
    pub(super) receipts: Sequences,
    /// Both, by tombstones that no signed head covers yet: they excuse nothing, or who has the file could
    /// excuse anything.
    pub(super) unsigned: Sequences,
}

impl Named {
    /// Reads the tombstones of a bucket. One comes after the rows it names, so the search begins at the
    /// first missing one.
    pub(super) async fn read<S: AuditStore + LogStore + ?Sized>(
        store: &S,
        bucket: Bucket,
        from: u64,
        tree_size: u64,
    ) -> Result<Self, StoreError> {
        let mut named = Self::default();
        let mut next = from;
        loop {
            // A row that cannot be read is named by the walk; behind it the search goes on.
            let Some(rows) = readable(store.events(bucket, next, PAGE).await)? else {
                next += 1;
                if next > store.last_sequence(bucket).await? {
                    return Ok(named);
                }
                continue;
            };
            let Some(last) = rows.last() else {
                return Ok(named);
            };
            next = last.sequence + 1;
            for row in &rows {
                named.take(store, row, tree_size).await?;
            }
        }
    }

    async fn take<S: AuditStore + LogStore + ?Sized>(
        &mut self,
        store: &S,
        row: &EventRow,
        tree_size: u64,
    ) -> Result<(), StoreError> {
        let Some(body) = row.parse() else {
            return Ok(());
        };
        let AuditEvent::RowsRemoved {
            what, sequences, ..
        } = body.event
        else {
            return Ok(());
        };
        // It names earlier rows of its own bucket, nothing else.
        let own = body.bucket == row.bucket && body.sequence == row.sequence;
        if !own || sequences.ranges().any(|(_, last)| last >= row.sequence) {
            return Ok(());
        }
        let leaf = readable(store.leaf_of(&row.leaf().commitment).await)?.flatten();
        let signed = leaf.is_some_and(|at| at.leaf == row.leaf() && at.index < tree_size);
        match (signed, what) {
            (false, _) => self.unsigned.join(&sequences),
            (true, Removed::Events) => self.events.join(&sequences),
            (true, Removed::Receipts) => self.receipts.join(&sequences),
        }
        Ok(())
    }
}
