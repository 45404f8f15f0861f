//! Legal requests: a reference table (R9.4).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::legal_request::{
    LegalBasis, LegalRequestId, LegalRequestRow, LegalRequestState, LegalRequestStore,
};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::statement::{CHANGE_LEGAL_REQUEST, DRAFT_LEGAL_REQUEST, LEGAL_REQUESTS};

#[async_trait]
impl LegalRequestStore for Sqlite {
    async fn draft_legal_request(
        &self,
        row: LegalRequestRow,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let columns = (
                row.request.as_str(),
                row.basis.as_str(),
                &row.authority,
                row.state.as_str(),
                &row.drafted_by,
                row.drafted_on.0,
                row.settled_on.map(|day| day.0),
                row.tell_on.map(|day| day.0),
                row.told_on.map(|day| day.0),
                row.version,
                &row.sealed,
            );
            let drafted = link.execute(&DRAFT_LEGAL_REQUEST, columns)? == 1;
            let outcome = if drafted { "done" } else { "in_use" };
            let bucket = reference_bucket(row.request.as_str());
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(drafted)
        })
        .await
    }

    async fn change_legal_request(
        &self,
        row: LegalRequestRow,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let columns = (
                row.request.as_str(),
                row.version,
                row.state.as_str(),
                row.settled_on.map(|day| day.0),
                row.tell_on.map(|day| day.0),
                row.told_on.map(|day| day.0),
                &row.sealed,
            );
            let changed = link.execute(&CHANGE_LEGAL_REQUEST, columns)? == 1;
            let outcome = if changed { "done" } else { "moved" };
            let bucket = reference_bucket(row.request.as_str());
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(changed)
        })
        .await
    }

    async fn legal_requests(&self) -> Result<Vec<LegalRequestRow>, StoreError> {
        self.read(|link| {
            link.all(&LEGAL_REQUESTS, [], |columns| {
                Ok(LegalRequestRow {
                    request: columns.named(LegalRequestId::parse)?,
                    basis: columns.named(LegalBasis::from_name)?,
                    authority: columns.plain()?,
                    state: columns.named(LegalRequestState::from_name)?,
                    drafted_by: columns.plain()?,
                    drafted_on: columns.day()?,
                    settled_on: columns.day_if_any()?,
                    tell_on: columns.day_if_any()?,
                    told_on: columns.day_if_any()?,
                    version: columns.plain()?,
                    sealed: columns.plain()?,
                })
            })
        })
    }
}
