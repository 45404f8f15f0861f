//! 口令: an attempt is spent before anything is compared. The rule is [`PinRow::debit`]; here it
//! happens once for each attempt, however many come at the same time.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::clock::Timestamp;
use identity::id::PersonId;
use identity::pin::{PinDebited, PinRow, PinStore};
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
    async fn debit_pin(
        &self,
        person: PersonId,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<PinDebited, StoreError> {
        self.write(move |link| {
            let (debited, outcome) = match of(link, person)?.map(|row| row.debit(now)) {
                None => (PinDebited::NotSet, "not_set"),
                Some(Err(until)) => (PinDebited::LockedUntil(until), "locked"),
                Some(Ok(row)) => {
                    put(link, &row)?;
                    (PinDebited::Spent(row), "spent")
                }
            };
            audit::record(link, person.bucket(), &event, outcome, None)?;
            Ok(debited)
        })
        .await
    }

    async fn refund_pin(&self, person: PersonId, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            let outcome = match of(link, person)? {
                None => "not_set",
                Some(row) => {
                    put(link, &row.refund())?;
                    "done"
                }
            };
            audit::record(link, person.bucket(), &event, outcome, None)
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
