//! Deleting what has expired: bucket by bucket, in small writes, beside the traffic.

use identity::clock::Timestamp;
use identity::id::Bucket;
use identity::store::StoreError;

use super::Sqlite;
use super::statement::Statement;

/// Buckets swept in one write at most.
const BUCKETS_AT_ONCE: usize = 64;

impl Sqlite {
    /// Deletes what expired before `now` wherever there is any; how many rows. Readers look for it,
    /// so that the writer is asked only where there is something to do.
    ///
    /// Both statements take (bucket, now).
    pub(super) async fn sweep(
        &self,
        expired: &'static Statement,
        delete: &'static Statement,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        self.sweep_before(expired, delete, now.0).await
    }

    /// The same for rows that count days or months.
    pub(super) async fn sweep_before(
        &self,
        expired: &'static Statement,
        delete: &'static Statement,
        before: i64,
    ) -> Result<u32, StoreError> {
        let mut swept = 0;
        let mut buckets = Vec::new();
        for number in 0..Bucket::COUNT {
            if self.read(|link| link.exists(expired, (number, before)))? {
                buckets.push(number);
            }
            let last = number + 1 == Bucket::COUNT;
            if buckets.len() == BUCKETS_AT_ONCE || (last && !buckets.is_empty()) {
                swept += self
                    .delete_expired(delete, std::mem::take(&mut buckets), before)
                    .await?;
            }
            tokio::task::yield_now().await;
        }
        Ok(swept)
    }

    async fn delete_expired(
        &self,
        delete: &'static Statement,
        buckets: Vec<u16>,
        before: i64,
    ) -> Result<u32, StoreError> {
        self.write(move |link| {
            let mut swept = 0;
            for number in buckets {
                swept += link.execute(delete, (number, before))?;
            }
            Ok(u32::try_from(swept).unwrap_or(u32::MAX))
        })
        .await
    }
}
