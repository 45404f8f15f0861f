//! Outboxes of platforms.

use crypto::random::{Random, SeededRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::Timestamp;
use identity::id::{ClientId, PersonId, PlatformId};
use identity::service::Suite;
use identity::signal::{
    Delivery, Queued, SignalId, SignalKind, SignalRow, Stream, StreamStatus, outbox_bucket,
};
use identity::store::{Store, StoreError};
use identity::verification::backchannel::{Crowd, WaitingRow, WaitingSettled};

use super::Backend;
use super::race::{count, run};
use crate::sample::{self, NOW, TODAY};

fn platform(name: &str) -> PlatformId {
    PlatformId(name.to_owned())
}

fn event(platform: &PlatformId, random: &dyn Random) -> EventDraft {
    let event = AuditEvent::SignalQueued {
        platform: platform.clone(),
        day: TODAY,
    };
    EventDraft::new(event, random)
}

fn row(platform: &PlatformId, due: bool, random: &dyn Random) -> SignalRow {
    SignalRow {
        platform: platform.clone(),
        signal: SignalId::generate(random),
        sealed: sample::bytes(60, random),
        ready_at: NOW,
        attempts: 0,
        due_at: due.then(|| NOW.plus(100)),
        confirmed_at: None,
        expires_at: NOW.plus(1000),
    }
}

fn stream(id: &str) -> Stream {
    Stream {
        id: id.to_owned(),
        client: ClientId("app-forum".to_owned()),
        suite: Suite::International,
        delivery: Delivery::Poll,
        requested: None,
        delivers: SignalKind::ALL.into(),
        status: StreamStatus::Enabled,
        reason: None,
        description: Some("x".to_owned()),
    }
}

async fn queue(store: &dyn Store, row: &SignalRow, random: &dyn Random) {
    let event = event(&row.platform, random);
    let queued = store.queue_signal(row.clone(), 10, event).await.unwrap();
    assert_eq!(queued, Queued::Queued);
}

async fn ready(store: &dyn Store, platform: &PlatformId, now: Timestamp) -> Vec<SignalId> {
    let rows = store.ready_signals(platform, now, 100).await.unwrap();
    rows.iter().map(|row| row.signal).collect()
}

pub(crate) async fn an_outbox_has_one_key_and_a_stream_is_put_by_who_saw_it(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (forum, bank) = (platform("forum"), platform("bank"));
    for (key, outcome) in [(vec![1; 44], "done"), (vec![2; 44], "known")] {
        let event = event(&forum, &random);
        store.open_outbox(&forum, key, event).await.unwrap();
        let last = sample::last_outcome(&*store, outbox_bucket(&forum)).await;
        assert_eq!(last, outcome);
    }
    let event = |platform| event(platform, &random);
    store
        .open_outbox(&bank, vec![3; 44], event(&bank))
        .await
        .unwrap();
    let put = async |before: Option<&str>, after: Option<Stream>| {
        let event = event(&forum);
        store
            .put_stream(&forum, before, after, event)
            .await
            .unwrap()
    };
    assert!(put(None, Some(stream("a"))).await);
    assert!(!put(None, Some(stream("b"))).await, "there is one");
    assert!(!put(Some("b"), None).await, "not that one");
    assert!(put(Some("a"), Some(stream("c"))).await);
    let outboxes = store.outboxes().await.unwrap();
    assert_eq!(outboxes.len(), 2);
    assert_eq!(outboxes[0].stream, None, "the bank's");
    assert_eq!(outboxes[1].wrapped_key, vec![1; 44], "the first key stays");
    assert_eq!(outboxes[1].stream, Some(stream("c")));
    assert!(put(Some("c"), None).await);
    assert_eq!(store.outboxes().await.unwrap()[1].stream, None);
}

pub(crate) async fn r8_3_what_is_not_confirmed_comes_again_and_what_is_never_does(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (forum, bank) = (platform("forum"), platform("bank"));
    let (tracked, untracked) = (row(&forum, true, &random), row(&forum, false, &random));
    let others = row(&bank, true, &random);
    for row in [&tracked, &untracked, &others] {
        queue(&*store, row, &random).await;
    }
    assert!(ready(&*store, &forum, NOW.plus(-1)).await.is_empty());
    let mut both = vec![tracked.signal, untracked.signal];
    both.sort();
    for _ in 0..2 {
        assert_eq!(ready(&*store, &forum, NOW).await, both, "by id, again");
    }
    // Another platform confirms nothing of it.
    let settle = async |platform: &PlatformId, signals: Vec<SignalId>| {
        let event = event(platform, &random);
        let now = NOW.plus(5);
        let settled = store.settle_signals(platform, signals, now, event).await;
        settled.unwrap()
    };
    assert_eq!(settle(&bank, both.clone()).await, 0);
    let last = sample::last_outcome(&*store, outbox_bucket(&bank)).await;
    assert_eq!(last, "unknown");
    assert_eq!(ready(&*store, &forum, NOW).await, both);
    assert_eq!(settle(&forum, both.clone()).await, 2);
    assert_eq!(settle(&forum, both).await, 0, "once");
    assert!(ready(&*store, &forum, NOW.plus(900)).await.is_empty());
    // What was waited for says when; the rest is gone, and so is what it said.
    let kept = store.signal(&forum, tracked.signal).await.unwrap().unwrap();
    assert_eq!(kept.confirmed_at, Some(NOW.plus(5)));
    assert!(kept.sealed.is_empty());
    assert_eq!(store.signal(&forum, untracked.signal).await.unwrap(), None);
    assert!(
        store
            .unconfirmed_signals(&forum, 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.unconfirmed_signals(&bank, 9).await.unwrap(), [others]);
}

pub(crate) async fn a_full_outbox_still_takes_what_must_be_confirmed(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let forum = platform("forum");
    let put = async |due: bool| {
        let event = event(&forum, &random);
        let row = row(&forum, due, &random);
        store.queue_signal(row, 2, event).await.unwrap()
    };
    assert_eq!(put(false).await, Queued::Queued);
    assert_eq!(put(false).await, Queued::Queued);
    assert_eq!(put(false).await, Queued::Full);
    assert_eq!(put(true).await, Queued::Queued);
    assert_eq!(ready(&*store, &forum, NOW).await.len(), 3);
}

pub(crate) async fn a_deferred_signal_waits_and_an_expired_one_is_swept(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let forum = platform("forum");
    let row = row(&forum, true, &random);
    queue(&*store, &row, &random).await;
    let event = || event(&forum, &random);
    let later = NOW.plus(60);
    store
        .defer_signal(&forum, row.signal, later, event())
        .await
        .unwrap();
    assert!(ready(&*store, &forum, NOW.plus(59)).await.is_empty());
    assert_eq!(ready(&*store, &forum, later).await, [row.signal]);
    let stored = store.signal(&forum, row.signal).await.unwrap().unwrap();
    assert_eq!((stored.attempts, stored.ready_at), (1, later));
    assert_eq!(store.sweep_signals(NOW.plus(1000)).await.unwrap(), 0);
    assert!(ready(&*store, &forum, NOW.plus(1001)).await.is_empty());
    assert_eq!(store.sweep_signals(NOW.plus(1001)).await.unwrap(), 1);
    assert_eq!(store.signal(&forum, row.signal).await.unwrap(), None);
}

pub(crate) async fn one_of_32_confirms_a_signal(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let forum = platform("forum");
    let row = row(&forum, true, &random);
    queue(&*store, &row, &random).await;
    let answers = run(std::slice::from_ref(&store), |store, _| {
        let (forum, signal) = (forum.clone(), row.signal);
        let event = event(&forum, &random);
        async move {
            let signals = vec![signal];
            let settled = store.settle_signals(&forum, signals, NOW, event).await;
            settled.unwrap()
        }
    })
    .await;
    assert_eq!(count(&answers, &1), 1);
    assert_eq!(count(&answers, &0), 31);
}

/// Calls a verb of outboxes or waiting requests, always about the same one.
pub(crate) async fn call(
    store: &dyn Store,
    verb: &str,
    event: EventDraft,
) -> Result<(), StoreError> {
    let random = &SeededRandom::new(6);
    let forum = platform("forum");
    let row = row(&forum, false, random);
    let waiting = WaitingRow {
        person: PersonId::from_bytes([5; 12]),
        request: sample::digest(random),
        sealed: sample::bytes(80, random),
        expires_at: NOW.plus(300),
    };
    match verb {
        "open_outbox" => store.open_outbox(&forum, vec![1; 44], event).await,
        "put_stream" => {
            let stream = Some(stream("a"));
            store
                .put_stream(&forum, None, stream, event)
                .await
                .map(drop)
        }
        "queue_signal" => store.queue_signal(row, 1, event).await.map(drop),
        "defer_signal" => {
            let until = NOW.plus(60);
            store.defer_signal(&forum, row.signal, until, event).await
        }
        "settle_signals" => store
            .settle_signals(&forum, vec![row.signal], NOW, event)
            .await
            .map(drop),
        "place_waiting" => {
            let most = Crowd {
                waiting: 1,
                refusals: 1,
            };
            store
                .place_waiting(waiting, most, NOW, event)
                .await
                .map(drop)
        }
        "settle_waiting" => {
            let (person, settled) = (waiting.person, WaitingSettled::Approved);
            store
                .settle_waiting(person, &waiting.request, settled, event)
                .await
                .map(drop)
        }
        other => panic!("{other} is not in the list"),
    }
}
