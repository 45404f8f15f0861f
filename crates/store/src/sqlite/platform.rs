//! 互联网平台: a reference table, read whole.

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::platform::{Platform, PlatformStore};
use identity::store::StoreError;
use serde::Serialize;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::{PLATFORMS, PUT_PLATFORM};

/// The content of a reference row.
pub(crate) fn to_json(content: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|error| StoreError::Unavailable(Box::new(error)))
}

#[async_trait]
impl PlatformStore for Sqlite {
    async fn put_platform(&self, platform: Platform, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            let id = platform.id.as_str();
            link.execute(&PUT_PLATFORM, (id, to_json(&platform)?))?;
            audit::record(link, reference_bucket(id), &event, "done", None)
        })
        .await
    }

    async fn platforms(&self) -> Result<Vec<Platform>, StoreError> {
        self.read(|link| link.all(&PLATFORMS, [], read))
    }
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Platform> {
    columns.json()
}
