//! The file: how it is opened, and its schema.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use super::Synchronous;

/// Each migration runs once, in this order, and is never edited afterwards.
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);
const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_guardianship.sql")),
    M::up(include_str!("migrations/0003_disclosure.sql")),
    M::up(include_str!("migrations/0004_erasure.sql")),
    M::up(include_str!("migrations/0005_rights.sql")),
    M::up(include_str!("migrations/0006_signals.sql")),
    M::up(include_str!("migrations/0007_oversight.sql")),
    M::up(include_str!("migrations/0008_case.sql")),
    M::up(include_str!("migrations/0009_notice.sql")),
    M::up(include_str!("migrations/0010_kept_application.sql")),
];

/// How long to wait for another process that writes to the same file.
const OTHER_PROCESS: Duration = Duration::from_secs(10);
/// Pages of the write-ahead log before they are moved into the file: 64 MiB. A page that changes many
/// times in between is moved once.
const CHECKPOINT_PAGES: u32 = 16_384;
/// Page caches in KiB (negative: SQLite's way to say so).
const WRITER_CACHE: i32 = -65_536;
const READER_CACHE: i32 = -8_192;
/// Above the number of statements in the registry, so that each is prepared once.
const PREPARED_STATEMENTS: usize = 256;

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Migration(#[from] rusqlite_migration::Error),
}

/// The connection of the writer: creates the file where there is none and brings it up to date.
pub(crate) fn open_writer(path: &Path, synchronous: Synchronous) -> Result<Connection, OpenError> {
    // Held until the end: of several that open at once, one creates and migrates.
    let _turn = take_turn(path)?;
    create_private(path)?;
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(OTHER_PROCESS)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous.pragma())?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// A connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(OTHER_PROCESS)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.pragma_update(None, "cache_size", READER_CACHE)?;
    Ok(connection)
}

/// Brings the schema up to date.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    MIGRATIONS.to_latest(connection)
}

/// Waits until nobody else, in any process, is opening the file. SQLite's own locks do not cover the
/// change to a write-ahead log.
fn take_turn(path: &Path) -> std::io::Result<File> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let file = private().truncate(false).create(true).open(beside)?;
    file.lock()?;
    Ok(file)
}

/// Creates the file readable by nobody else; SQLite gives its companions the same mode. A file that
/// is there is not touched: closing it would release the locks of another store of this process.
fn create_private(path: &Path) -> std::io::Result<()> {
    match private().create_new(true).open(path) {
        Ok(_) => sync_folder(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Creates a file that must not be there, readable by nobody else.
pub(crate) fn create_new(path: &Path) -> std::io::Result<()> {
    private().create_new(true).open(path).map(drop)
}

/// Makes the new name durable, where folders can be opened.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn what_the_writer_promises_is_really_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let connection = open_writer(&path, Synchronous::Full).unwrap();
        let pragma = |name: &str| -> String {
            let value = connection
                .pragma_query_value(None, name, |row| row.get_ref(0).map(|v| format!("{v:?}")));
            value.unwrap()
        };
        assert_eq!(pragma("journal_mode"), "Text([119, 97, 108])");
        assert_eq!(pragma("synchronous"), "Integer(2)");
        assert_eq!(pragma("secure_delete"), "Integer(1)");
        assert_eq!(pragma("foreign_keys"), "Integer(0)");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_the_files() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let _connection = open_writer(&path, Synchronous::Full).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(
                file.metadata().unwrap().permissions().mode() & 0o077,
                0,
                "{file:?}"
            );
        }
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let _writer = open_writer(&path, Synchronous::Full).unwrap();
        let reader = open_reader(&path).unwrap();
        assert!(reader.execute("DELETE FROM person", []).is_err());
    }
}
