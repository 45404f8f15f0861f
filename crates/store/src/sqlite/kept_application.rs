//! Applications that wait for the registry, in the bucket of their own digest (R15.2).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::id::Bucket;
use identity::person::kept_application::{KeptRow, KeptStore};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::{
    ANSWER_APPLICATION, APPLICATIONS_WAITING, COUNT_APPLICATIONS, EXPIRED_APPLICATION,
    KEEP_APPLICATION, KEPT_APPLICATION, SWEEP_APPLICATIONS, TAKE_APPLICATION,
};

fn kept(columns: &mut Columns<'_, '_>) -> rusqlite::Result<KeptRow> {
    Ok(KeptRow {
        application: columns.digest()?,
        answered: columns.plain()?,
        sealed: columns.plain()?,
        kept_until: columns.day()?,
    })
}

#[async_trait]
impl KeptStore for Sqlite {
    async fn keep_application(
        &self,
        row: KeptRow,
        most: u32,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = Bucket::of(&row.application);
            let KeptRow {
                application,
                answered,
                sealed,
                kept_until,
            } = &row;
            let there: Option<u32> =
                link.first(&COUNT_APPLICATIONS, (bucket.number(),), |columns| {
                    columns.plain()
                })?;
            let kept = there.unwrap_or_default() < most;
            if kept {
                let number = bucket.number();
                let columns = (number, application.0, answered, sealed, kept_until.0);
                link.execute(&KEEP_APPLICATION, columns)?;
            }
            let outcome = if kept { "kept" } else { "full" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(kept)
        })
        .await
    }

    async fn kept_application(
        &self,
        application: &Digest,
        today: Day,
    ) -> Result<Option<KeptRow>, StoreError> {
        let key = (Bucket::of(application).number(), application.0, today.0);
        self.read(|link| link.first(&KEPT_APPLICATION, key, kept))
    }

    async fn applications_waiting(
        &self,
        bucket: Bucket,
        today: Day,
        limit: u32,
    ) -> Result<Vec<KeptRow>, StoreError> {
        let parameters = (bucket.number(), today.0, limit);
        self.read(|link| link.all(&APPLICATIONS_WAITING, parameters, kept))
    }

    async fn answer_application(
        &self,
        application: &Digest,
        sealed: Vec<u8>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let application = *application;
        self.write(move |link| {
            let bucket = Bucket::of(&application);
            let row = (bucket.number(), application.0, &sealed);
            let found = link.execute(&ANSWER_APPLICATION, row)? == 1;
            let outcome = if found { "answered" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(found)
        })
        .await
    }

    async fn take_application(
        &self,
        application: &Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let application = *application;
        self.write(move |link| {
            let bucket = Bucket::of(&application);
            let found = link.execute(&TAKE_APPLICATION, (bucket.number(), application.0))? == 1;
            let outcome = if found { "taken" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(found)
        })
        .await
    }

    async fn sweep_applications(&self, today: Day) -> Result<u32, StoreError> {
        let day = i64::from(today.0);
        self.sweep_before(&EXPIRED_APPLICATION, &SWEEP_APPLICATIONS, day)
            .await
    }
}
