//! One thread that writes, and groups commits.
//!
//! Whatever waits in the queue goes into one transaction and is made durable by one sync; then all
//! are answered. Under load the groups grow by themselves, at rest a group is one operation: nothing
//! ever sleeps to wait for company. Each operation has its own savepoint, so one that fails, or
//! panics, takes nothing with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use identity::store::StoreError;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::link::Link;

/// Operations of one transaction at most, so that the first is not kept waiting for ever.
const LARGEST_GROUP: usize = 512;

/// The way to the writing thread. Dropping it waits until what was begun is done.
pub(crate) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; `depth` operations may wait.
    pub(crate) fn start(connection: Connection, depth: usize) -> std::io::Result<Self> {
        let (queue, waiting) = sync_channel(depth);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&connection, &waiting))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Carries out `verb` whole, and answers when it is durable. A caller that goes away before the
    /// verb has begun withdraws it; one that goes away later merely misses the answer.
    pub(crate) async fn submit<T, V>(&self, verb: V) -> Result<T, StoreError>
    where
        T: Send + 'static,
        V: FnOnce(&Link<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let operation = Box::new(Pending {
            verb: Some(verb),
            reached: None,
            answer,
        });
        self.send(Work::Operation(operation))?;
        answered.await.unwrap_or_else(|_| Err(shut()))
    }

    /// Moves everything out of the write-ahead log and cuts it to nothing; `false` when somebody still reads there.
    pub(crate) async fn empty_log(&self) -> Result<bool, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Work::EmptyLog(answer))?;
        answered.await.unwrap_or_else(|_| Err(shut()))
    }

    fn send(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or_else(shut)?;
        queue.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => shut(),
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // The thread catches the panics of operations; it has none of its own to pass on.
            let _ = thread.join();
        }
    }
}

/// What waits in the queue.
enum Work {
    /// Part of a group.
    Operation(Box<dyn Operation>),
    /// Between two groups: no checkpoint runs inside a transaction.
    EmptyLog(oneshot::Sender<Result<bool, StoreError>>),
}

/// An operation in the queue, whatever its answer is.
trait Operation: Send {
    /// Nobody waits for it any more.
    fn abandoned(&self) -> bool;
    /// Runs it inside the transaction; `false` when its changes must be undone.
    fn run(&mut self, link: &Link<'_>) -> bool;
    /// Answers: what it reached if that is `durable`, an error otherwise.
    fn answer(self: Box<Self>, durable: Result<(), &rusqlite::Error>);
}

struct Pending<T, V> {
    verb: Option<V>,
    reached: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, V> Operation for Pending<T, V>
where
    T: Send,
    V: FnOnce(&Link<'_>) -> Result<T, StoreError> + Send,
{
    fn abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(&mut self, link: &Link<'_>) -> bool {
        let Some(verb) = self.verb.take() else {
            return false;
        };
        let reached = catch_unwind(AssertUnwindSafe(|| verb(link)))
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the operation panicked".into())));
        self.reached.insert(reached).is_ok()
    }

    fn answer(self: Box<Self>, durable: Result<(), &rusqlite::Error>) {
        let answer = match (durable, self.reached) {
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(Ok(reached))) => Ok(reached),
            (Err(error), _) => Err(not_durable(error)),
            (Ok(()), None) => Err(shut()),
        };
        // A caller that went away does not want to know.
        let _ = self.answer.send(answer);
    }
}

/// Serves until every sender is gone and the queue is empty.
fn serve(connection: &Connection, waiting: &Receiver<Work>) {
    while let Ok(work) = waiting.recv() {
        let first = match work {
            Work::Operation(first) => first,
            Work::EmptyLog(answer) => {
                // A caller that went away does not want to know.
                let _ = answer.send(empty_log(connection));
                continue;
            }
        };
        let mut group = Vec::new();
        let mut between = None;
        let durable = commit(connection, first, waiting, &mut group, &mut between);
        if let Err(error) = &durable {
            tracing::error!(%error, operations = group.len(), "a group of writes was not committed");
            if !connection.is_autocommit() {
                // Should this fail too, the next BEGIN does, and says so.
                let _ = control(connection, "ROLLBACK");
            }
        }
        for operation in group {
            operation.answer(durable.as_ref().copied());
        }
        if let Some(answer) = between {
            let _ = answer.send(empty_log(connection));
        }
    }
}

/// `PRAGMA wal_checkpoint(TRUNCATE)`: its first column says whether somebody was in the way.
fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, bool>(0)
    });
    busy.map(|busy| !busy).map_err(|error| not_durable(&error))
}

/// Runs `first`, and whatever waits or arrives meanwhile, as one transaction; all of it is in `group`. Work that goes
/// between two groups ends this one.
fn commit(
    connection: &Connection,
    first: Box<dyn Operation>,
    waiting: &Receiver<Work>,
    group: &mut Vec<Box<dyn Operation>>,
    between: &mut Option<oneshot::Sender<Result<bool, StoreError>>>,
) -> rusqlite::Result<()> {
    let mut take = || match waiting.try_recv() {
        Ok(Work::Operation(operation)) => Some(operation),
        Ok(Work::EmptyLog(answer)) => {
            *between = Some(answer);
            None
        }
        Err(_) => None,
    };
    if let Err(error) = control(connection, "BEGIN IMMEDIATE") {
        // Another process holds the file, or it is gone: all who wait hear it now, not one by one.
        group.push(first);
        group.extend(std::iter::from_fn(take).take(LARGEST_GROUP));
        return Err(error);
    }
    let mut next = Some(first);
    while let Some(mut operation) = next {
        if !operation.abandoned() {
            let kept = run_alone(connection, &mut *operation);
            group.push(operation);
            kept?;
        }
        next = if group.len() < LARGEST_GROUP {
            take()
        } else {
            None
        };
    }
    control(connection, "COMMIT")
}

/// Runs one operation in its own savepoint. An error here is one of the whole transaction: SQLite
/// gives it up by itself when the disk is full or fails.
fn run_alone(connection: &Connection, operation: &mut dyn Operation) -> rusqlite::Result<()> {
    control(connection, "SAVEPOINT operation")?;
    if !operation.run(&Link::new(connection)) {
        control(connection, "ROLLBACK TO operation")?;
    }
    control(connection, "RELEASE operation")
}

/// Statements that steer transactions; they name no table.
fn control(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

fn shut() -> StoreError {
    StoreError::Unavailable("the store is shut".into())
}

/// The error of one among many whose transaction was lost.
fn not_durable(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => StoreError::Unavailable(error.to_string().into()),
    }
}

#[cfg(test)]
#[path = "writer/tests.rs"]
mod tests;
