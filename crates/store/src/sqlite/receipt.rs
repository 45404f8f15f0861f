//! 凭据回执: the person's history, sealed to the person (C1). Entries lie with their events.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::id::PersonId;
use identity::log::Leaf;
use identity::receipt::{InboxEntry, ReceiptRow, ReceiptStore, SealedReceipt};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::row::Columns;
use super::statement::RECEIPTS;

/// An entry as an auditor reads it.
pub(crate) fn read_sealed(columns: &mut Columns<'_, '_>) -> rusqlite::Result<SealedReceipt> {
    Ok(SealedReceipt {
        sequence: columns.plain()?,
        person: columns.person()?,
        day: columns.day()?,
        sealed: columns.plain()?,
    })
}

#[async_trait]
impl ReceiptStore for Sqlite {
    async fn put_receipt(&self, entry: InboxEntry, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            audit::record(link, entry.person.bucket(), &event, "done", Some(&entry))
        })
        .await
    }

    async fn receipts(
        &self,
        person: PersonId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StoreError> {
        let below = below
            .and_then(|below| i64::try_from(below).ok())
            .unwrap_or(i64::MAX);
        let parameters = (person.bucket().number(), person.as_bytes(), below, limit);
        self.read(|link| link.all(&RECEIPTS, parameters, read))
    }
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<ReceiptRow> {
    Ok(ReceiptRow {
        sequence: columns.plain()?,
        day: columns.day()?,
        sealed: columns.plain()?,
        commitment: Leaf::commitment_of(&columns.plain()?),
    })
}
