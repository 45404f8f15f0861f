//! Devices.

use crypto::random::SeededRandom;
use identity::device::{DeviceAdded, DeviceCurve};
use identity::id::DeviceId;

use super::Backend;
use crate::sample::{self, NOW, TODAY};

pub(crate) async fn p_recovery_an_added_device_is_told_to_the_person(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, first) = sample::apply(&*store, &random).await;
    let mut device = sample::device(person, &random);
    device.curve = DeviceCurve::Sm2;
    device.added_on = TODAY.plus(1);
    device.active_from = NOW.plus(86_400);
    device.history_wrap = Vec::new();
    let notice = sample::inbox_entry(person, &random);
    let event = sample::device_changed(person, &random);
    let added = store
        .add_device(device.clone(), 3, notice.clone(), event)
        .await
        .unwrap();
    assert_eq!(added, DeviceAdded::Added);

    let devices = store.devices(person).await.unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(devices[0].device, first, "oldest first");
    assert_eq!(devices[1], device);
    let told = store.receipts(person, None, 10).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].sealed, notice.sealed);
    let view = store
        .holder_view(person, device.device)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(view.device, device);
}

pub(crate) async fn no_more_devices_than_policy_allows(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    // Another person's devices do not count.
    sample::apply(&*store, &random).await;
    for expected in [DeviceAdded::Added, DeviceAdded::Added, DeviceAdded::TooMany] {
        let device = sample::device(person, &random);
        let notice = sample::inbox_entry(person, &random);
        let before = backend.rows().await.others;
        let event = sample::device_changed(person, &random);
        assert_eq!(
            store.add_device(device, 3, notice, event).await.unwrap(),
            expected
        );
        if expected == DeviceAdded::TooMany {
            assert_eq!(backend.rows().await.others, before);
            assert_eq!(
                sample::last_outcome(&*store, person.bucket()).await,
                "too_many"
            );
        }
    }
    assert_eq!(store.devices(person).await.unwrap().len(), 3);
    assert_eq!(
        store.receipts(person, None, 10).await.unwrap().len(),
        2,
        "none for the refused"
    );
}

pub(crate) async fn a_device_is_removed_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, device) = sample::apply(&*store, &random).await;
    let (other, _) = sample::apply(&*store, &random).await;
    for (removed, outcome) in [(true, "done"), (false, "not_found")] {
        let event = sample::device_changed(person, &random);
        let notice = sample::inbox_entry(person, &random);
        let answer = store.remove_device(person, device, notice, event).await;
        assert_eq!(answer.unwrap(), removed);
        let told = store.receipts(person, None, 9).await.unwrap();
        assert_eq!(told.len(), 1, "the person is told once");
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
    }
    assert!(store.devices(person).await.unwrap().is_empty());
    assert_eq!(store.holder_view(person, device).await.unwrap(), None);
    assert_eq!(store.devices(other).await.unwrap().len(), 1);
}

pub(crate) async fn a_history_wrap_reaches_its_device(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (person, device) = sample::apply(&*store, &random).await;
    let wrap = sample::bytes(110, &random);
    for (device, found) in [(device, true), (DeviceId(device.0 ^ 1), false)] {
        let event = sample::device_changed(person, &random);
        let answer = store
            .put_history_wrap(person, device, wrap.clone(), event)
            .await
            .unwrap();
        assert_eq!(answer, found);
        let outcome = if found { "done" } else { "not_found" };
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
    }
    assert_eq!(store.devices(person).await.unwrap()[0].history_wrap, wrap);
}
