//! Complaints, in the bucket of their own digest, and the officers' keys (R7.2, R14.1).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::{EventDraft, reference_bucket};
use identity::complaint::{
    CaseKeyRow, ComplaintKind, ComplaintRow, ComplaintState, ComplaintStep, ComplaintStore,
};
use identity::id::Bucket;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::{
    CASE_KEYS, COMPLAINT, COMPLAINTS_IN, FILE_COMPLAINT, MOVE_COMPLAINT, PUT_CASE_KEY,
};

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<ComplaintRow> {
    Ok(ComplaintRow {
        complaint: columns.digest()?,
        proof: columns.digest()?,
        kind: columns.named(ComplaintKind::from_name)?,
        state: columns.named(ComplaintState::from_name)?,
        received_on: columns.day()?,
        due_on: columns.day()?,
        sealed: columns.plain()?,
        sealed_answer: columns.plain()?,
    })
}

#[async_trait]
impl ComplaintStore for Sqlite {
    async fn file_complaint(
        &self,
        row: ComplaintRow,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = row.bucket();
            let columns = (
                bucket.number(),
                row.complaint.0,
                row.proof.0,
                row.kind.as_str(),
                row.state.as_str(),
                row.received_on.0,
                row.due_on.0,
                &row.sealed,
                &row.sealed_answer,
            );
            let filed = link.execute(&FILE_COMPLAINT, columns)? == 1;
            let outcome = if filed { "done" } else { "in_use" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(filed)
        })
        .await
    }

    async fn complaint(&self, complaint: &Digest) -> Result<Option<ComplaintRow>, StoreError> {
        let key = (Bucket::of(complaint).number(), complaint.0);
        self.read(|link| link.first(&COMPLAINT, key, read))
    }

    async fn move_complaint(
        &self,
        complaint: &Digest,
        step: ComplaintStep,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let complaint = *complaint;
        self.write(move |link| {
            let bucket = Bucket::of(&complaint);
            let columns = (
                bucket.number(),
                complaint.0,
                step.from.as_str(),
                step.to.as_str(),
                &step.sealed_answer,
            );
            let moved = link.execute(&MOVE_COMPLAINT, columns)? == 1;
            let outcome = if moved { "done" } else { "not_in_state" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(moved)
        })
        .await
    }

    async fn complaints_in(
        &self,
        bucket: Bucket,
        state: ComplaintState,
        limit: u32,
    ) -> Result<Vec<ComplaintRow>, StoreError> {
        let key = (bucket.number(), state.as_str(), limit);
        self.read(|link| link.all(&COMPLAINTS_IN, key, read))
    }

    async fn put_case_key(&self, row: CaseKeyRow, event: EventDraft) -> Result<bool, StoreError> {
        self.write(move |link| {
            let columns = (row.number, &row.public, &row.wrapped);
            let put = link.execute(&PUT_CASE_KEY, columns)? == 1;
            let outcome = if put { "done" } else { "known" };
            audit::record(link, reference_bucket("case-key"), &event, outcome, None)?;
            Ok(put)
        })
        .await
    }

    async fn case_keys(&self) -> Result<Vec<CaseKeyRow>, StoreError> {
        self.read(|link| {
            link.all(&CASE_KEYS, [], |columns| {
                Ok(CaseKeyRow {
                    number: columns.plain()?,
                    public: columns.plain()?,
                    wrapped: columns.plain()?,
                })
            })
        })
    }
}
