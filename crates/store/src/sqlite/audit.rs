//! Audit events: written by every verb in its own transaction (C6, R12.1).

use async_trait::async_trait;
use identity::audit::{EventDraft, EventRow};
use identity::id::{Bucket, PersonId};
use identity::receipt::{InboxEntry, SealedReceipt};
use identity::store::{AuditStore, StoreError};

use super::link::Link;
use super::receipt::read_sealed;
use super::row::Columns;
use super::statement::{
    ADVANCE_SEQUENCE, EVENTS, EVENTS_OF, FIRST_SEQUENCE, INSERT_EVENT, INSERT_PENDING_LEAF,
    IS_PERSON, LAST_SEQUENCE, SEALED_RECEIPTS,
};
use super::{Sqlite, erasure};

/// Stores an event with the outcome its verb reached: the bucket's next sequence, the row with the
/// person's sealed receipt, if there is one, and the leaf among the pending ones. The last step of
/// every verb.
pub(crate) fn record(
    link: &Link<'_>,
    bucket: Bucket,
    event: &EventDraft,
    outcome: &str,
    receipt: Option<&InboxEntry>,
) -> Result<(), StoreError> {
    // R9.5: what comes too late for somebody who left names nobody.
    let there = match event.event.person() {
        Some(person) => link.exists(&IS_PERSON, (bucket.number(), person.as_bytes()))?,
        None => true,
    };
    let gone = (!there).then(|| event.of_somebody_gone());
    // Nor does a row stay that the verb wrote of them a moment ago.
    if let (Some(_), Some(person)) = (&gone, event.event.person()) {
        for statement in erasure::OF_A_PERSON {
            link.execute(statement, (bucket.number(), person.as_bytes()))?;
        }
    }
    let (event, receipt) = match &gone {
        Some(gone) => (gone, None),
        None => (event, receipt),
    };
    let sequence = next_sequence(link, bucket)?;
    let sealed = receipt.map(|entry| entry.sealed.as_slice());
    let row = EventRow::seal(event, bucket, sequence, outcome, sealed);
    debug_assert!(
        receipt.is_none_or(|entry| row.person == Some(entry.person)),
        "a receipt belongs to an event about its person"
    );
    let columns = (
        bucket.number(),
        sequence,
        row.person.map(|person| *person.as_bytes()),
        row.body,
        row.salt,
        row.receipt.0,
        receipt.map(|entry| entry.day.0),
        sealed,
    );
    link.execute(&INSERT_EVENT, columns)?;
    link.execute(&INSERT_PENDING_LEAF, (bucket.number(), sequence))
        .map(drop)
}

/// Gapless: a transaction that is undone gives its sequence back.
///
/// Two plain statements, because one with RETURNING makes SQLite keep a journal of its own for it,
/// which costs more the larger the transaction is.
pub(crate) fn next_sequence(link: &Link<'_>, bucket: Bucket) -> Result<u64, StoreError> {
    if link.execute(&ADVANCE_SEQUENCE, [bucket.number()])? == 0 {
        link.execute(&FIRST_SEQUENCE, [bucket.number()])?;
        return Ok(1);
    }
    link.value(&LAST_SEQUENCE, [bucket.number()])?
        .ok_or(StoreError::Corrupt {
            table: LAST_SEQUENCE.table,
        })
}

/// A row of `audit_event`.
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        bucket: columns.bucket()?,
        sequence: columns.plain()?,
        person: columns.person_if_any()?,
        body: columns.plain()?,
        salt: columns.plain()?,
        receipt: columns.digest()?,
    })
}

#[async_trait]
impl AuditStore for Sqlite {
    async fn record(&self, bucket: Bucket, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| record(link, bucket, &event, "done", None))
            .await
    }

    async fn events(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        let Ok(from_sequence) = i64::try_from(from_sequence) else {
            return Ok(Vec::new());
        };
        self.read(|link| link.all(&EVENTS, (bucket.number(), from_sequence, limit), read))
    }

    async fn last_sequence(&self, bucket: Bucket) -> Result<u64, StoreError> {
        let last = self.read(|link| link.value(&LAST_SEQUENCE, [bucket.number()]))?;
        Ok(last.unwrap_or(0))
    }

    async fn sealed_receipts(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<SealedReceipt>, StoreError> {
        let Ok(from_sequence) = i64::try_from(from_sequence) else {
            return Ok(Vec::new());
        };
        let parameters = (bucket.number(), from_sequence, limit);
        self.read(|link| link.all(&SEALED_RECEIPTS, parameters, read_sealed))
    }

    async fn events_of(&self, person: PersonId, limit: u32) -> Result<Vec<EventRow>, StoreError> {
        let bucket = person.bucket().number();
        self.read(|link| link.all(&EVENTS_OF, (bucket, person.as_bytes(), limit), read))
    }
}
