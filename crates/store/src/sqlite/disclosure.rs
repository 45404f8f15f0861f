//! Over-asking, counted: a reference table without persons (R8.2).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::clock::Day;
use identity::disclosure::DisclosureStore;
use identity::disclosure::over_asking::{OverAsked, OverAsking, OverAskingCount};
use identity::id::PlatformId;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::{COUNT_OVER_ASKING, FORGET_OVER_ASKING, OVER_ASKING};

#[async_trait]
impl DisclosureStore for Sqlite {
    async fn count_over_asking(
        &self,
        asking: OverAsking,
        oldest: Day,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let id = asking.platform.as_str();
            link.execute(
                &COUNT_OVER_ASKING,
                (id, asking.month.0, asking.kind.as_str()),
            )?;
            link.execute(&FORGET_OVER_ASKING, [oldest.0])?;
            audit::record(link, reference_bucket(id), &event, "done", None)
        })
        .await
    }

    async fn over_asking(&self) -> Result<Vec<OverAskingCount>, StoreError> {
        self.read(|link| link.all(&OVER_ASKING, [], read))
    }
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<OverAskingCount> {
    Ok(OverAskingCount {
        of: OverAsking {
            platform: columns.named(PlatformId::parse)?,
            month: columns.day()?,
            kind: columns.named(OverAsked::from_name)?,
        },
        count: columns.plain()?,
    })
}
