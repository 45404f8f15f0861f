//! A new 网号, new identifiers.

use crypto::random::SeededRandom;
use identity::rights::Reissue;
use identity::wangzheng::WangzhengState;

use super::Backend;
use crate::sample::{self, TODAY};

pub(crate) async fn r2_1_of_two_reissues_one_is_overtaken(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let before = store.person(person).await.unwrap().unwrap();
    let reissue = |number: u8| Reissue {
        person,
        serial: 1,
        sealed_record: vec![number; 40],
        today: TODAY.plus(3),
    };
    for (number, done, outcome) in [(1, true, "done"), (2, false, "overtaken")] {
        let notice = sample::inbox_entry(person, &random);
        let event = sample::verified(person, &random);
        let answer = store.reissue_wanghao(reissue(number), notice, event).await;
        assert_eq!(answer.unwrap(), done);
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
    }
    let after = store.person(person).await.unwrap().unwrap();
    assert_eq!(after.sealed_record, vec![1; 40]);
    assert_eq!(
        (after.generation, after.holder, after.history_key),
        (before.generation, before.holder, before.history_key),
        "nothing else changes"
    );
    let row = store.wangzheng(person).await.unwrap().unwrap();
    assert_eq!((row.serial, row.issued_on), (2, TODAY.plus(3)));
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 1);
    // Not while it is anything but active.
    let (from, to) = (WangzhengState::Active, WangzhengState::Locked);
    let event = sample::wangzheng_changed(person, &random);
    store
        .transition_wangzheng(person, from, to, event)
        .await
        .unwrap();
    let notice = sample::inbox_entry(person, &random);
    let event = sample::verified(person, &random);
    let locked = Reissue {
        serial: 2,
        ..reissue(3)
    };
    let answer = store.reissue_wanghao(locked, notice, event).await;
    assert!(!answer.unwrap());
}

pub(crate) async fn r2_3_a_generation_rises_by_one_at_a_time(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    for (from, done) in [(0, true), (0, false), (1, true)] {
        let notice = sample::inbox_entry(person, &random);
        let event = sample::verified(person, &random);
        let answer = store.raise_generation(person, from, notice, event).await;
        assert_eq!(answer.unwrap(), done, "from {from}");
    }
    let row = store.person(person).await.unwrap().unwrap();
    assert_eq!(row.generation, 2);
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 2);
}
