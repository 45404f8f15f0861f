//! A few connections for reading, used inline: a read is a handful of microseconds.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::Connection;

use super::link::Link;
use super::schema::{self, OpenError};

/// The pool. Each read sees everything that was answered before it began.
pub(crate) struct Reader {
    connections: Box<[Mutex<Connection>]>,
    next: AtomicUsize,
}

impl Reader {
    /// Opens `count` connections, at least one.
    pub(crate) fn open(path: &Path, count: usize) -> Result<Self, OpenError> {
        let connections = (0..count.max(1))
            .map(|_| schema::open_reader(path).map(Mutex::new))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            connections,
            next: AtomicUsize::new(0),
        })
    }

    /// Reads on whichever connection is free, or waits for one.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Link<'_>) -> T) -> T {
        let connection = self.free();
        read(&Link::new(&connection))
    }

    fn free(&self) -> MutexGuard<'_, Connection> {
        let start = self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len();
        let (before, after) = self.connections.split_at(start);
        for connection in after.iter().chain(before) {
            match connection.try_lock() {
                Ok(free) => return free,
                // A read that panicked changed nothing.
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.connections[start]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
