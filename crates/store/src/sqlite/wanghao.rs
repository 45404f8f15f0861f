//! 网号, by keyed digest, each in the bucket of that digest. Rows stay: a number is not used twice (R2.1).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::id::Bucket;
use identity::store::StoreError;
use identity::wanghao::{Reserved, WanghaoStore};

use super::Sqlite;
use super::audit;
use super::statement::{CONFIRM_WANGHAO, END_WANGHAO, LAPSE_WANGHAO, RESERVE_WANGHAO};

#[async_trait]
impl WanghaoStore for Sqlite {
    async fn reserve_wanghao(
        &self,
        digest: &Digest,
        day: Day,
        event: EventDraft,
    ) -> Result<Reserved, StoreError> {
        let digest = *digest;
        let bucket = Bucket::of(&digest);
        self.write(move |link| {
            let row = (bucket.number(), digest.0, day.0);
            let (reserved, outcome) = match link.execute(&RESERVE_WANGHAO, row)? {
                1 => (Reserved::Reserved, "done"),
                _ => (Reserved::InUse, "in_use"),
            };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(reserved)
        })
        .await
    }

    async fn confirm_wanghao(
        &self,
        digest: &Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let digest = *digest;
        let bucket = Bucket::of(&digest);
        self.write(move |link| {
            let confirmed = link.execute(&CONFIRM_WANGHAO, (bucket.number(), digest.0))? == 1;
            let outcome = if confirmed { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(confirmed)
        })
        .await
    }

    async fn end_wanghao(&self, digest: &Digest, event: EventDraft) -> Result<bool, StoreError> {
        let digest = *digest;
        let bucket = Bucket::of(&digest);
        self.write(move |link| {
            let ended = link.execute(&END_WANGHAO, (bucket.number(), digest.0))? == 1;
            let outcome = if ended { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(ended)
        })
        .await
    }

    async fn lapse_wanghao(
        &self,
        bucket: Bucket,
        before: Day,
        event: EventDraft,
    ) -> Result<u32, StoreError> {
        self.write(move |link| {
            let lapsed = link.execute(&LAPSE_WANGHAO, (bucket.number(), before.0))?;
            // 4096 buckets a day, most with nothing to do: those leave no event.
            if lapsed > 0 {
                audit::record(link, bucket, &event, "done", None)?;
            }
            Ok(u32::try_from(lapsed).unwrap_or(u32::MAX))
        })
        .await
    }
}
