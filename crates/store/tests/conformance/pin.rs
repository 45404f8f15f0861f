//! 口令.

use crypto::random::SeededRandom;
use identity::id::PersonId;
use identity::pin::{ATTEMPTS, FIRST_LOCK_SECONDS, PinDebited, PinRow};

use super::Backend;
use crate::sample::{self, NOW};

pub(crate) async fn five_attempts_then_a_lock_then_a_refund(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let debit = async |now| {
        let event = sample::pin_attempted(person, &random);
        store.debit_pin(person, now, event).await.unwrap()
    };
    for left in (0..ATTEMPTS).rev() {
        let PinDebited::Spent(row) = debit(NOW).await else {
            panic!("{left} left")
        };
        assert_eq!(row.attempts_left, left);
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            "spent"
        );
    }
    let until = NOW.plus(FIRST_LOCK_SECONDS);
    assert_eq!(debit(until.plus(-1)).await, PinDebited::LockedUntil(until));
    assert_eq!(
        sample::last_outcome(&*store, person.bucket()).await,
        "locked"
    );
    assert!(matches!(debit(until).await, PinDebited::Spent(row) if row.locks == 1));

    store
        .refund_pin(person, sample::pin_attempted(person, &random))
        .await
        .unwrap();
    assert_eq!(sample::last_outcome(&*store, person.bucket()).await, "done");
    let PinDebited::Spent(row) = debit(until).await else {
        panic!("refunded")
    };
    assert_eq!(
        (row.attempts_left, row.locks, row.locked_until),
        (ATTEMPTS - 1, 0, None)
    );
}

pub(crate) async fn a_replaced_pin_has_all_attempts_and_is_told(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    for _ in 0..ATTEMPTS {
        let event = sample::pin_attempted(person, &random);
        store.debit_pin(person, NOW, event).await.unwrap();
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
    let event = sample::pin_attempted(person, &random);
    let debited = store.debit_pin(person, NOW, event).await.unwrap();
    assert_eq!(
        debited,
        PinDebited::Spent(PinRow {
            attempts_left: ATTEMPTS - 1,
            ..new
        })
    );
    assert_eq!(
        store.receipts(person, None, 2).await.unwrap()[0].sealed,
        notice.sealed
    );
}

pub(crate) async fn no_pin_no_attempt(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let nobody = PersonId::generate(person.bucket(), &random);
    let event = sample::pin_attempted(nobody, &random);
    assert_eq!(
        store.debit_pin(nobody, NOW, event).await.unwrap(),
        PinDebited::NotSet
    );
    assert_eq!(
        sample::last_outcome(&*store, nobody.bucket()).await,
        "not_set"
    );
    store
        .refund_pin(nobody, sample::pin_attempted(nobody, &random))
        .await
        .unwrap();
    assert_eq!(
        sample::last_outcome(&*store, nobody.bucket()).await,
        "not_set"
    );
}
