//! 凭据回执.

use crypto::random::SeededRandom;
use identity::receipt::ReceiptRow;

use super::Backend;
use crate::sample;

pub(crate) async fn c1_history_comes_newest_first_with_its_commitments(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        let entry = sample::inbox_entry(person, &random);
        let event = sample::refused(person, &random);
        let commitment = event.commitment();
        store.put_receipt(entry.clone(), event).await.unwrap();
        // An event without a receipt in between.
        let between = sample::pin_attempted(person, &random);
        store.record(person.bucket(), between).await.unwrap();
        let sequence = store.last_sequence(person.bucket()).await.unwrap() - 1;
        let row = ReceiptRow {
            sequence,
            day: entry.day,
            sealed: entry.sealed,
            commitment,
        };
        expected.insert(0, row);
    }
    assert_eq!(store.receipts(person, None, 10).await.unwrap(), expected);
    let (stranger, _) = sample::apply(&*store, &random).await;
    assert!(store.receipts(stranger, None, 10).await.unwrap().is_empty());

    let sealed = store.sealed_receipts(person.bucket(), 0, 10).await.unwrap();
    assert_eq!(sealed.len(), 3);
    for (row, expected) in sealed.iter().zip(expected.iter().rev()) {
        assert_eq!((row.sequence, row.person), (expected.sequence, person));
        assert_eq!(row.sealed, expected.sealed);
        let event = store
            .events(person.bucket(), row.sequence, 1)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(
            event.receipt,
            crypto::digest::sm3(&[&row.sealed]),
            "the event holds its digest"
        );
    }
    let from = sealed[1].sequence;
    let page = store
        .sealed_receipts(person.bucket(), from, 1)
        .await
        .unwrap();
    assert_eq!(page, sealed[1..2]);
}

pub(crate) async fn pages_do_not_shift_under_insertion(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let put = async || {
        let entry = sample::inbox_entry(person, &random);
        store
            .put_receipt(entry, sample::refused(person, &random))
            .await
            .unwrap();
    };
    for _ in 0..5 {
        put().await;
    }
    let all = store.receipts(person, None, 10).await.unwrap();
    let mut read = store.receipts(person, None, 2).await.unwrap();
    while let Some(last) = read.last().filter(|_| read.len() < 5) {
        let below = last.sequence;
        put().await;
        let page = store.receipts(person, Some(below), 2).await.unwrap();
        assert!(!page.is_empty());
        read.extend(page);
    }
    assert_eq!(read, all);
    assert!(store.receipts(person, Some(0), 2).await.unwrap().is_empty());
    assert_eq!(
        store
            .receipts(person, Some(u64::MAX), 1)
            .await
            .unwrap()
            .len(),
        1
    );
}
