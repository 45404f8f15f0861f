//! A person's rights: a new 网号, new identifiers.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::id::PersonId;
use identity::receipt::InboxEntry;
use identity::rights::{Reissue, RightsStore};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::statement::{RAISE_GENERATION, RAISE_SERIAL, REPLACE_RECORD};

/// `done` with the notice, or the name of what came in between without.
pub(crate) fn told<'n>(
    done: bool,
    otherwise: &'static str,
    notice: &'n InboxEntry,
) -> (&'static str, Option<&'n InboxEntry>) {
    if done {
        ("done", Some(notice))
    } else {
        (otherwise, None)
    }
}

#[async_trait]
impl RightsStore for Sqlite {
    async fn reissue_wanghao(
        &self,
        reissue: Reissue,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let Reissue {
                person,
                serial,
                sealed_record,
                today,
            } = &reissue;
            let bucket = person.bucket();
            let key = (bucket.number(), person.as_bytes());
            let done = link.execute(&RAISE_SERIAL, (key.0, key.1, serial, today.0))? == 1;
            if done {
                link.execute(&REPLACE_RECORD, (key.0, key.1, sealed_record))?;
            }
            let (outcome, notice) = told(done, "overtaken", &notice);
            audit::record(link, bucket, &event, outcome, notice)?;
            Ok(done)
        })
        .await
    }

    async fn raise_generation(
        &self,
        person: PersonId,
        from: u32,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let key = (bucket.number(), person.as_bytes(), from);
            let done = link.execute(&RAISE_GENERATION, key)? == 1;
            let (outcome, notice) = told(done, "overtaken", &notice);
            audit::record(link, bucket, &event, outcome, notice)?;
            Ok(done)
        })
        .await
    }
}
