//! Documents over time (R15.2). A document that once led to a person leads there for ever.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::id::{Bucket, PersonId};
use identity::receipt::InboxEntry;
use identity::recheck::{DocumentChange, DocumentChanged, RecheckStore};
use identity::store::StoreError;
use identity::wangzheng::{Suspension, WangzhengState};

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::row::Columns;
use super::statement::{
    CHANGE_DOCUMENT, DOCUMENT_CHECKED, DOCUMENT_OWNER, DOCUMENTS_DUE, INSERT_DOCUMENT, PUT_WAITING,
    REPLACE_RECORD,
};
use super::wangzheng;

/// The state after a document in force: a suspension for the document ends, a lock under it stays.
fn change(link: &Link<'_>, change: &DocumentChange) -> Result<DocumentChanged, StoreError> {
    let bucket = change.person.bucket().number();
    let person = change.person.as_bytes();
    // 1. R2.3: the document is nobody else's.
    let owner = link.first(&DOCUMENT_OWNER, (bucket, change.document.0), |columns| {
        columns.person()
    })?;
    if owner.is_some_and(|owner| owner != change.person) {
        return Ok(DocumentChanged::OfAnother);
    }
    // 2. The issue that was seen, and not one that has ended.
    let row = wangzheng::of(link, change.person)?.filter(|row| row.serial == change.serial);
    let Some(row) = row else {
        return Ok(DocumentChanged::Overtaken);
    };
    let of_document = row.suspended_for.is_some_and(Suspension::is_of_document);
    let (state, suspended_for, locked_under) = match row.state {
        WangzhengState::Suspended if !of_document => {
            (row.state, row.suspended_for, row.locked_under)
        }
        WangzhengState::Suspended if row.locked_under => (WangzhengState::Locked, None, false),
        WangzhengState::Suspended | WangzhengState::Expired => {
            (WangzhengState::Active, None, false)
        }
        WangzhengState::Superseded | WangzhengState::Revoked => {
            return Ok(DocumentChanged::Overtaken);
        }
        state => (state, None, false),
    };
    // 3. Record, document, 网证.
    link.execute(&INSERT_DOCUMENT, (bucket, change.document.0, person))?;
    link.execute(&REPLACE_RECORD, (bucket, person, &change.sealed_record))?;
    let columns = (
        bucket,
        person,
        state.as_str(),
        suspended_for.map(Suspension::as_str),
        locked_under,
        change.today.0,
        change.valid_until.0,
        change.ends_with_document,
    );
    link.execute(&CHANGE_DOCUMENT, columns)?;
    let row = wangzheng::of(link, change.person)?;
    Ok(row.map_or(DocumentChanged::Overtaken, |row| {
        DocumentChanged::Changed(row.state_on(change.today))
    }))
}

fn whose(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PersonId> {
    columns.person()
}

#[async_trait]
impl RecheckStore for Sqlite {
    async fn change_document(
        &self,
        new: DocumentChange,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<DocumentChanged, StoreError> {
        self.write(move |link| {
            let changed = change(link, &new)?;
            let (outcome, told) = match changed {
                DocumentChanged::Changed(_) => ("done", Some(&notice)),
                DocumentChanged::Overtaken => ("overtaken", None),
                DocumentChanged::OfAnother => ("of_another", None),
            };
            audit::record(link, new.person.bucket(), &event, outcome, told)?;
            Ok(changed)
        })
        .await
    }

    async fn document_checked(
        &self,
        person: PersonId,
        today: Day,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), today.0);
            let found = link.execute(&DOCUMENT_CHECKED, row)? == 1;
            let outcome = if found { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)
        })
        .await
    }

    async fn put_waiting(
        &self,
        person: PersonId,
        waiting: Option<Vec<u8>>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), &waiting);
            let found = link.execute(&PUT_WAITING, row)? == 1;
            let outcome = if found { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(found)
        })
        .await
    }

    async fn documents_due(
        &self,
        bucket: Bucket,
        asked_before: Day,
        today: Day,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        let parameters = (bucket.number(), asked_before.0, today.0, limit);
        self.read(|link| link.all(&DOCUMENTS_DUE, parameters, whose))
    }
}
