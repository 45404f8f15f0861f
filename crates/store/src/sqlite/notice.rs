//! 告知: a reference table. A version is published once and never changes (R11.1).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::notice::{CompleteNotice, Notice, NoticeStore};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{INSERT_NOTICE, NOTICES};

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
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Notice> {
    columns.json()
}
