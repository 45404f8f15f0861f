//! Audit events.

use std::sync::Arc;

use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, EventRow};
use identity::clock::{Day, Timestamp};
use identity::id::{Bucket, PersonId};

use super::Backend;
use crate::sample;

pub(crate) async fn r12_1_an_event_is_stored_as_it_was_sealed(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let bucket = Bucket::new(4095).unwrap();
    assert_eq!(store.last_sequence(bucket).await.unwrap(), 0);
    assert!(store.events(bucket, 0, 10).await.unwrap().is_empty());
    let mut expected = Vec::new();
    for sequence in 1..=4 {
        let event = sample::key_changed(&random);
        expected.push(EventRow::seal(&event, bucket, sequence, "done", None));
        store.record(bucket, event).await.unwrap();
        assert_eq!(store.last_sequence(bucket).await.unwrap(), sequence);
    }
    assert_eq!(store.events(bucket, 0, 10).await.unwrap(), expected);
    assert_eq!(store.events(bucket, 2, 2).await.unwrap(), expected[1..3]);
    assert!(store.events(bucket, 5, 10).await.unwrap().is_empty());
    assert!(store.events(bucket, u64::MAX, 10).await.unwrap().is_empty());
    let neighbour = Bucket::new(4094).unwrap();
    assert!(store.events(neighbour, 0, 10).await.unwrap().is_empty());
}

pub(crate) async fn c6_sequences_are_gapless_under_concurrency(backend: &impl Backend) {
    let (store, random) = (backend.open().await, Arc::new(SeededRandom::new(2)));
    let buckets: Vec<Bucket> = (0..4).map(|number| Bucket::new(number).unwrap()).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..32 {
        let (store, random, bucket) = (store.clone(), random.clone(), buckets[task % 4]);
        tasks.spawn(async move {
            for _ in 0..20 {
                store
                    .record(bucket, sample::key_changed(&*random))
                    .await
                    .unwrap();
            }
        });
    }
    tasks.join_all().await;
    for bucket in buckets {
        let rows = store.events(bucket, 0, 1000).await.unwrap();
        let sequences: Vec<u64> = rows.iter().map(|row| row.sequence).collect();
        assert_eq!(sequences, (1..=160).collect::<Vec<_>>());
        assert!(
            rows.iter()
                .all(|row| row.parse().unwrap().sequence == row.sequence)
        );
    }
}

pub(crate) async fn events_of_a_person_come_newest_first(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let neighbour = PersonId::generate(person.bucket(), &random);
    for _ in 0..3 {
        store
            .record(person.bucket(), sample::pin_attempted(person, &random))
            .await
            .unwrap();
        store
            .record(person.bucket(), sample::pin_attempted(neighbour, &random))
            .await
            .unwrap();
        store
            .record(person.bucket(), sample::key_changed(&random))
            .await
            .unwrap();
    }
    let sequences = async |limit| {
        let rows = store.events_of(person, limit).await.unwrap();
        assert!(rows.iter().all(|row| row.person == Some(person)));
        rows.iter().map(|row| row.sequence).collect::<Vec<_>>()
    };
    assert_eq!(sequences(10).await, [8, 5, 2, 1]);
    assert_eq!(sequences(2).await, [8, 5]);
    assert!(
        store
            .events_of(PersonId::generate(person.bucket(), &random), 9)
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn days_and_moments_come_back(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (person, _) = sample::apply(&*store, &random).await;
    let bucket = person.bucket();
    let mut events = Vec::new();
    for day in [Day(i32::MIN), Day(-1), Day(0), Day(20_779), Day(i32::MAX)] {
        events.push(AuditEvent::Verified { person, day });
    }
    for minute in [
        Timestamp(i64::MIN),
        Timestamp(-60),
        Timestamp(0),
        Timestamp(i64::MAX),
    ] {
        events.push(AuditEvent::RequestTaken { minute });
    }
    for event in &events {
        store
            .record(bucket, EventDraft::new(event.clone(), &random))
            .await
            .unwrap();
    }
    let rows = backend.open().await.events(bucket, 2, 100).await.unwrap();
    let read: Vec<AuditEvent> = rows.iter().map(|row| row.parse().unwrap().event).collect();
    assert_eq!(read, events);

    // In columns of their own, too.
    let mut device = sample::device(person, &random);
    for (added_on, active_from) in [
        (Day(i32::MIN), Timestamp(i64::MIN)),
        (Day(0), Timestamp(0)),
        (Day(i32::MAX), Timestamp(i64::MAX)),
    ] {
        (device.added_on, device.active_from) = (added_on, active_from);
        device.device.0 = device.device.0.wrapping_add(1);
        let notice = sample::inbox_entry(person, &random);
        let event = sample::device_changed(person, &random);
        store
            .add_device(device.clone(), 9, notice, event)
            .await
            .unwrap();
        assert!(store.devices(person).await.unwrap().contains(&device));
    }
}
