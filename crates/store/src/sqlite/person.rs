//! The natural person: one human, one row (R2.3).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::id::{Bucket, DeviceId, PersonId};
use identity::person::{Applied, HolderView, NewPerson, PersonRow, PersonStore, RecoveryWrap};
use identity::store::StoreError;

use super::link::Link;
use super::row::Columns;
use super::statement::{
    DOCUMENT_OWNER, HOLDER, HOLDER_VIEW, INSERT_DATA_KEY, INSERT_DOCUMENT, INSERT_PERSON, PERSON,
    REPLACE_HISTORY_KEY,
};
use super::{Sqlite, audit, consent, device, guardianship, pin, wangzheng};

/// An application (申领), one unit.
pub(crate) fn apply(
    link: &Link<'_>,
    bucket: Bucket,
    new: &NewPerson,
    event: &EventDraft,
) -> Result<Applied, StoreError> {
    // R2.3: the same human by the holder reference, or by one of the documents.
    if let Some(person) = already_there(link, bucket, new)? {
        audit::record(link, bucket, event, "already_holds", None)?;
        return Ok(Applied::AlreadyHolds(person));
    }
    insert(link, bucket, &new.person)?;
    for document in &new.documents {
        let row = (bucket.number(), document.0, new.person.person.as_bytes());
        link.execute(&INSERT_DOCUMENT, row)?;
    }
    wangzheng::insert(link, &new.wangzheng)?;
    device::insert(link, &new.device)?;
    pin::put(link, &new.pin)?;
    for row in &new.consents {
        consent::put(link, row)?;
    }
    if let Some(minor) = &new.minor {
        guardianship::insert(link, bucket, minor)?;
    }
    audit::record(link, bucket, event, "done", None)?;
    Ok(Applied::Applied)
}

fn already_there(
    link: &Link<'_>,
    bucket: Bucket,
    new: &NewPerson,
) -> Result<Option<PersonId>, StoreError> {
    let bucket = bucket.number();
    let holder = link.first(&HOLDER, (bucket, new.person.holder.0), |columns| {
        columns.person()
    })?;
    if holder.is_some() {
        return Ok(holder);
    }
    for document in &new.documents {
        let owner = link.first(&DOCUMENT_OWNER, (bucket, document.0), |columns| {
            columns.person()
        })?;
        if owner.is_some() {
            return Ok(owner);
        }
    }
    Ok(None)
}

fn insert(link: &Link<'_>, bucket: Bucket, row: &PersonRow) -> Result<(), StoreError> {
    let (bucket, person) = (bucket.number(), row.person.as_bytes());
    let recovery = row.recovery.as_ref();
    let columns = (
        bucket,
        person,
        row.holder.0,
        &row.sealed_record,
        row.generation,
        &row.history_key,
        recovery.map(|recovery| &recovery.wrap),
        recovery.map(|recovery| recovery.proof.0),
        row.applied_on.0,
    );
    link.execute(&INSERT_PERSON, columns)?;
    link.execute(&INSERT_DATA_KEY, (bucket, person, &row.wrapped_data_key))
        .map(drop)
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        person: columns.person()?,
        holder: columns.digest()?,
        wrapped_data_key: columns.plain()?,
        sealed_record: columns.plain()?,
        generation: columns.plain()?,
        history_key: columns.plain()?,
        recovery: {
            let wrap: Option<Vec<u8>> = columns.plain()?;
            let proof = columns.digest_if_any()?;
            wrap.zip(proof)
                .map(|(wrap, proof)| RecoveryWrap { wrap, proof })
        },
        applied_on: columns.day()?,
    })
}

#[async_trait]
impl PersonStore for Sqlite {
    async fn apply(
        &self,
        bucket: Bucket,
        new: NewPerson,
        event: EventDraft,
    ) -> Result<Applied, StoreError> {
        self.write(move |link| apply(link, bucket, &new, &event))
            .await
    }

    async fn person(&self, person: PersonId) -> Result<Option<PersonRow>, StoreError> {
        let key = (person.bucket().number(), person.as_bytes());
        self.read(|link| link.first(&PERSON, key, read))
    }

    async fn holder(
        &self,
        bucket: Bucket,
        holder: &Digest,
    ) -> Result<Option<PersonId>, StoreError> {
        self.read(|link| {
            link.first(&HOLDER, (bucket.number(), holder.0), |columns| {
                columns.person()
            })
        })
    }

    async fn holder_view(
        &self,
        person: PersonId,
        device: DeviceId,
    ) -> Result<Option<HolderView>, StoreError> {
        let key = (person.bucket().number(), person.as_bytes(), device.0);
        self.read(|link| {
            link.first(&HOLDER_VIEW, key, |columns| {
                Ok(HolderView {
                    person: read(columns)?,
                    wangzheng: wangzheng::read(person, columns)?,
                    device: device::read(person, columns)?,
                })
            })
        })
    }

    async fn replace_history_key(
        &self,
        person: PersonId,
        history_key: Vec<u8>,
        recovery: Option<RecoveryWrap>,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (
                bucket.number(),
                person.as_bytes(),
                &history_key,
                recovery.as_ref().map(|recovery| &recovery.wrap),
                recovery.as_ref().map(|recovery| recovery.proof.0),
            );
            let found = link.execute(&REPLACE_HISTORY_KEY, row)? == 1;
            let outcome = if found { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)
        })
        .await
    }
}
