//! Requests that platforms started, in the bucket of the person they are for.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Timestamp;
use identity::id::PersonId;
use identity::store::StoreError;
use identity::verification::backchannel::{
    BackchannelStore, Crowd, Placed, WaitingRow, WaitingSettled,
};

use super::Sqlite;
use super::audit;
use super::statement::{
    COUNT_WAITING, EXPIRED_WAITING, FORGET_REFUSALS, PLACE_WAITING, REFUSE_WAITING, SWEEP_WAITING,
    TAKE_WAITING, WAITING,
};

#[async_trait]
impl BackchannelStore for Sqlite {
    async fn place_waiting(
        &self,
        row: WaitingRow,
        most: Crowd,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Placed, StoreError> {
        self.write(move |link| {
            let (bucket, person) = (row.person.bucket(), row.person.as_bytes());
            let number = bucket.number();
            let count = |refused: bool| -> Result<u32, StoreError> {
                let count = link.value(&COUNT_WAITING, (number, person, refused, now.0))?;
                Ok(count.unwrap_or(0))
            };
            if count(false)? >= most.waiting || count(true)? >= most.refusals {
                audit::record(link, bucket, &event, "crowded", None)?;
                return Ok(Placed::Crowded);
            }
            let columns = (number, person, row.request.0, &row.sealed, row.expires_at.0);
            link.execute(&PLACE_WAITING, columns)?;
            audit::record(link, bucket, &event, "placed", None)?;
            Ok(Placed::Placed)
        })
        .await
    }

    async fn waiting(
        &self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Vec<WaitingRow>, StoreError> {
        let key = (person.bucket().number(), person.as_bytes(), now.0);
        self.read(|link| {
            link.all(&WAITING, key, |columns| {
                Ok(WaitingRow {
                    person: columns.person()?,
                    request: columns.digest()?,
                    sealed: columns.plain()?,
                    expires_at: columns.timestamp()?,
                })
            })
        })
    }

    async fn recent_refusals(&self, person: PersonId, now: Timestamp) -> Result<u32, StoreError> {
        let key = (person.bucket().number(), person.as_bytes(), true, now.0);
        Ok(self
            .read(|link| link.value(&COUNT_WAITING, key))?
            .unwrap_or(0))
    }

    async fn settle_waiting(
        &self,
        person: PersonId,
        request: &Digest,
        settled: WaitingSettled,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let request = *request;
        self.write(move |link| {
            let (bucket, bytes) = (person.bucket(), person.as_bytes());
            let number = bucket.number();
            let changed = match settled {
                WaitingSettled::Approved => {
                    let taken = link.execute(&TAKE_WAITING, (number, bytes, request.0))?;
                    if taken > 0 {
                        link.execute(&FORGET_REFUSALS, (number, bytes))?;
                    }
                    taken
                }
                WaitingSettled::Refused { remember_until } => {
                    let row = (number, bytes, request.0, remember_until.0);
                    link.execute(&REFUSE_WAITING, row)?
                }
            };
            let outcome = if changed > 0 { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(changed > 0)
        })
        .await
    }

    async fn sweep_waiting(&self, now: Timestamp) -> Result<u32, StoreError> {
        self.sweep(&EXPIRED_WAITING, &SWEEP_WAITING, now).await
    }
}
