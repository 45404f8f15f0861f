//! Two stores on the same data, as two processes have them, and one after another.

use std::sync::Arc;

use crypto::random::SeededRandom;
use identity::id::Bucket;
use identity::verification::{GrantState, Redeemed, RequestTaken, TakenBy};

use super::Backend;
use super::race::{count, run};
use crate::sample::{self, NOW};

pub(crate) async fn b2_two_stores_on_one_file_race_and_one_wins(backend: &impl Backend) {
    let (stores, random) = (
        [backend.open().await, backend.open().await],
        SeededRandom::new(1),
    );
    let (person, _) = sample::apply(&*stores[0], &random).await;
    for _ in 0..5 {
        let request = sample::digest(&random);
        let answers = run(&stores, |store, _| {
            let by = TakenBy::Code(sample::digest(&random));
            let event = sample::request_taken(&random);
            async move { store.take_request(&request, by, NOW, event).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &RequestTaken::Taken), 1);

        let redemption = sample::redemption(person, &random);
        let code = redemption.code;
        let answers = run(&stores, |store, _| {
            let (redemption, event) = (redemption.clone(), sample::verified(person, &random));
            async move { store.redeem_code(redemption, event).await.unwrap() }
        })
        .await;
        assert_eq!(count(&answers, &Redeemed::Fresh), 1);
        for store in &stores {
            assert_eq!(
                store.grant(person, &code).await.unwrap(),
                GrantState::Revoked
            );
        }
    }
}

pub(crate) async fn c6_sequences_are_gapless_across_two_stores(backend: &impl Backend) {
    let (stores, random) = (
        [backend.open().await, backend.open().await],
        Arc::new(SeededRandom::new(2)),
    );
    let bucket = Bucket::new(17).unwrap();
    run(&stores, |store, _| {
        let random = random.clone();
        async move {
            for _ in 0..10 {
                store
                    .record(bucket, sample::key_changed(&*random))
                    .await
                    .unwrap();
            }
        }
    })
    .await;
    let rows = stores[0].events(bucket, 0, 1000).await.unwrap();
    let sequences: Vec<u64> = rows.iter().map(|row| row.sequence).collect();
    assert_eq!(sequences, (1..=320).collect::<Vec<_>>());
}

pub(crate) async fn everything_is_there_after_opening_again(backend: &impl Backend) {
    let random = SeededRandom::new(3);
    let store = backend.open().await;
    let (person, device) = sample::apply(&*store, &random).await;
    let redemption = sample::redemption(person, &random);
    let code = redemption.code;
    store
        .redeem_code(redemption, sample::verified(person, &random))
        .await
        .unwrap();
    let view = store.holder_view(person, device).await.unwrap();
    let events = store.events(person.bucket(), 0, 99).await.unwrap();
    let receipts = store.receipts(person, None, 99).await.unwrap();
    let rows = backend.rows().await;
    drop(store);

    let store = backend.open().await;
    assert_eq!(backend.rows().await, rows);
    assert_eq!(store.holder_view(person, device).await.unwrap(), view);
    assert_eq!(store.events(person.bucket(), 0, 99).await.unwrap(), events);
    assert_eq!(store.receipts(person, None, 99).await.unwrap(), receipts);
    assert_eq!(store.grant(person, &code).await.unwrap(), GrantState::Good);
}

pub(crate) async fn many_open_at_once(backend: &impl Backend) {
    let runtime = tokio::runtime::Handle::current();
    let random = SeededRandom::new(4);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                runtime.block_on(async {
                    sample::apply(&*backend.open().await, &random).await;
                });
            });
        }
    });
    assert_eq!(backend.rows().await.events, 8);
}
