//! Reading rows: columns in the order of the statement, each into its own type.

use crypto::digest::Digest;
use identity::clock::{Day, Timestamp};
use identity::id::{Bucket, PersonId};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, Type};

/// The columns of a row, taken from left to right.
pub(crate) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    next: usize,
}

impl<'r, 's> Columns<'r, 's> {
    /// Of a row, from the first.
    pub(crate) fn of(row: &'r Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column as SQLite's own type or as bytes of a fixed length.
    pub(crate) fn plain<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let index = self.next;
        self.next += 1;
        self.row.get(index)
    }

    /// 32 bytes.
    pub(crate) fn digest(&mut self) -> rusqlite::Result<Digest> {
        self.plain().map(Digest)
    }

    /// 32 bytes or nothing.
    pub(crate) fn digest_if_any(&mut self) -> rusqlite::Result<Option<Digest>> {
        Ok(self.plain::<Option<[u8; 32]>>()?.map(Digest))
    }

    /// 12 bytes.
    pub(crate) fn person(&mut self) -> rusqlite::Result<PersonId> {
        self.plain().map(PersonId::from_bytes)
    }

    /// 12 bytes or nothing.
    pub(crate) fn person_if_any(&mut self) -> rusqlite::Result<Option<PersonId>> {
        Ok(self.plain::<Option<[u8; 12]>>()?.map(PersonId::from_bytes))
    }

    /// A number of a bucket there is.
    pub(crate) fn bucket(&mut self) -> rusqlite::Result<Bucket> {
        let number = self.plain()?;
        self.known(Bucket::new(number))
    }

    /// A day.
    pub(crate) fn day(&mut self) -> rusqlite::Result<Day> {
        self.plain().map(Day)
    }

    /// A day or nothing.
    pub(crate) fn day_if_any(&mut self) -> rusqlite::Result<Option<Day>> {
        Ok(self.plain::<Option<i32>>()?.map(Day))
    }

    /// A moment.
    pub(crate) fn timestamp(&mut self) -> rusqlite::Result<Timestamp> {
        self.plain().map(Timestamp)
    }

    /// A moment or nothing.
    pub(crate) fn timestamp_if_any(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.plain::<Option<i64>>()?.map(Timestamp))
    }

    /// A name, and the value it is of.
    pub(crate) fn named<T>(&mut self, value: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let name: String = self.plain()?;
        self.known(value(&name))
    }

    /// A name, and the value it is of, or nothing.
    pub(crate) fn named_if_any<T>(
        &mut self,
        value: impl Fn(&str) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        let name: Option<String> = self.plain()?;
        name.map(|name| self.known(value(&name))).transpose()
    }

    /// JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        let text: String = self.plain()?;
        self.known(serde_json::from_str(&text).ok())
    }

    /// JSON or nothing.
    pub(crate) fn json_if_any<T: serde::de::DeserializeOwned>(
        &mut self,
    ) -> rusqlite::Result<Option<T>> {
        match self.plain::<Option<String>>()? {
            None => Ok(None),
            Some(text) => self.known(serde_json::from_str(&text).ok()).map(Some),
        }
    }

    /// The value, or the error of a column that says nothing this version of the service writes.
    fn known<T>(&self, value: Option<T>) -> rusqlite::Result<T> {
        value.ok_or_else(|| {
            let index = self.next.saturating_sub(1);
            let cause = Box::new(FromSqlError::InvalidType);
            rusqlite::Error::FromSqlConversionFailure(index, Type::Text, cause)
        })
    }
}
