//! 网证: one row per person, one state (R2.2).

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::id::PersonId;
use identity::store::StoreError;
use identity::wangzheng::{Transitioned, WangzhengRow, WangzhengState, WangzhengStore};

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::row::Columns;
use super::statement::{INSERT_WANGZHENG, SET_WANGZHENG_STATE, WANGZHENG};

/// The 网证 of a person.
pub(crate) fn of(link: &Link<'_>, person: PersonId) -> Result<Option<WangzhengRow>, StoreError> {
    link.first(
        &WANGZHENG,
        (person.bucket().number(), person.as_bytes()),
        |columns| {
            let person = columns.person()?;
            read(person, columns)
        },
    )
}

/// The columns after the person.
pub(crate) fn read(
    person: PersonId,
    columns: &mut Columns<'_, '_>,
) -> rusqlite::Result<WangzhengRow> {
    Ok(WangzhengRow {
        person,
        serial: columns.plain()?,
        state: columns.named(WangzhengState::from_name)?,
        issued_on: columns.day()?,
        valid_until: columns.day()?,
    })
}

/// A person's first 网证.
pub(crate) fn insert(link: &Link<'_>, row: &WangzhengRow) -> Result<(), StoreError> {
    let WangzhengRow {
        person,
        serial,
        state,
        issued_on,
        valid_until,
    } = row;
    let key = (person.bucket().number(), person.as_bytes());
    let row = (
        key.0,
        key.1,
        serial,
        state.as_str(),
        issued_on.0,
        valid_until.0,
    );
    link.execute(&INSERT_WANGZHENG, row).map(drop)
}

#[async_trait]
impl WangzhengStore for Sqlite {
    async fn transition_wangzheng(
        &self,
        person: PersonId,
        from: WangzhengState,
        to: WangzhengState,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError> {
        self.write(move |link| {
            // A person without a 网证 has none to use: revoked is where every road ends.
            let state = of(link, person)?.map_or(WangzhengState::Revoked, |row| row.state);
            let bucket = person.bucket();
            if state != from {
                audit::record(link, bucket, &event, "not_in_state", None)?;
                return Ok(Transitioned::NotInState(state));
            }
            let key = (bucket.number(), person.as_bytes(), to.as_str());
            link.execute(&SET_WANGZHENG_STATE, key)?;
            audit::record(link, bucket, &event, "done", None)?;
            Ok(Transitioned::Changed)
        })
        .await
    }
}
