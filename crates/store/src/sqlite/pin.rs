//! 口令: the answer to an attempt leaves with the change of the row. The rule is [`PinRow::settle`];
//! here it happens once for each attempt, however many come at the same time.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::id::PersonId;
use identity::pin::{PinAttempt, PinRow, PinSettled, PinStore};
use identity::receipt::InboxEntry;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::statement::{PIN, PUT_PIN};

fn of(link: &Link<'_>, person: PersonId) -> Result<Option<PinRow>, StoreError> {
    link.first(
        &PIN,
        (person.bucket().number(), person.as_bytes()),
        |columns| {
            Ok(PinRow {
                person: columns.person()?,
                sealed_digest: columns.plain()?,
                attempts_left: columns.plain()?,
                locked_until: columns.timestamp_if_any()?,
                locks: columns.plain()?,
            })
        },
    )
}

/// Stores a 口令, in the place of the one before.
pub(crate) fn put(link: &Link<'_>, row: &PinRow) -> Result<(), StoreError> {
    let columns = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        &row.sealed_digest,
        row.attempts_left,
        row.locked_until.map(|until| until.0),
        row.locks,
    );
    link.execute(&PUT_PIN, columns).map(drop)
}

#[async_trait]
impl PinStore for Sqlite {
    async fn pin(&self, person: PersonId) -> Result<Option<PinRow>, StoreError> {
        self.read(|link| of(link, person))
    }

    async fn settle_pin(
        &self,
        attempt: PinAttempt,
        event: EventDraft,
    ) -> Result<PinSettled, StoreError> {
        self.write(move |link| {
            let person = attempt.person;
            let (changed, settled) = match of(link, person)? {
                None => (None, PinSettled::NotSet),
                Some(row) => row.settle(&attempt),
            };
            if let Some(row) = changed {
                put(link, &row)?;
            }
            audit::record(link, person.bucket(), &event, settled.outcome(), None)?;
            Ok(settled)
        })
        .await
    }

    async fn replace_pin(
        &self,
        pin: PinRow,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            put(link, &pin)?;
            audit::record(link, pin.person.bucket(), &event, "done", Some(&notice))
        })
        .await
    }
}
