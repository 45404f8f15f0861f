//! Short rows between two devices, in the bucket of their own digest.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Timestamp;
use identity::handover::{Advanced, HandoverRow, HandoverStore};
use identity::id::Bucket;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::statement::{
    ADVANCE_HANDOVER, EXPIRED_HANDOVER, HANDOVER, OPEN_HANDOVER, SWEEP_HANDOVERS, TAKE_HANDOVER,
};

/// Stores the event of a change that touched `changed` rows: one, or none because somebody was faster.
fn settle(
    link: &Link<'_>,
    bucket: Bucket,
    changed: usize,
    outcome: &str,
    event: &EventDraft,
) -> Result<Advanced, StoreError> {
    if changed == 0 {
        audit::record(link, bucket, event, "moved", None)?;
        return Ok(Advanced::Moved);
    }
    audit::record(link, bucket, event, outcome, None)?;
    Ok(Advanced::Advanced)
}

#[async_trait]
impl HandoverStore for Sqlite {
    async fn open_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        self.write(move |link| {
            let bucket = Bucket::of(&row.digest);
            let HandoverRow {
                digest,
                version: _,
                sealed,
                expires_at,
            } = &row;
            let columns = (bucket.number(), digest.0, sealed, expires_at.0, now.0);
            let changed = link.execute(&OPEN_HANDOVER, columns)?;
            settle(link, bucket, changed, "opened", &event)
        })
        .await
    }

    async fn handover(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<HandoverRow>, StoreError> {
        let key = (Bucket::of(digest).number(), digest.0, now.0);
        self.read(|link| {
            link.first(&HANDOVER, key, |columns| {
                Ok(HandoverRow {
                    digest: columns.digest()?,
                    version: columns.plain()?,
                    sealed: columns.plain()?,
                    expires_at: columns.timestamp()?,
                })
            })
        })
    }

    async fn advance_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        self.write(move |link| {
            let bucket = Bucket::of(&row.digest);
            let HandoverRow {
                digest,
                version,
                sealed,
                expires_at,
            } = &row;
            let columns = (
                bucket.number(),
                digest.0,
                version,
                sealed,
                expires_at.0,
                now.0,
            );
            let changed = link.execute(&ADVANCE_HANDOVER, columns)?;
            settle(link, bucket, changed, "advanced", &event)
        })
        .await
    }

    async fn take_handover(
        &self,
        digest: &Digest,
        version: u32,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let digest = *digest;
        self.write(move |link| {
            let bucket = Bucket::of(&digest);
            let changed =
                link.execute(&TAKE_HANDOVER, (bucket.number(), digest.0, version, now.0))?;
            settle(link, bucket, changed, "taken", &event)
        })
        .await
    }

    async fn sweep_handovers(&self, now: Timestamp) -> Result<u32, StoreError> {
        self.sweep(&EXPIRED_HANDOVER, &SWEEP_HANDOVERS, now).await
    }
}
