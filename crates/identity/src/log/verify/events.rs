//! Event rows and sealed receipts, bucket by bucket, each against its leaf.

use std::ops::RangeInclusive;

use super::beyond::verify_bucket_end;
use super::columns::verify_columns;
use super::removed::Named;
use super::window::{Place, places, readable};
use super::{Report, Subject};
use crate::audit::EventRow;
use crate::id::Bucket;
use crate::log::{IndexedLeaf, Leaf, LogStore};
use crate::receipt::SealedReceipt;
use crate::store::{AuditStore, StoreError};
use crypto::digest::{Digest, sm3};

const PAGE: u64 = 512;
/// What an event row holds when no receipt belongs to it.
const NO_RECEIPT: Digest = Digest([0; 32]);

/// Said of a row that only a fresh tombstone names.
pub(super) const NOT_SIGNED_YET: &str = "row is missing, and the tombstone that names it is under no signed head yet; \
     let the service run for a second and verify again";

/// Goes through the buckets and remembers, one bit each, which leaves have an event.
pub(super) struct Events<'a, S: ?Sized> {
    store: &'a S,
    size: u64,
    owned: Vec<u64>,
    /// What the tombstones of the bucket under way name; read when its first row is missing.
    named: Option<Named>,
    /// Rows that are gone by right and whose leaf is in the tree.
    excused: u64,
}

impl<'a, S: AuditStore + LogStore + ?Sized> Events<'a, S> {
    /// For a tree of `size` leaves.
    pub(super) fn new(store: &'a S, size: u64) -> Self {
        let words = usize::try_from(size.div_ceil(64)).unwrap_or(0);
        Self {
            store,
            size,
            owned: vec![0; words],
            named: None,
            excused: 0,
        }
    }

    /// Checks all rows of one bucket, up to the sequence it has now.
    pub(super) async fn verify_bucket(
        &mut self,
        bucket: Bucket,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let last = self.store.last_sequence(bucket).await?;
        let removed_before = report.counts.removed;
        self.named = None;
        let mut next = 1;
        while next <= last {
            let end = last.min(next.saturating_add(PAGE - 1));
            let found = self.verify_window(bucket, next..=end, report).await?;
            next = end + 1;
            if !found && next <= last {
                next = self.skip_gap(bucket, next..=last, report).await?;
            }
        }
        let removed = report.counts.removed - removed_before;
        if removed > 0 {
            self.excused += removed - self.waiting_of_removed(bucket).await?;
        }
        verify_bucket_end(self.store, bucket, last, report).await
    }

    /// After the last bucket: leaves that no event has. A row may only go when its going is a leaf
    /// itself (R9.5); which leaf was its, nobody can say any more, so they are counted.
    pub(super) fn finish(self, report: &mut Report) {
        let unowned = |index: &u64| self.owned[(index / 64) as usize] >> (index % 64) & 1 == 0;
        let bare: u64 = (0..self.size).filter(unowned).count() as u64;
        if bare == self.excused {
            return;
        }
        if self.excused == 0 {
            for index in (0..self.size).filter(unowned) {
                if !is_named(report, index) {
                    report.add(Subject::Leaf(index), "no event row has it");
                }
            }
        } else {
            let first = (0..self.size).find(unowned).unwrap_or(self.size);
            let problem = format!(
                "it and others, {bare} leaves in all, have no event row; tombstones name {} rows that had one",
                self.excused
            );
            report.add(Subject::Leaf(first), problem);
        }
    }

    /// How many rows that are gone by right still wait for the tree: no leaf there is theirs yet.
    async fn waiting_of_removed(&self, bucket: Bucket) -> Result<u64, StoreError> {
        let Some(named) = &self.named else {
            return Ok(0);
        };
        let (mut waiting, mut next) = (0, 1);
        loop {
            let page = self.store.pending_in(bucket, next, 512).await;
            let page = readable(page)?.unwrap_or_default();
            let Some(last) = page.last() else {
                return Ok(waiting);
            };
            next = last.sequence + 1;
            let gone = page
                .iter()
                .filter(|row| named.events.contains(row.sequence));
            waiting += gone.count() as u64;
        }
    }

    /// What the tombstones of a bucket name, read once.
    async fn named(&mut self, bucket: Bucket, from: u64) -> Result<&Named, StoreError> {
        if self.named.is_none() {
            self.named = Some(Named::read(self.store, bucket, from, self.size).await?);
        }
        Ok(self.named.get_or_insert_default())
    }

    /// Whether there was any row at all.
    async fn verify_window(
        &mut self,
        bucket: Bucket,
        range: RangeInclusive<u64>,
        report: &mut Report,
    ) -> Result<bool, StoreError> {
        let store = self.store;
        let events = places(
            range.clone(),
            |row: &EventRow| row.sequence,
            async |from, limit| store.events(bucket, from, limit).await,
        );
        let receipts = places(
            range,
            |row: &SealedReceipt| row.sequence,
            async |from, limit| store.sealed_receipts(bucket, from, limit).await,
        );
        let mut found = false;
        for ((sequence, event), (_, receipt)) in events.await?.into_iter().zip(receipts.await?) {
            let receipt_subject = Subject::Receipt { bucket, sequence };
            report.counts.receipts += u64::from(matches!(receipt, Place::Row(_)));
            found |= event != Place::Missing;
            match (event, &receipt) {
                (Place::Row(event), receipt) => {
                    report.counts.events += 1;
                    if *receipt == Place::Unreadable {
                        report.add(receipt_subject, "cannot be read");
                    }
                    self.verify_event(&event, receipt, report).await?;
                }
                (gone, receipt) => {
                    let problem = match self.why_gone(&gone, bucket, sequence).await? {
                        Some(problem) => problem,
                        // R9.5: a tombstone in the log names it.
                        None if *receipt == Place::Missing => {
                            report.counts.removed += 1;
                            continue;
                        }
                        None => "row is missing",
                    };
                    report.add(Subject::Event { bucket, sequence }, problem);
                    if *receipt != Place::Missing {
                        report.add(receipt_subject, "has no event");
                    }
                }
            }
        }
        Ok(found)
    }

    /// What is wrong with a row that is not there; `None` when it is gone by right.
    async fn why_gone(
        &mut self,
        gone: &Place<EventRow>,
        bucket: Bucket,
        sequence: u64,
    ) -> Result<Option<&'static str>, StoreError> {
        if *gone != Place::Missing {
            return Ok(Some("row cannot be read"));
        }
        let named = self.named(bucket, sequence).await?;
        Ok(if named.events.contains(sequence) {
            None
        } else if named.unsigned.contains(sequence) {
            Some(NOT_SIGNED_YET)
        } else {
            Some("row is missing")
        })
    }

    /// One event row with its receipt.
    async fn verify_event(
        &mut self,
        event: &EventRow,
        receipt: &Place<SealedReceipt>,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let EventRow {
            bucket, sequence, ..
        } = *event;
        let subject = Subject::Event { bucket, sequence };
        verify_columns(event, receipt, report);
        let sealed = match receipt {
            Place::Row(receipt) => sm3(&[&receipt.sealed]),
            _ => NO_RECEIPT,
        };
        match self.leaf_of(event, report).await? {
            Found::InTree(found) if is_named(report, found.index) => {}
            Found::InTree(found) if found.leaf != event.leaf() => {
                let IndexedLeaf { index, leaf } = found;
                let with_stored_receipt = Leaf::new(&event.salt, &sm3(&[&event.body]), &sealed);
                let what = if with_stored_receipt == leaf {
                    "digest of the receipt"
                } else {
                    "body"
                };
                report.add(
                    subject,
                    format!("{what} does not match its leaf (leaf {index})"),
                );
                // The digest in the row is not what was logged: it says nothing about the receipt.
                return Ok(());
            }
            Found::InTree(_) | Found::Waiting => {}
            Found::Nowhere => {
                report.add(
                    subject,
                    "salt is that of no leaf in the log, and it does not wait for it",
                );
            }
        }
        if sealed != event.receipt {
            let problem = match (receipt, event.receipt == NO_RECEIPT) {
                (Place::Row(_), true) => "belongs to an event that has none",
                (Place::Row(_), false) => "does not match the digest in its event",
                // R9.1: its time was over, and a tombstone in the log says so.
                (Place::Missing, _)
                    if self
                        .named(bucket, sequence)
                        .await?
                        .receipts
                        .contains(sequence) =>
                {
                    return Ok(());
                }
                (Place::Missing, _) => "is missing",
                (Place::Unreadable, _) => return Ok(()),
            };
            report.add(Subject::Receipt { bucket, sequence }, problem);
        }
        Ok(())
    }

    /// Where the leaf of an event is.
    async fn leaf_of(
        &mut self,
        event: &EventRow,
        report: &mut Report,
    ) -> Result<Found, StoreError> {
        let EventRow {
            bucket, sequence, ..
        } = *event;
        let subject = Subject::Event { bucket, sequence };
        let commitment = Leaf::commitment_of(&event.salt);
        // What cannot be read there was named as a leaf.
        let mut found = readable(self.store.leaf_of(&commitment).await)?.flatten();
        if found.is_none() {
            let waiting = self.store.pending_in(bucket, sequence, 1).await;
            let waiting = readable(waiting)?.unwrap_or_default();
            if let Some(waiting) = waiting
                .first()
                .filter(|waiting| waiting.sequence == sequence)
            {
                report.counts.pending += 1;
                if waiting.leaf != event.leaf() {
                    report.add(subject, "does not match its leaf that waits for the log");
                }
                return Ok(Found::Waiting);
            }
            // It may have gone into the tree in between.
            found = readable(self.store.leaf_of(&commitment).await)?.flatten();
        }
        let Some(found) = found else {
            return Ok(Found::Nowhere);
        };
        if found.index < self.size {
            let word = &mut self.owned[(found.index / 64) as usize];
            let bit = 1 << (found.index % 64);
            if *word & bit != 0 {
                report.add(
                    subject,
                    format!("has the leaf of another event (leaf {})", found.index),
                );
            }
            *word |= bit;
        }
        Ok(Found::InTree(found))
    }

    /// A long gap is one finding; gives the number after it.
    async fn skip_gap(
        &mut self,
        bucket: Bucket,
        range: RangeInclusive<u64>,
        report: &mut Report,
    ) -> Result<u64, StoreError> {
        let (first, last) = range.into_inner();
        let after = readable(self.store.events(bucket, first, 1).await)?.unwrap_or_default();
        let after = after
            .first()
            .map_or(last + 1, |row| row.sequence.min(last + 1));
        if after > first {
            let gap = first..=after - 1;
            let missing = self.named(bucket, first).await?.events.missing_from(&gap);
            report.counts.removed += (after - first) - missing.count();
            for (first, last) in missing.ranges() {
                let subject = Subject::Event {
                    bucket,
                    sequence: first,
                };
                let problem =
                    format!("row is missing, or cannot be read, and so on to event {last}");
                report.add(subject, problem);
            }
        }
        Ok(after)
    }
}

enum Found {
    InTree(IndexedLeaf),
    Waiting,
    Nowhere,
}

/// Whether a leaf was found bad before; what hangs on it is not named again.
fn is_named(report: &Report, index: u64) -> bool {
    report
        .findings
        .iter()
        .any(|finding| finding.subject == Subject::Leaf(index))
}
