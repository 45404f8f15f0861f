//! Accounts of staff: a reference table. The rules are [`StaffRow::debit`] and [`StaffRow::signed_in`]; here they
//! happen once for each attempt, however many come at the same time.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::{EventDraft, reference_bucket};
use identity::clock::Timestamp;
use identity::id::StaffLogin;
use identity::staff::{KeptPassword, StaffDebited, StaffRow, StaffState, StaffStore};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{ALL_STAFF, PUT_STAFF, STAFF};

/// One account.
pub(crate) fn of(link: &Link<'_>, login: &StaffLogin) -> Result<Option<StaffRow>, StoreError> {
    link.first(&STAFF, [login.as_str()], read)
}

fn put(link: &Link<'_>, row: &StaffRow) -> Result<(), StoreError> {
    let columns = (row.login.as_str(), to_json(row)?);
    link.execute(&PUT_STAFF, columns).map(drop)
}

fn record(
    link: &Link<'_>,
    login: &StaffLogin,
    event: &EventDraft,
    outcome: &str,
) -> Result<(), StoreError> {
    audit::record(link, reference_bucket(login.as_str()), event, outcome, None)
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<StaffRow> {
    columns.json()
}

#[async_trait]
impl StaffStore for Sqlite {
    async fn put_staff(&self, row: StaffRow, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            put(link, &row)?;
            record(link, &row.login, &event, "done")
        })
        .await
    }

    async fn all_staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        self.read(|link| link.all(&ALL_STAFF, [], read))
    }

    async fn staff(&self, login: &StaffLogin) -> Result<Option<StaffRow>, StoreError> {
        self.read(|link| of(link, login))
    }

    async fn debit_staff(
        &self,
        login: &StaffLogin,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<StaffDebited, StoreError> {
        let login = login.clone();
        self.write(move |link| {
            let open = of(link, &login)?.filter(|row| row.state == StaffState::Active);
            let (debited, outcome) = match open.map(|row| row.debit(now)) {
                None => (StaffDebited::Unknown, "unknown"),
                Some(Err(until)) => (StaffDebited::LockedUntil(until), "locked"),
                Some(Ok(row)) => {
                    put(link, &row)?;
                    (StaffDebited::Spent(Box::new(row)), "spent")
                }
            };
            record(link, &login, &event, outcome)?;
            Ok(debited)
        })
        .await
    }

    async fn open_staff_session(
        &self,
        login: &StaffLogin,
        session: Digest,
        first_password: Option<KeptPassword>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let login = login.clone();
        self.write(move |link| {
            let open = of(link, &login)?.filter(|row| row.state == StaffState::Active);
            // A first password is first once: of two at the same time, one is kept.
            let open = open.filter(|row| first_password.is_none() || row.password.is_none());
            let Some(row) = open else {
                record(link, &login, &event, "unknown")?;
                return Ok(false);
            };
            let mut row = row.signed_in(session);
            row.password = first_password.or(row.password);
            put(link, &row)?;
            record(link, &login, &event, "done")?;
            Ok(true)
        })
        .await
    }

    async fn close_staff_session(
        &self,
        login: &StaffLogin,
        session: Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let login = login.clone();
        self.write(move |link| {
            let row = of(link, &login)?.filter(|row| row.session == Some(session));
            let Some(row) = row else {
                record(link, &login, &event, "not_found")?;
                return Ok(false);
            };
            let row = StaffRow {
                session: None,
                ..row
            };
            put(link, &row)?;
            record(link, &login, &event, "done")?;
            Ok(true)
        })
        .await
    }
}
