//! Cases: a reference table (R14.1).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::case_file::{CaseId, CaseOrigin, CaseRow, CaseState, CaseStore};
use identity::complaint::ComplaintKind;
use identity::id::PlatformId;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::{CASE_FILE, CASE_FILES, CHANGE_CASE, OPEN_CASE};

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        case: columns.named(CaseId::parse)?,
        platform: columns.named(PlatformId::parse)?,
        kind: columns.named(ComplaintKind::from_name)?,
        origin: columns.named(CaseOrigin::from_name)?,
        state: columns.named(CaseState::from_name)?,
        officer: columns.plain()?,
        opened_on: columns.day()?,
        due_on: columns.day()?,
        version: columns.plain()?,
        sealed: columns.plain()?,
    })
}

#[async_trait]
impl CaseStore for Sqlite {
    async fn open_case(&self, row: CaseRow, event: EventDraft) -> Result<bool, StoreError> {
        self.write(move |link| {
            let columns = (
                row.case.as_str(),
                row.platform.as_str(),
                row.kind.as_str(),
                row.origin.as_str(),
                row.state.as_str(),
                &row.officer,
                row.opened_on.0,
                row.due_on.0,
                row.version,
                &row.sealed,
            );
            let opened = link.execute(&OPEN_CASE, columns)? == 1;
            let outcome = if opened { "done" } else { "in_use" };
            let bucket = reference_bucket(row.case.as_str());
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(opened)
        })
        .await
    }

    async fn change_case(&self, row: CaseRow, event: EventDraft) -> Result<bool, StoreError> {
        self.write(move |link| {
            let columns = (
                row.case.as_str(),
                row.version,
                row.state.as_str(),
                &row.officer,
                row.due_on.0,
                &row.sealed,
            );
            let changed = link.execute(&CHANGE_CASE, columns)? == 1;
            let outcome = if changed { "done" } else { "moved" };
            let bucket = reference_bucket(row.case.as_str());
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(changed)
        })
        .await
    }

    async fn case_file(&self, case: &CaseId) -> Result<Option<CaseRow>, StoreError> {
        self.read(|link| link.first(&CASE_FILE, [case.as_str()], read))
    }

    async fn case_files(&self) -> Result<Vec<CaseRow>, StoreError> {
        self.read(|link| link.all(&CASE_FILES, [], read))
    }
}
