//! Hand-overs between two devices.

use crypto::random::SeededRandom;
use identity::handover::{Advanced, HandoverRow};
use identity::id::Bucket;

use super::Backend;
use crate::sample::{self, NOW};

pub(crate) async fn a_handover_is_opened_advanced_and_taken_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let row = sample::handover(&random);
    let bucket = Bucket::of(&row.digest);
    let event = || sample::handover_changed(&random);
    assert_eq!(store.handover(&row.digest, NOW).await.unwrap(), None);
    for (expected, outcome) in [(Advanced::Advanced, "opened"), (Advanced::Moved, "moved")] {
        assert_eq!(
            store
                .open_handover(row.clone(), NOW, event())
                .await
                .unwrap(),
            expected
        );
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    assert_eq!(
        store.handover(&row.digest, NOW).await.unwrap(),
        Some(row.clone())
    );

    let next = HandoverRow {
        sealed: sample::bytes(7, &random),
        ..row.clone()
    };
    for (expected, outcome) in [(Advanced::Advanced, "advanced"), (Advanced::Moved, "moved")] {
        assert_eq!(
            store
                .advance_handover(next.clone(), NOW, event())
                .await
                .unwrap(),
            expected
        );
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let stored = HandoverRow { version: 2, ..next };
    assert_eq!(
        store.handover(&row.digest, NOW).await.unwrap(),
        Some(stored)
    );

    for (version, expected, outcome) in [
        (1, Advanced::Moved, "moved"),
        (2, Advanced::Advanced, "taken"),
        (2, Advanced::Moved, "moved"),
    ] {
        let answer = store
            .take_handover(&row.digest, version, NOW, event())
            .await
            .unwrap();
        assert_eq!(answer, expected);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    assert_eq!(store.handover(&row.digest, NOW).await.unwrap(), None);
}

pub(crate) async fn an_expired_handover_is_absent(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let row = sample::handover(&random);
    let event = || sample::handover_changed(&random);
    store
        .open_handover(row.clone(), NOW, event())
        .await
        .unwrap();
    let last = row.expires_at;
    let after = last.plus(1);
    assert!(
        store.handover(&row.digest, last).await.unwrap().is_some(),
        "its last second"
    );
    let moved = store.open_handover(row.clone(), last, event()).await;
    assert_eq!(moved.unwrap(), Advanced::Moved, "still there");
    assert_eq!(store.handover(&row.digest, after).await.unwrap(), None);
    let moved = store
        .advance_handover(row.clone(), after, event())
        .await
        .unwrap();
    assert_eq!(moved, Advanced::Moved);
    let moved = store
        .take_handover(&row.digest, 1, after, event())
        .await
        .unwrap();
    assert_eq!(moved, Advanced::Moved);
    // Its place is free again, and begins at version 1.
    let again = HandoverRow {
        version: 9,
        expires_at: after.plus(300),
        ..row.clone()
    };
    let opened = store
        .open_handover(again.clone(), after, event())
        .await
        .unwrap();
    assert_eq!(opened, Advanced::Advanced);
    let stored = store.handover(&row.digest, after).await.unwrap();
    assert_eq!(
        stored,
        Some(HandoverRow {
            version: 1,
            ..again
        })
    );
}

pub(crate) async fn what_expired_is_swept(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let before = backend.rows().await.others;
    for seconds in 0..100 {
        let row = HandoverRow {
            expires_at: NOW.plus(seconds),
            ..sample::handover(&random)
        };
        store
            .open_handover(row, NOW, sample::handover_changed(&random))
            .await
            .unwrap();
    }
    let events = backend.rows().await.events;
    assert_eq!(store.sweep_handovers(NOW).await.unwrap(), 0);
    assert_eq!(store.sweep_handovers(NOW.plus(60)).await.unwrap(), 60);
    assert_eq!(store.sweep_handovers(NOW.plus(60)).await.unwrap(), 0);
    assert_eq!(store.sweep_handovers(NOW.plus(1000)).await.unwrap(), 40);
    let rows = backend.rows().await;
    assert_eq!(
        (rows.others, rows.events),
        (before, events),
        "no row and no event of it is left"
    );
}
