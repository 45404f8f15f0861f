//! The embedded store: one SQLite file.
//!
//! Writes go to one thread that groups commits ([`writer`]), reads run inline on a few connections
//! ([`reader`]), all SQL is in one registry ([`statement`]). Two processes may work on the same file.

use std::path::Path;
use std::time::Duration;

use identity::audit::EventDraft;
use identity::id::Bucket;
use identity::person::{Applied, NewPerson};
use identity::store::StoreError;

mod audit;
mod backchannel;
pub mod backup;
mod case_file;
mod complaint;
mod consent;
mod device;
mod disclosure;
mod erasure;
mod guardianship;
mod handover;
mod incident;
mod kept_application;
mod legal_request;
mod link;
mod log;
mod notice;
mod oversight;
mod person;
mod pin;
mod platform;
mod reader;
mod receipt;
mod recheck;
mod rights;
mod row;
mod schema;
mod signal;
mod staff;
mod statement;
mod sweep;
mod transparency;
mod verification;
mod wanghao;
mod wangzheng;
mod writer;

use link::Link;
use reader::Reader;
use writer::Writer;

/// How a store is opened. The defaults are right for production.
#[derive(Debug, Clone)]
pub struct Options {
    /// When an answer may be given.
    pub synchronous: Synchronous,
    /// Connections for reading; one per core is plenty.
    pub read_connections: usize,
    /// Writes that may wait; one more is answered [`StoreError::Busy`].
    pub queue_depth: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            read_connections: 4,
            queue_depth: 4096,
        }
    }
}

/// When a write counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// When it is on the disk.
    #[default]
    Full,
    /// When the operating system has it: **loses acknowledged work when the power fails**. It is here
    /// as the control of the power-loss test, which must fail with it.
    Normal,
}

impl Synchronous {
    fn pragma(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}

/// A store in one SQLite file. Dropping it waits until what was begun is done.
pub struct Sqlite {
    writer: Writer,
    reader: Reader,
}

impl Sqlite {
    /// Opens the file at `path`, creates it where there is none, brings its schema up to date.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let unavailable = |error| StoreError::Unavailable(Box::new(error));
        let connection = schema::open_writer(path, options.synchronous).map_err(unavailable)?;
        let reader = Reader::open(path, options.read_connections).map_err(unavailable)?;
        let writer = Writer::start(connection, options.queue_depth)
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self { writer, reader })
    }

    /// Many applications in one transaction, each as [`identity::person::PersonStore::apply`] does
    /// it: all are stored, or none. For filling a store before a measurement.
    pub async fn bulk_apply(
        &self,
        persons: Vec<(Bucket, NewPerson, EventDraft)>,
    ) -> Result<Vec<Applied>, StoreError> {
        self.write(move |link| {
            persons
                .iter()
                .map(|(bucket, new, event)| person::apply(link, *bucket, new, event))
                .collect()
        })
        .await
    }

    /// One verb, one transaction.
    async fn write<T, V>(&self, verb: V) -> Result<T, StoreError>
    where
        T: Send + 'static,
        V: FnOnce(&Link<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.submit(verb).await
    }

    /// Empties the write-ahead log, so that pages as they were before an erasure are gone. Readers of this process are
    /// out of the way within microseconds; one that stays, in another process, is waited for a while.
    async fn empty_write_ahead_log(&self) -> Result<(), StoreError> {
        for _ in 0..50 {
            if self.writer.empty_log().await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tracing::warn!(
            "a reader keeps the write-ahead log from being emptied; the next erasure or sweep tries again"
        );
        Ok(())
    }

    /// One read.
    fn read<T>(&self, read: impl FnOnce(&Link<'_>) -> T) -> T {
        self.reader.read(read)
    }
}
