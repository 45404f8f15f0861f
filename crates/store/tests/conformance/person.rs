//! The natural person.

use crypto::random::SeededRandom;
use identity::id::{Bucket, DeviceId, PersonId};
use identity::person::{Applied, HolderView, RecoveryWrap};

use super::Backend;
use crate::sample;

pub(crate) async fn an_application_is_stored_whole(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (bucket, new) = sample::new_person(&random);
    let person = new.person.person;
    assert_eq!(store.person(person).await.unwrap(), None);
    assert_eq!(
        store.holder(bucket, &new.person.holder).await.unwrap(),
        None
    );

    let applied = store
        .apply(bucket, new.clone(), sample::applied(person, &random))
        .await;
    assert_eq!(applied.unwrap(), Applied::Applied);

    assert_eq!(
        store.person(person).await.unwrap().as_ref(),
        Some(&new.person)
    );
    assert_eq!(
        store.holder(bucket, &new.person.holder).await.unwrap(),
        Some(person)
    );
    assert_eq!(
        store.devices(person).await.unwrap(),
        std::slice::from_ref(&new.device)
    );
    let mut consents = new.consents.clone();
    consents.sort_by_key(|consent| consent.tag);
    assert_eq!(store.consents(person).await.unwrap(), consents);
    let view = store.holder_view(person, new.device.device).await.unwrap();
    let expected = HolderView {
        person: new.person,
        wangzheng: new.wangzheng,
        device: new.device,
    };
    assert_eq!(view, Some(expected));
}

pub(crate) async fn r2_3_one_human_is_one_person_with_any_document(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (bucket, first) = sample::new_person(&random);
    let person = first.person.person;
    let holder = first.person.holder;
    store
        .apply(bucket, first, sample::applied(person, &random))
        .await
        .unwrap();

    let before = backend.rows().await.others;
    let (_, second) = sample::new_person_of(holder, &random);
    let event = sample::applied(second.person.person, &random);
    let applied = store.apply(bucket, second, event).await.unwrap();
    assert_eq!(applied, Applied::AlreadyHolds(person));
    assert_eq!(
        backend.rows().await.others,
        before,
        "nothing is written but the event"
    );
    assert_eq!(sample::last_outcome(&*store, bucket).await, "already_holds");
}

pub(crate) async fn r2_3_a_document_finds_its_owner(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (bucket, first) = sample::new_person(&random);
    let (person, documents) = (first.person.person, first.documents.clone());
    store
        .apply(bucket, first, sample::applied(person, &random))
        .await
        .unwrap();

    // Another holder reference, as a register that changed its mind would give, in the same bucket.
    let mut holder = sample::digest(&random);
    holder.0[..2].copy_from_slice(&person.as_bytes()[..2]);
    assert_eq!(Bucket::of(&holder), bucket);
    let (_, mut second) = sample::new_person_of(holder, &random);
    second.documents = vec![sample::digest(&random), documents[0]];
    let event = sample::applied(second.person.person, &random);
    assert_eq!(
        store.apply(bucket, second, event).await.unwrap(),
        Applied::AlreadyHolds(person)
    );
    assert_eq!(store.holder(bucket, &holder).await.unwrap(), None);
}

pub(crate) async fn a_view_needs_person_wangzheng_and_device(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (person, device) = sample::apply(&*store, &random).await;
    let (stranger, other_device) = sample::apply(&*store, &random).await;
    assert!(store.holder_view(person, device).await.unwrap().is_some());
    assert_eq!(
        store
            .holder_view(person, DeviceId(device.0 ^ 1))
            .await
            .unwrap(),
        None
    );
    assert_eq!(store.holder_view(person, other_device).await.unwrap(), None);
    assert_eq!(store.holder_view(stranger, device).await.unwrap(), None);
    let nobody = PersonId::generate(person.bucket(), &random);
    assert_eq!(store.holder_view(nobody, device).await.unwrap(), None);
}

pub(crate) async fn a_history_key_is_replaced(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let (person, _) = sample::apply(&*store, &random).await;
    let before = store.person(person).await.unwrap().unwrap();
    let recovery = RecoveryWrap {
        wrap: sample::bytes(99, &random),
        proof: sample::digest(&random),
    };
    for recovery in [None, Some(recovery)] {
        let key = sample::bytes(65, &random);
        let event = sample::device_changed(person, &random);
        store
            .replace_history_key(person, key.clone(), recovery.clone(), event)
            .await
            .unwrap();
        let mut expected = before.clone();
        (expected.history_key, expected.recovery) = (key, recovery);
        assert_eq!(store.person(person).await.unwrap(), Some(expected));
    }
    let nobody = PersonId::generate(person.bucket(), &random);
    let event = sample::device_changed(nobody, &random);
    store
        .replace_history_key(nobody, vec![1], None, event)
        .await
        .unwrap();
    assert_eq!(
        sample::last_outcome(&*store, nobody.bucket()).await,
        "not_found"
    );
    assert_eq!(store.person(nobody).await.unwrap(), None);
}
