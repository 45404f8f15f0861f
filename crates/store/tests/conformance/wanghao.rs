//! 网号.

use crypto::random::SeededRandom;
use identity::id::Bucket;
use identity::wanghao::Reserved;

use super::Backend;
use crate::sample::{self, TODAY};

pub(crate) async fn r2_1_a_wanghao_is_given_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let wanghao = sample::digest(&random);
    let event = || sample::wanghao_reserved(&random);
    assert!(
        !store.confirm_wanghao(&wanghao, event()).await.unwrap(),
        "never reserved"
    );
    assert_eq!(
        sample::last_outcome(&*store, Bucket::of(&wanghao)).await,
        "not_found"
    );

    let reserved = store
        .reserve_wanghao(&wanghao, TODAY, event())
        .await
        .unwrap();
    assert_eq!(reserved, Reserved::Reserved);
    let reserved = store
        .reserve_wanghao(&wanghao, TODAY, event())
        .await
        .unwrap();
    assert_eq!(reserved, Reserved::InUse, "reserved");
    assert_eq!(
        sample::last_outcome(&*store, Bucket::of(&wanghao)).await,
        "in_use"
    );

    assert!(store.confirm_wanghao(&wanghao, event()).await.unwrap());
    assert!(
        store.confirm_wanghao(&wanghao, event()).await.unwrap(),
        "again is the same"
    );
    let reserved = store
        .reserve_wanghao(&wanghao, TODAY, event())
        .await
        .unwrap();
    assert_eq!(reserved, Reserved::InUse, "confirmed");
}

pub(crate) async fn r2_1_an_unconfirmed_wanghao_lapses_and_is_never_given_again(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let [old, young, confirmed] = {
        // Three of one bucket.
        let mut digests = [(); 3].map(|()| sample::digest(&random));
        let first = digests[0].0[..2].to_vec();
        for digest in &mut digests {
            digest.0[..2].copy_from_slice(&first);
        }
        digests
    };
    let bucket = Bucket::of(&old);
    let event = || sample::wanghao_settled(&random);
    store.reserve_wanghao(&old, TODAY, event()).await.unwrap();
    store
        .reserve_wanghao(&young, TODAY.plus(1), event())
        .await
        .unwrap();
    store
        .reserve_wanghao(&confirmed, TODAY, event())
        .await
        .unwrap();
    store.confirm_wanghao(&confirmed, event()).await.unwrap();

    let events = store.last_sequence(bucket).await.unwrap();
    assert_eq!(
        store.lapse_wanghao(bucket, TODAY, event()).await.unwrap(),
        0,
        "none is older"
    );
    assert_eq!(
        store.last_sequence(bucket).await.unwrap(),
        events,
        "nothing done, no event"
    );
    assert_eq!(
        store
            .lapse_wanghao(bucket, TODAY.plus(1), event())
            .await
            .unwrap(),
        1
    );
    assert_eq!(sample::last_outcome(&*store, bucket).await, "done");

    assert!(
        !store.confirm_wanghao(&old, event()).await.unwrap(),
        "it is dead"
    );
    let reserved = store.reserve_wanghao(&old, TODAY, event()).await.unwrap();
    assert_eq!(reserved, Reserved::InUse, "a dead number is not used again");
    assert!(store.confirm_wanghao(&young, event()).await.unwrap());
    assert!(store.confirm_wanghao(&confirmed, event()).await.unwrap());
}

pub(crate) async fn r2_1_an_ended_wanghao_is_dead_for_ever(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let wanghao = sample::digest(&random);
    let event = || sample::wanghao_settled(&random);
    assert!(!store.end_wanghao(&wanghao, event()).await.unwrap());
    store
        .reserve_wanghao(&wanghao, TODAY, event())
        .await
        .unwrap();
    store.confirm_wanghao(&wanghao, event()).await.unwrap();
    assert!(store.end_wanghao(&wanghao, event()).await.unwrap());
    assert!(store.end_wanghao(&wanghao, event()).await.unwrap(), "again");
    assert!(!store.confirm_wanghao(&wanghao, event()).await.unwrap());
    let reserved = store.reserve_wanghao(&wanghao, TODAY, event()).await;
    assert_eq!(reserved.unwrap(), Reserved::InUse);
}
