//! 32 at the same time, and one winner.

use std::sync::Arc;

use crypto::random::SeededRandom;
use identity::handover::Advanced;
use identity::id::Bucket;
use identity::person::Applied;
use identity::pin::{ATTEMPTS, PinSettled};
use identity::store::Store;
use identity::verification::{GrantState, Redeemed, RequestTaken, TakenBy};
use identity::wanghao::Reserved;
use identity::wangzheng::{Transitioned, WangzhengState};
use tokio::sync::Barrier;

use super::Backend;
use crate::sample::{self, NOW, TODAY};

/// How many run against each other.
pub(crate) const RUNNERS: usize = 32;

/// Lets everybody run at once, on these stores in turn; their answers.
pub(crate) async fn run<T, F>(
    stores: &[Arc<dyn Store>],
    run: impl Fn(Arc<dyn Store>, usize) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(RUNNERS));
    let mut runners = tokio::task::JoinSet::new();
    for number in 0..RUNNERS {
        let runner = run(stores[number % stores.len()].clone(), number);
        let start = start.clone();
        runners.spawn(async move {
            start.wait().await;
            runner.await
        });
    }
    runners.join_all().await
}

/// How many answers are this one.
pub(crate) fn count<T: PartialEq>(answers: &[T], answer: &T) -> usize {
    answers.iter().filter(|given| *given == answer).count()
}

pub(crate) async fn b2_one_of_32_takes_a_request(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let request = sample::digest(&random);
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let (code, event) = (sample::digest(&random), sample::request_taken(&random));
        async move {
            store
                .take_request(&request, TakenBy::Code(code), NOW, event)
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(count(&answers, &RequestTaken::Taken), 1);
    assert_eq!(count(&answers, &RequestTaken::AlreadyTaken), RUNNERS - 1);
    assert_eq!(store.last_sequence(Bucket::of(&request)).await.unwrap(), 32);
}

pub(crate) async fn b2_approval_and_refusal_race_and_one_wins(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    for _ in 0..10 {
        let (request, code) = (sample::digest(&random), sample::digest(&random));
        let answers = run(std::slice::from_ref(&store), |store, number| {
            let by = if number % 2 == 0 {
                TakenBy::Code(code)
            } else {
                TakenBy::Refusal
            };
            let event = sample::request_taken(&random);
            async move {
                (
                    by,
                    store.take_request(&request, by, NOW, event).await.unwrap(),
                )
            }
        })
        .await;
        let winners: Vec<TakenBy> = answers
            .iter()
            .filter(|(_, taken)| *taken == RequestTaken::Taken)
            .map(|(by, _)| *by)
            .collect();
        assert_eq!(winners.len(), 1);
        for (by, taken) in &answers {
            let same = *by == winners[0];
            assert_eq!(
                same,
                *taken != RequestTaken::AlreadyTaken,
                "{by:?} {taken:?}"
            );
        }
        assert_eq!(
            answers
                .iter()
                .filter(|(_, t)| *t == RequestTaken::SameAgain)
                .count(),
            15
        );
    }
}

pub(crate) async fn b2_one_of_32_redeems_a_code_and_it_is_revoked(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let redemption = sample::redemption(person, &random);
    let code = redemption.code;
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let (redemption, event) = (redemption.clone(), sample::verified(person, &random));
        async move { store.redeem_code(redemption, event).await.unwrap() }
    })
    .await;
    assert_eq!(count(&answers, &Redeemed::Fresh), 1);
    assert_eq!(count(&answers, &Redeemed::Replayed), RUNNERS - 1);
    assert_eq!(
        store.grant(person, &code).await.unwrap(),
        GrantState::Revoked
    );
    assert_eq!(store.receipts(person, None, 99).await.unwrap().len(), 1);
}

pub(crate) async fn r2_3_one_of_32_applications_of_a_human_succeeds(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let holder = sample::digest(&random);
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let (bucket, new) = sample::new_person_of(holder, &random);
        let person = new.person.person;
        let event = sample::applied(person, &random);
        async move { (person, store.apply(bucket, new, event).await.unwrap()) }
    })
    .await;
    let bucket = Bucket::of(&holder);
    let winner = store.holder(bucket, &holder).await.unwrap().unwrap();
    for (person, applied) in answers {
        let expected = if person == winner {
            Applied::Applied
        } else {
            Applied::AlreadyHolds(winner)
        };
        assert_eq!(applied, expected);
        assert_eq!(
            store.person(person).await.unwrap().is_some(),
            person == winner
        );
        assert_eq!(
            store.devices(person).await.unwrap().len(),
            usize::from(person == winner)
        );
    }
}

pub(crate) async fn r2_1_one_of_32_reserves_a_wanghao(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let wanghao = sample::digest(&random);
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let event = sample::wanghao_reserved(&random);
        async move { store.reserve_wanghao(&wanghao, TODAY, event).await.unwrap() }
    })
    .await;
    assert_eq!(count(&answers, &Reserved::Reserved), 1);
}

pub(crate) async fn one_of_32_takes_a_handover(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    let row = sample::handover(&random);
    store
        .open_handover(row.clone(), NOW, sample::handover_changed(&random))
        .await
        .unwrap();
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let event = sample::handover_changed(&random);
        async move {
            store
                .take_handover(&row.digest, 1, NOW, event)
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(count(&answers, &Advanced::Advanced), 1);
}

pub(crate) async fn one_of_32_advances_a_handover(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(7));
    let row = sample::handover(&random);
    store
        .open_handover(row.clone(), NOW, sample::handover_changed(&random))
        .await
        .unwrap();
    let answers = run(std::slice::from_ref(&store), |store, number| {
        let mut row = row.clone();
        row.sealed = vec![u8::try_from(number).unwrap()];
        let event = sample::handover_changed(&random);
        async move {
            let sealed = row.sealed.clone();
            (
                sealed,
                store.advance_handover(row, NOW, event).await.unwrap(),
            )
        }
    })
    .await;
    let winners: Vec<_> = answers
        .iter()
        .filter(|(_, advanced)| *advanced == Advanced::Advanced)
        .collect();
    assert_eq!(winners.len(), 1);
    let stored = store.handover(&row.digest, NOW).await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.sealed), (2, &winners[0].0));
}

/// Whoever guesses many at once gets five answers; what comes after the lock learns nothing, right or wrong.
pub(crate) async fn a_pin_never_answers_more_than_five_guesses(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(8));
    let (person, _) = sample::apply(&*store, &random).await;
    let row = store.pin(person).await.unwrap().unwrap();
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let event = sample::pin_attempted(person, &random);
        let attempt = sample::pin_attempt(&row, false, NOW);
        async move { store.settle_pin(attempt, event).await.unwrap() }
    })
    .await;
    let mut left: Vec<u8> = answers
        .iter()
        .filter_map(|settled| match settled {
            PinSettled::Wrong(row) => Some(row.attempts_left),
            _ => None,
        })
        .collect();
    left.sort_unstable();
    assert_eq!(left, (0..ATTEMPTS).collect::<Vec<_>>());
    let event = sample::pin_attempted(person, &random);
    let right = sample::pin_attempt(&row, true, NOW);
    let late = store.settle_pin(right, event).await.unwrap();
    assert!(matches!(late, PinSettled::LockedUntil(_)), "{late:?}");
}

/// P-recovery: the same person approves on many screens at once.
pub(crate) async fn right_answers_at_once_are_all_right(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(10));
    let (person, _) = sample::apply(&*store, &random).await;
    let row = store.pin(person).await.unwrap().unwrap();
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let event = sample::pin_attempted(person, &random);
        let attempt = sample::pin_attempt(&row, true, NOW);
        async move { store.settle_pin(attempt, event).await.unwrap() }
    })
    .await;
    assert_eq!(count(&answers, &PinSettled::Right), answers.len());
}

pub(crate) async fn one_of_32_moves_a_wangzheng(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(9));
    let (person, _) = sample::apply(&*store, &random).await;
    let answers = run(std::slice::from_ref(&store), |store, number| {
        let to = if number % 2 == 0 {
            WangzhengState::Locked
        } else {
            WangzhengState::Suspended
        };
        let event = sample::wangzheng_changed(person, &random);
        let from = WangzhengState::Active;
        async move {
            store
                .transition_wangzheng(person, from, to, event)
                .await
                .unwrap()
        }
    })
    .await;
    assert_eq!(count(&answers, &Transitioned::Changed), 1);
}
