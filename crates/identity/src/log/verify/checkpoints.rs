//! Signatures of all stored heads, and the stream of them that goes beside the leaves.

use std::collections::VecDeque;

use super::{OnProgress, Progress, Report, Step, Subject};
use crate::log::checkpoint::Checkpoint;
use crate::log::keys::LogKeys;
use crate::log::{LogStore, StoredCheckpoint};
use crate::store::StoreError;

const PAGE: u32 = 256;

/// Verifies every stored head; gives the largest good one.
pub(super) async fn verify_signatures<S: LogStore + ?Sized>(
    store: &S,
    keys: &LogKeys,
    report: &mut Report,
    on_progress: OnProgress<'_>,
) -> Result<Option<Checkpoint>, StoreError> {
    let mut largest = None;
    let mut heads = Heads::new(store);
    while let Some(head) = heads.next(report).await? {
        report.counts.checkpoints += 1;
        let subject = Subject::Checkpoint(head.tree_size);
        match Checkpoint::verify(&head.text, keys) {
            Ok(signed) if signed.tree_size == head.tree_size => largest = Some(signed),
            Ok(signed) => report.add(subject, format!("names the size {}", signed.tree_size)),
            Err(error) => report.add(subject, error.to_string()),
        }
        let done = report.counts.checkpoints;
        on_progress(Progress {
            step: Step::Checkpoints,
            done,
            total: None,
        });
    }
    Ok(largest)
}

/// All stored heads by size, read page by page.
pub(super) struct Heads<'a, S: ?Sized> {
    store: &'a S,
    from_size: u64,
    page: VecDeque<StoredCheckpoint>,
}

impl<'a, S: LogStore + ?Sized> Heads<'a, S> {
    pub(super) fn new(store: &'a S) -> Self {
        Self {
            store,
            from_size: 0,
            page: VecDeque::new(),
        }
    }

    /// The next head. One that cannot be read at all ends the stream, with a finding.
    pub(super) async fn next(
        &mut self,
        report: &mut Report,
    ) -> Result<Option<StoredCheckpoint>, StoreError> {
        if self.page.is_empty() {
            let mut page = self.store.checkpoints(self.from_size, PAGE).await;
            if matches!(page, Err(StoreError::Corrupt { .. })) {
                page = self.store.checkpoints(self.from_size, 1).await;
            }
            match page {
                Err(StoreError::Corrupt { .. }) => {
                    report.add(
                        Subject::Checkpoint(self.from_size),
                        "or the one after it cannot be read",
                    );
                    return Ok(None);
                }
                page => self.page = page?.into(),
            }
        }
        let head = self.page.pop_front();
        if let Some(head) = &head {
            self.from_size = head.tree_size.saturating_add(1);
        }
        Ok(head)
    }
}
