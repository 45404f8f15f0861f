//! Hand-overs in memory, for tests. It yields between look and change, so that races are real.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use crypto::digest::Digest;

use super::{Advanced, HandoverRow, HandoverStore};
use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::store::StoreError;

#[derive(Default)]
pub(crate) struct FakeHandovers(Mutex<HashMap<Digest, HandoverRow>>);

impl FakeHandovers {
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn change(
        &self,
        digest: &Digest,
        version: u32,
        now: Timestamp,
        change: impl FnOnce(&mut HashMap<Digest, HandoverRow>),
    ) -> Advanced {
        let mut rows = self.0.lock().unwrap();
        let there = rows
            .get(digest)
            .is_some_and(|row| row.version == version && now <= row.expires_at);
        if !there {
            return Advanced::Moved;
        }
        change(&mut rows);
        Advanced::Advanced
    }
}

#[async_trait]
impl HandoverStore for FakeHandovers {
    async fn open_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        _event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let mut rows = self.0.lock().unwrap();
        if rows
            .get(&row.digest)
            .is_some_and(|row| now <= row.expires_at)
        {
            return Ok(Advanced::Moved);
        }
        rows.insert(row.digest, row);
        Ok(Advanced::Advanced)
    }

    async fn handover(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<HandoverRow>, StoreError> {
        let row = self.0.lock().unwrap().get(digest).cloned();
        tokio::task::yield_now().await;
        Ok(row.filter(|row| now <= row.expires_at))
    }

    async fn advance_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        _event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let digest = row.digest;
        Ok(self.change(&digest, row.version, now, |rows| {
            rows.insert(
                digest,
                HandoverRow {
                    version: row.version + 1,
                    ..row
                },
            );
        }))
    }

    async fn take_handover(
        &self,
        digest: &Digest,
        version: u32,
        now: Timestamp,
        _event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        Ok(self.change(digest, version, now, |rows| {
            rows.remove(digest);
        }))
    }

    async fn sweep_handovers(&self, now: Timestamp) -> Result<u32, StoreError> {
        let mut rows = self.0.lock().unwrap();
        let before = rows.len();
        rows.retain(|_, row| now <= row.expires_at);
        Ok(u32::try_from(before - rows.len()).unwrap())
    }
}
