//! A person's devices.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::device::{DeviceAdded, DeviceCurve, DeviceRow, DeviceStore};
use identity::id::{DeviceId, PersonId};
use identity::receipt::InboxEntry;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::row::Columns;
use super::statement::{COUNT_DEVICES, DELETE_DEVICE, DEVICES, INSERT_DEVICE, PUT_HISTORY_WRAP};

const P256: &str = "P-256";
const SM2: &str = "SM2";

/// Stores a device.
pub(crate) fn insert(link: &Link<'_>, row: &DeviceRow) -> Result<(), StoreError> {
    let curve = match row.curve {
        DeviceCurve::P256 => P256,
        DeviceCurve::Sm2 => SM2,
    };
    let columns = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        row.device.0,
        &row.signing_key,
        curve,
        &row.agreement_key,
        &row.sealed_name,
        &row.history_wrap,
        row.added_on.0,
        row.active_from.0,
    );
    link.execute(&INSERT_DEVICE, columns).map(drop)
}

/// The columns after the person.
pub(crate) fn read(person: PersonId, columns: &mut Columns<'_, '_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        person,
        device: DeviceId(columns.plain()?),
        signing_key: columns.plain()?,
        curve: columns.named(|name| match name {
            P256 => Some(DeviceCurve::P256),
            SM2 => Some(DeviceCurve::Sm2),
            _ => None,
        })?,
        agreement_key: columns.plain()?,
        sealed_name: columns.plain()?,
        history_wrap: columns.plain()?,
        added_on: columns.day()?,
        active_from: columns.timestamp()?,
    })
}

#[async_trait]
impl DeviceStore for Sqlite {
    async fn add_device(
        &self,
        device: DeviceRow,
        most: u32,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<DeviceAdded, StoreError> {
        self.write(move |link| {
            let bucket = device.person.bucket();
            let held: u32 = link
                .value(&COUNT_DEVICES, (bucket.number(), device.person.as_bytes()))?
                .unwrap_or(0);
            if held >= most {
                audit::record(link, bucket, &event, "too_many", None)?;
                return Ok(DeviceAdded::TooMany);
            }
            insert(link, &device)?;
            audit::record(link, bucket, &event, "done", Some(&notice))?;
            Ok(DeviceAdded::Added)
        })
        .await
    }

    async fn remove_device(
        &self,
        person: PersonId,
        device: DeviceId,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let key = (bucket.number(), person.as_bytes(), device.0);
            let removed = link.execute(&DELETE_DEVICE, key)? == 1;
            let told = removed.then_some(&notice);
            audit::record(link, bucket, &event, done_if(removed), told)?;
            Ok(removed)
        })
        .await
    }

    async fn put_history_wrap(
        &self,
        person: PersonId,
        device: DeviceId,
        history_wrap: Vec<u8>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), device.0, &history_wrap);
            let found = link.execute(&PUT_HISTORY_WRAP, row)? == 1;
            audit::record(link, bucket, &event, done_if(found), None)?;
            Ok(found)
        })
        .await
    }

    async fn devices(&self, person: PersonId) -> Result<Vec<DeviceRow>, StoreError> {
        self.read(|link| {
            link.all(
                &DEVICES,
                (person.bucket().number(), person.as_bytes()),
                |columns| {
                    let person = columns.person()?;
                    read(person, columns)
                },
            )
        })
    }
}

fn done_if(found: bool) -> &'static str {
    if found { "done" } else { "not_found" }
}
