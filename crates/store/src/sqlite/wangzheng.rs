//! 网证: one row per person, one state (R2.2).

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::id::PersonId;
use identity::receipt::InboxEntry;
use identity::store::StoreError;
use identity::wangzheng::{Suspension, Transitioned, WangzhengRow, WangzhengState, WangzhengStore};

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::rights::told;
use super::row::Columns;
use super::statement::{
    INSERT_WANGZHENG, RESTRICT_WANGZHENG, SET_WANGZHENG_STATE, SUSPEND_WANGZHENG, WANGZHENG,
};

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
        suspended_for: columns.named_if_any(Suspension::from_name)?,
        locked_under: columns.plain()?,
        restricted_on: columns.day_if_any()?,
        ends_with_document: columns.plain()?,
        document_checked_on: columns.day()?,
        waiting: columns.plain()?,
    })
}

/// A person's first 网证.
pub(crate) fn insert(link: &Link<'_>, row: &WangzhengRow) -> Result<(), StoreError> {
    let row = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        row.serial,
        row.state.as_str(),
        row.issued_on.0,
        row.valid_until.0,
        row.suspended_for.map(Suspension::as_str),
        row.locked_under,
        row.restricted_on.map(|day| day.0),
        row.ends_with_document,
        row.document_checked_on.0,
        &row.waiting,
    );
    link.execute(&INSERT_WANGZHENG, row).map(drop)
}

/// Stores the event of a change that happened, with its notice, or of one that could not.
fn transitioned(
    link: &Link<'_>,
    (done, state): (bool, WangzhengState),
    notice: &InboxEntry,
    person: PersonId,
    event: &EventDraft,
) -> Result<Transitioned, StoreError> {
    let (outcome, notice) = told(done, "not_in_state", notice);
    audit::record(link, person.bucket(), event, outcome, notice)?;
    Ok(if done {
        Transitioned::Changed
    } else {
        Transitioned::NotInState(state)
    })
}

#[async_trait]
impl WangzhengStore for Sqlite {
    async fn wangzheng(&self, person: PersonId) -> Result<Option<WangzhengRow>, StoreError> {
        self.read(|link| of(link, person))
    }

    async fn suspend_wangzheng(
        &self,
        person: PersonId,
        why: Suspension,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let state = of(link, person)?.map_or(WangzhengState::Revoked, |row| row.state);
            let open = [WangzhengState::Active, WangzhengState::Locked].contains(&state);
            if open {
                let locked = state == WangzhengState::Locked;
                let row = (bucket.number(), person.as_bytes(), why.as_str(), locked);
                link.execute(&SUSPEND_WANGZHENG, row)?;
            }
            transitioned(link, (open, state), &notice, person, &event)
        })
        .await
    }

    async fn restrict_wangzheng(
        &self,
        person: PersonId,
        since: Option<Day>,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let row = of(link, person)?;
            let ended = [WangzhengState::Superseded, WangzhengState::Revoked];
            let changes = row.is_some_and(|row| {
                row.restricted_on.is_some() != since.is_some() && !ended.contains(&row.state)
            });
            if changes {
                let row = (bucket.number(), person.as_bytes(), since.map(|day| day.0));
                link.execute(&RESTRICT_WANGZHENG, row)?;
            }
            let (outcome, notice) = told(changes, "not_in_state", &notice);
            audit::record(link, bucket, &event, outcome, notice)?;
            Ok(changes)
        })
        .await
    }

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
