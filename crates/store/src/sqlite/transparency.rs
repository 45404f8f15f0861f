//! Counters: a reference table (R9.3).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::store::StoreError;
use identity::transparency::{CountRow, CountStore, Month};

use super::Sqlite;
use super::audit;
use super::statement::{ADD_COUNT, COUNTS};

#[async_trait]
impl CountStore for Sqlite {
    async fn add_counts(&self, rows: Vec<CountRow>, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            for row in &rows {
                let count = i64::try_from(row.count).unwrap_or(i64::MAX);
                link.execute(&ADD_COUNT, (row.month.0, &row.name, count))?;
            }
            audit::record(link, reference_bucket("counts"), &event, "done", None)
        })
        .await
    }

    async fn counts(&self) -> Result<Vec<CountRow>, StoreError> {
        self.read(|link| {
            link.all(&COUNTS, [], |columns| {
                let month = Month(columns.plain()?);
                let name = columns.plain()?;
                let count: i64 = columns.plain()?;
                Ok(CountRow {
                    month,
                    name,
                    count: u64::try_from(count).unwrap_or_default(),
                })
            })
        })
    }
}
