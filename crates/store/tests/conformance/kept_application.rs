//! Applications that wait for the registry.

use crypto::random::{Random, SeededRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::id::Bucket;
use identity::person::kept_application::KeptRow;
use identity::store::{Store, StoreError};

use super::Backend;
use crate::sample::{self, TODAY};

/// Enough for every case.
const MOST: u32 = 8;

/// An application kept for a week.
pub(crate) fn row(random: &dyn Random) -> KeptRow {
    KeptRow {
        application: sample::digest(random),
        answered: false,
        sealed: sample::bytes(90, random),
        kept_until: TODAY.plus(7),
    }
}

fn event(random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::ApplicationKept { day: TODAY }, random)
}

/// Calls one of its verbs by name.
pub(crate) async fn call(
    store: &dyn Store,
    verb: &str,
    row: &KeptRow,
    event: EventDraft,
) -> Result<(), StoreError> {
    match verb {
        "keep_application" => {
            let kept = store.keep_application(row.clone(), MOST, event).await;
            kept.map(drop)
        }
        "answer_application" => {
            let answered = store.answer_application(&row.application, vec![5], event);
            answered.await.map(drop)
        }
        "take_application" => store
            .take_application(&row.application, event)
            .await
            .map(drop),
        other => panic!("no such verb: {other}"),
    }
}

pub(crate) async fn r15_2_an_application_is_kept_answered_and_taken_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let kept = row(&random);
    let (bucket, digest) = (Bucket::of(&kept.application), kept.application);
    assert_eq!(store.kept_application(&digest, TODAY).await.unwrap(), None);
    let first = store.keep_application(kept.clone(), MOST, event(&random));
    assert!(first.await.unwrap());
    assert_eq!(sample::last_outcome(&*store, bucket).await, "kept");
    // Said again: the newest content, and the first day.
    let again = KeptRow {
        sealed: vec![1; 90],
        kept_until: TODAY.plus(70),
        ..kept.clone()
    };
    let repeated = store.keep_application(again.clone(), MOST, event(&random));
    assert!(repeated.await.unwrap());
    let expected = KeptRow {
        kept_until: kept.kept_until,
        ..again
    };
    let waiting = store.applications_waiting(bucket, TODAY, 9).await.unwrap();
    assert_eq!(waiting, std::slice::from_ref(&expected));
    for (sealed, found, outcome) in [(vec![2; 90], true, "answered"), (vec![3], true, "answered")] {
        let answered = store.answer_application(&digest, sealed.clone(), event(&random));
        assert_eq!(answered.await.unwrap(), found);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
        let row = store.kept_application(&digest, TODAY).await.unwrap();
        assert_eq!(
            row,
            Some(KeptRow {
                answered: true,
                sealed,
                ..expected.clone()
            })
        );
    }
    let waiting = store.applications_waiting(bucket, TODAY, 9).await.unwrap();
    assert_eq!(waiting, [], "answered");
    for (found, outcome) in [(true, "taken"), (false, "not_found")] {
        let taken = store.take_application(&digest, event(&random)).await;
        assert_eq!(taken.unwrap(), found);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let late = store.answer_application(&digest, vec![4], event(&random));
    assert!(!late.await.unwrap(), "taken up meanwhile");
    assert_eq!(store.kept_application(&digest, TODAY).await.unwrap(), None);
}

pub(crate) async fn a_bucket_keeps_no_more_applications_than_it_may(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let first = row(&random);
    let mut second = row(&random);
    second.application.0[..2].copy_from_slice(&first.application.0[..2]);
    let kept = store.keep_application(first.clone(), 1, event(&random));
    assert!(kept.await.unwrap());
    let refused = store.keep_application(second.clone(), 1, event(&random));
    assert!(!refused.await.unwrap());
    let bucket = Bucket::of(&first.application);
    assert_eq!(sample::last_outcome(&*store, bucket).await, "full");
    let absent = store.kept_application(&second.application, TODAY).await;
    assert_eq!(absent.unwrap(), None);
    let kept = store.keep_application(second.clone(), 2, event(&random));
    assert!(kept.await.unwrap());
    let waiting = store.applications_waiting(bucket, TODAY, 1).await.unwrap();
    assert_eq!(waiting.len(), 1, "page by page");
}

pub(crate) async fn r9_1_a_kept_application_is_absent_after_its_last_day(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let kept = row(&random);
    let (bucket, last) = (Bucket::of(&kept.application), kept.kept_until);
    let stored = store.keep_application(kept.clone(), MOST, event(&random));
    assert!(stored.await.unwrap());
    let before = backend.rows().await;
    assert_eq!(store.sweep_applications(last).await.unwrap(), 0);
    assert_eq!(backend.rows().await.others, before.others, "its last day");
    let after = last.plus(1);
    let absent = store.kept_application(&kept.application, after).await;
    assert_eq!(absent.unwrap(), None);
    let waiting = store.applications_waiting(bucket, after, 9).await.unwrap();
    assert_eq!(waiting, []);
    assert_eq!(store.sweep_applications(after).await.unwrap(), 1);
    assert_eq!(backend.rows().await.events, before.events, "no event of it");
    assert_eq!(store.sweep_applications(after).await.unwrap(), 0);
}
