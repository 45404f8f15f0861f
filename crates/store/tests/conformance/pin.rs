//! 口令.

use crypto::random::SeededRandom;
use identity::id::PersonId;
use identity::pin::{ATTEMPTS, FIRST_LOCK_SECONDS, PinRow, PinSettled};

use super::Backend;
use crate::sample::{self, NOW};

pub(crate) async fn five_attempts_then_a_lock_and_a_right_answer_gives_all_back(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let stored = store.pin(person).await.unwrap().unwrap();
    let settle = async |now, right| {
        let event = sample::pin_attempted(person, &random);
        let attempt = sample::pin_attempt(&stored, right, now);
        store.settle_pin(attempt, event).await.unwrap()
    };
    let outcome = async || sample::last_outcome(&*store, person.bucket()).await;
    for left in (0..ATTEMPTS).rev() {
        let PinSettled::Wrong(row) = settle(NOW, false).await else {
            panic!("{left} left")
        };
        assert_eq!(row.attempts_left, left);
        assert_eq!(store.pin(person).await.unwrap(), Some(row));
        assert_eq!(outcome().await, "spent");
    }
    let until = NOW.plus(FIRST_LOCK_SECONDS);
    for right in [true, false] {
        let settled = settle(until.plus(-1), right).await;
        assert_eq!(settled, PinSettled::LockedUntil(until), "right or wrong");
        assert_eq!(outcome().await, "locked");
    }
    assert!(matches!(settle(until, false).await, PinSettled::Wrong(row) if row.locks == 1));
    assert_eq!(settle(until, true).await, PinSettled::Right);
    assert_eq!(outcome().await, "done");
    assert_eq!(store.pin(person).await.unwrap(), Some(stored.clone()));
    // Compared with a 口令 that is none any more.
    let old = PinRow {
        sealed_digest: vec![1],
        ..stored.clone()
    };
    let attempt = sample::pin_attempt(&old, true, until);
    let event = sample::pin_attempted(person, &random);
    assert_eq!(
        store.settle_pin(attempt, event).await.unwrap(),
        PinSettled::Replaced
    );
    assert_eq!(outcome().await, "replaced");
}

pub(crate) async fn a_replaced_pin_has_all_attempts_and_is_told(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let stored = store.pin(person).await.unwrap().unwrap();
    for _ in 0..ATTEMPTS {
        let event = sample::pin_attempted(person, &random);
        let wrong = sample::pin_attempt(&stored, false, NOW);
        store.settle_pin(wrong, event).await.unwrap();
    }
    let sealed_digest = sample::bytes(60, &random);
    let new = PinRow {
        person,
        sealed_digest,
        attempts_left: ATTEMPTS,
        locked_until: None,
        locks: 0,
    };
    let notice = sample::inbox_entry(person, &random);
    let event = sample::pin_replaced(person, &random);
    store
        .replace_pin(new.clone(), notice.clone(), event)
        .await
        .unwrap();
    assert_eq!(store.pin(person).await.unwrap(), Some(new));
    assert_eq!(
        store.receipts(person, None, 2).await.unwrap()[0].sealed,
        notice.sealed
    );
}

pub(crate) async fn no_pin_no_attempt(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let nobody = PersonId::generate(person.bucket(), &random);
    assert_eq!(store.pin(nobody).await.unwrap(), None);
    let row = PinRow {
        person: nobody,
        sealed_digest: vec![],
        attempts_left: ATTEMPTS,
        locked_until: None,
        locks: 0,
    };
    for right in [true, false] {
        let event = sample::pin_attempted(nobody, &random);
        let attempt = sample::pin_attempt(&row, right, NOW);
        let settled = store.settle_pin(attempt, event).await.unwrap();
        assert_eq!(settled, PinSettled::NotSet);
        assert_eq!(
            sample::last_outcome(&*store, nobody.bucket()).await,
            "not_set"
        );
    }
}
