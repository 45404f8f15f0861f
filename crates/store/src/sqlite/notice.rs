//! 告知: a reference table. A version is published once and never changes (R11.1).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::{EventDraft, reference_bucket};
use identity::clock::Timestamp;
use identity::id::{Bucket, StaffLogin};
use identity::notice::{CompleteNotice, Deferral, DeferredNotice, Notice, NoticeStore};
use identity::receipt::InboxEntry;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{
    DEFERRAL, DEFERRALS, DEFERRED, DELETE_DEFERRED, INSERT_DEFERRED, INSERT_NOTICE,
    NOTICE_VERSIONS, NOTICES, PUT_DEFERRAL,
};

#[async_trait]
impl NoticeStore for Sqlite {
    async fn publish_notice(
        &self,
        notice: CompleteNotice,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let notice = notice.notice().clone();
        self.write(move |link| {
            let row = (notice.id.as_str(), notice.version, to_json(&notice)?);
            let published = link.execute(&INSERT_NOTICE, row)? == 1;
            let outcome = if published { "done" } else { "known" };
            audit::record(
                link,
                reference_bucket(notice.id.as_str()),
                &event,
                outcome,
                None,
            )?;
            Ok(published)
        })
        .await
    }

    async fn notices(&self) -> Result<Vec<Notice>, StoreError> {
        self.read(|link| link.all(&NOTICES, [], read))
    }

    async fn count_deferral(
        &self,
        reason: &str,
        due_at: Timestamp,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let reason = reason.to_owned();
        self.write(move |link| {
            let stored = link.first(&DEFERRAL, [&reason], read_deferral)?;
            let mut deferral: Deferral = stored.unwrap_or_else(|| Deferral {
                reason: reason.clone(),
                due_at,
                opened_at: now,
                notices: 0,
                lifted_at: None,
                lifted_by: None,
            });
            deferral.notices += 1;
            deferral.due_at = deferral.due_at.min(due_at);
            (deferral.lifted_at, deferral.lifted_by) = (None, None);
            link.execute(&PUT_DEFERRAL, (&reason, to_json(&deferral)?))?;
            audit::record(link, reference_bucket(&reason), &event, "done", None)
        })
        .await
    }

    async fn lift_deferral(
        &self,
        reason: &str,
        by: &StaffLogin,
        at: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (reason, by) = (reason.to_owned(), by.clone());
        self.write(move |link| {
            let stored: Option<Deferral> = link.first(&DEFERRAL, [&reason], read_deferral)?;
            let found = stored.is_some();
            if let Some(mut deferral) = stored {
                (deferral.lifted_at, deferral.lifted_by) = (Some(at), Some(by));
                link.execute(&PUT_DEFERRAL, (&reason, to_json(&deferral)?))?;
            }
            let outcome = if found { "done" } else { "not_found" };
            audit::record(link, reference_bucket(&reason), &event, outcome, None)
        })
        .await
    }

    async fn deferrals(&self) -> Result<Vec<Deferral>, StoreError> {
        self.read(|link| link.all(&DEFERRALS, [], read_deferral))
    }

    async fn defer_notice(&self, row: DeferredNotice, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            let bucket = row.person.bucket();
            let columns = (
                bucket.number(),
                row.reason.0,
                row.id,
                row.person.as_bytes(),
                row.sealed,
            );
            link.execute(&INSERT_DEFERRED, columns)?;
            audit::record(link, bucket, &event, "done", None)
        })
        .await
    }

    async fn deferred_notices(
        &self,
        bucket: Bucket,
        reason: &Digest,
        limit: u32,
    ) -> Result<Vec<DeferredNotice>, StoreError> {
        let parameters = (bucket.number(), reason.0, limit);
        self.read(|link| {
            link.all(&DEFERRED, parameters, |columns| {
                Ok(DeferredNotice {
                    reason: columns.digest()?,
                    id: columns.plain()?,
                    person: columns.person()?,
                    sealed: columns.plain()?,
                })
            })
        })
    }

    async fn deliver_deferred(
        &self,
        row: DeferredNotice,
        entry: Option<InboxEntry>,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let bucket = row.person.bucket();
            let key = (bucket.number(), row.reason.0, row.id);
            let taken = link.execute(&DELETE_DEFERRED, key)? == 1;
            let outcome = if taken { "done" } else { "gone" };
            let entry = entry.as_ref().filter(|_| taken);
            audit::record(link, bucket, &event, outcome, entry)
        })
        .await
    }

    async fn notice_versions(&self) -> Result<Vec<Notice>, StoreError> {
        self.read(|link| link.all(&NOTICE_VERSIONS, [], read))
    }
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Notice> {
    columns.json()
}

fn read_deferral(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Deferral> {
    columns.json()
}
