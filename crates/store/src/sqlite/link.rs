//! A connection that runs registered statements and nothing else.

use identity::store::StoreError;
use rusqlite::types::FromSql;
use rusqlite::{Connection, ErrorCode, Params, Row};

use super::row::Columns;
use super::statement::Statement;

/// What a verb gets to work with: one connection, inside a transaction where the verb writes.
pub(crate) struct Link<'c>(&'c Connection);

impl<'c> Link<'c> {
    /// Over a connection.
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self(connection)
    }

    /// Runs a statement that changes rows; how many.
    pub(crate) fn execute(
        &self,
        statement: &Statement,
        parameters: impl Params,
    ) -> Result<usize, StoreError> {
        self.0
            .prepare_cached(statement.sql)
            .and_then(|mut prepared| prepared.execute(parameters))
            .map_err(|error| failure(statement, error))
    }

    /// The first row, if there is one.
    pub(crate) fn first<T>(
        &self,
        statement: &Statement,
        parameters: impl Params,
        read: impl FnOnce(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let first = || {
            let mut prepared = self.0.prepare_cached(statement.sql)?;
            let mut rows = prepared.query(parameters)?;
            rows.next()?
                .map(|row| read(&mut Columns::of(row)))
                .transpose()
        };
        first().map_err(|error| failure(statement, error))
    }

    /// The first column of the first row, if there is one.
    pub(crate) fn value<T: FromSql>(
        &self,
        statement: &Statement,
        parameters: impl Params,
    ) -> Result<Option<T>, StoreError> {
        let value = || {
            let mut prepared = self.0.prepare_cached(statement.sql)?;
            let mut rows = prepared.query(parameters)?;
            rows.next()?.map(|row| row.get(0)).transpose()
        };
        value().map_err(|error| failure(statement, error))
    }

    /// Whether there is a row.
    pub(crate) fn exists(
        &self,
        statement: &Statement,
        parameters: impl Params,
    ) -> Result<bool, StoreError> {
        Ok(self.first(statement, parameters, |_| Ok(()))?.is_some())
    }

    /// All rows, in the order of the statement.
    pub(crate) fn all<T>(
        &self,
        statement: &Statement,
        parameters: impl Params,
        mut read: impl FnMut(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let all = || {
            let mut prepared = self.0.prepare_cached(statement.sql)?;
            prepared
                .query_map(parameters, |row: &Row<'_>| read(&mut Columns::of(row)))?
                .collect::<rusqlite::Result<Vec<T>>>()
        };
        all().map_err(|error| failure(statement, error))
    }
}

/// A row that does not parse is a corrupt row; a file held by another process is busy; all else is a
/// store out of reach.
fn failure(statement: &Statement, error: rusqlite::Error) -> StoreError {
    use rusqlite::Error as E;
    match error {
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::Utf8Error(..)
        | E::InvalidColumnType(..) => StoreError::Corrupt {
            table: statement.table,
        },
        E::SqliteFailure(cause, _)
            if matches!(
                cause.code,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
            ) =>
        {
            StoreError::Corrupt {
                table: statement.table,
            }
        }
        E::SqliteFailure(cause, _)
            if matches!(
                cause.code,
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked
            ) =>
        {
            StoreError::Busy
        }
        other => StoreError::Unavailable(Box::new(other)),
    }
}
