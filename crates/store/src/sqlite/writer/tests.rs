//! The writer survives whatever an operation does to it.

use std::sync::mpsc;

use identity::id::Bucket;

use super::*;
use crate::sqlite::Synchronous;
use crate::sqlite::audit::next_sequence;
use crate::sqlite::schema::{open_reader, open_writer};
use crate::sqlite::statement::LAST_SEQUENCE;

fn writer(depth: usize) -> (Writer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let connection = open_writer(&folder.path().join("store.db"), Synchronous::Full).unwrap();
    (Writer::start(connection, depth).unwrap(), folder)
}

/// Takes the next sequence of bucket 1.
fn count(link: &Link<'_>) -> Result<u64, StoreError> {
    next_sequence(link, Bucket::new(1).unwrap())
}

/// Starts an operation that holds the writer until the sender is dropped.
fn hold(
    writer: &Writer,
) -> (
    impl Future<Output = Result<(), StoreError>>,
    mpsc::Sender<()>,
) {
    let (release, held) = mpsc::channel::<()>();
    let holding = writer.submit(move |_| {
        let _ = held.recv();
        Ok(())
    });
    (holding, release)
}

#[tokio::test]
async fn an_operation_that_fails_takes_nothing_with_it() {
    let (writer, _folder) = writer(64);
    let (holding, release) = hold(&writer);
    let (holding, first, failed, panicked, last, ()) = tokio::join!(
        holding,
        writer.submit(count),
        writer.submit(|link| {
            count(link)?;
            Err::<u64, _>(StoreError::Corrupt { table: "test" })
        }),
        writer.submit(|link| -> Result<u64, StoreError> {
            count(link)?;
            panic!("an operation of the test")
        }),
        writer.submit(count),
        async { drop(release) },
    );
    holding.unwrap();
    assert_eq!(first.unwrap(), 1);
    assert!(matches!(failed, Err(StoreError::Corrupt { table: "test" })));
    assert!(matches!(panicked, Err(StoreError::Unavailable(_))));
    assert_eq!(last.unwrap(), 2, "what failed gave its sequence back");
    assert_eq!(writer.submit(count).await.unwrap(), 3, "the writer goes on");
}

#[tokio::test]
async fn a_full_queue_says_busy_and_recovers() {
    let (writer, _folder) = writer(1);
    let (holding, release) = hold(&writer);
    let mut holding = Box::pin(holding);
    // Polling submits; the writer picks it up, and the queue has one place again.
    assert!(poll_once(holding.as_mut()).await);
    let mut waiting = Vec::new();
    let mut refused = 0;
    for _ in 0..20 {
        let mut submitted = Box::pin(writer.submit(count));
        if poll_once(submitted.as_mut()).await {
            waiting.push(submitted);
        } else {
            refused += 1;
        }
    }
    assert!(
        refused >= 18,
        "one is being worked on, one waits: {refused}"
    );
    drop(release);
    holding.await.unwrap();
    for submitted in waiting {
        submitted.await.unwrap();
    }
    writer.submit(count).await.unwrap();
}

#[tokio::test]
async fn who_goes_away_before_the_verb_begins_withdraws_it() {
    let (writer, _folder) = writer(64);
    let (holding, release) = hold(&writer);
    let mut holding = Box::pin(holding);
    assert!(poll_once(holding.as_mut()).await);
    let mut gone = Box::pin(writer.submit(count));
    assert!(poll_once(gone.as_mut()).await);
    drop(gone);
    drop(release);
    holding.await.unwrap();
    assert_eq!(writer.submit(count).await.unwrap(), 1);
}

#[tokio::test]
async fn dropping_the_writer_ends_its_thread_and_keeps_what_was_begun() {
    let (writer, folder) = writer(64);
    let (begun, has_begun) = mpsc::channel();
    let mut gone = Box::pin(writer.submit(move |link| {
        let _ = begun.send(());
        count(link)
    }));
    assert!(poll_once(gone.as_mut()).await);
    has_begun.recv().unwrap();
    drop(gone);
    drop(writer);
    let reader = open_reader(&folder.path().join("store.db")).unwrap();
    let last = Link::new(&reader).value::<u64>(&LAST_SEQUENCE, [1]);
    assert_eq!(last.unwrap(), Some(1));
}

/// Polls once: `true` while there is no answer yet.
async fn poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
    })
    .await
}
