//! A copy of the database without the wrapped data keys, and those apart (design §4, Keys).
//!
//! Rows are read in one snapshot while the service works. The keys never touch the copy: it is filled row by row, not
//! copied and thinned out. Works on whatever the schema has; here no statement names a table, so it is not in the
//! registry.

use std::fs::File;
use std::path::Path;

use identity::store::StoreError;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::schema::{self, OpenError};

/// The tables a back-up of data leaves out: the data keys, which are backed up apart, and applications that wait, which
/// carry their own and would outlive their days in it.
const LEFT_OUT: [&str; 2] = ["data_key", "kept_application"];

/// A person's wrapped data key, as the key part of a back-up holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// Bucket number.
    pub bucket: u16,
    /// The 12 bytes of the person.
    pub person: [u8; 12],
    /// The key, wrapped by the key store.
    pub wrapped: Vec<u8>,
}

/// Copies the database at `from` into a new file, without data keys, and gives these.
pub fn back_up(from: &Path, to: &Path) -> Result<Vec<WrappedKey>, StoreError> {
    copy(from, to).map_err(unavailable)
}

/// Puts the data keys back into a copy of the data part.
pub fn restore_keys(database: &Path, keys: &[WrappedKey]) -> Result<(), StoreError> {
    put_back(database, keys).map_err(unavailable)
}

/// Puts all that is written into the one file, which can then be moved. Nobody else may have it open.
pub fn settle(database: &Path) -> Result<(), StoreError> {
    move_into_one_file(database).map_err(unavailable)
}

fn unavailable(error: OpenError) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

fn copy(from: &Path, to: &Path) -> Result<Vec<WrappedKey>, OpenError> {
    let source = schema::open_reader(from)?;
    schema::create_new(to)?;
    let target = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // A copy that breaks off is thrown away: nothing has to be journaled.
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")?;
    source.execute_batch("BEGIN")?;
    let version: i64 = source.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    target.execute_batch(&format!("PRAGMA user_version = {version}"))?;
    for (table, sql) in objects(&source, "table")? {
        target.execute_batch(&sql)?;
        if !LEFT_OUT.contains(&table.as_str()) {
            copy_rows(&source, &target, &table)?;
        }
    }
    for (_, sql) in objects(&source, "index")? {
        target.execute_batch(&sql)?;
    }
    let keys = read_keys(&source)?;
    source.execute_batch("COMMIT")?;
    target.execute_batch("COMMIT")?;
    drop(target);
    File::open(to)?.sync_all()?;
    Ok(keys)
}

fn move_into_one_file(database: &Path) -> Result<(), OpenError> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    drop(connection);
    File::open(database)?.sync_all()?;
    Ok(())
}

/// Names and definitions, in the order they were made.
fn objects(source: &Connection, kind: &str) -> Result<Vec<(String, String)>, OpenError> {
    let sql = "SELECT name, sql FROM sqlite_master
               WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut statement = source.prepare(sql)?;
    let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn copy_rows(source: &Connection, target: &Connection, table: &str) -> Result<(), OpenError> {
    let mut read = source.prepare(&format!("SELECT * FROM \"{table}\""))?;
    let columns = read.column_count();
    let marks = vec!["?"; columns].join(", ");
    let mut write = target.prepare(&format!("INSERT INTO \"{table}\" VALUES ({marks})"))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|column| row.get::<_, Value>(column));
        let values: Vec<Value> = values.collect::<Result<_, _>>()?;
        write.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn read_keys(source: &Connection) -> Result<Vec<WrappedKey>, OpenError> {
    let sql = "SELECT bucket, person, wrapped_data_key FROM data_key ORDER BY bucket, person";
    let mut statement = source.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(WrappedKey {
            bucket: row.get(0)?,
            person: row.get(1)?,
            wrapped: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn put_back(database: &Path, keys: &[WrappedKey]) -> Result<(), OpenError> {
    let mut connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare(
            "INSERT INTO data_key (bucket, person, wrapped_data_key) VALUES (?1, ?2, ?3)",
        )?;
        for key in keys {
            statement.execute((key.bucket, key.person, &key.wrapped))?;
        }
    }
    transaction.commit()?;
    drop(connection);
    File::open(database)?.sync_all()?;
    Ok(())
}
