//! Requests that platforms started and that wait for a person.

use crypto::random::{Random, SeededRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::id::PersonId;
use identity::store::Store;
use identity::verification::backchannel::{Crowd, Placed, WaitingRow, WaitingSettled};

use super::Backend;
use crate::sample::{self, NOW, TODAY};

const MOST: Crowd = Crowd {
    waiting: 2,
    refusals: 3,
};

fn event(random: &dyn Random) -> EventDraft {
    EventDraft::new(AuditEvent::WaitingRequestChanged { day: TODAY }, random)
}

fn row(person: PersonId, random: &dyn Random) -> WaitingRow {
    WaitingRow {
        person,
        request: sample::digest(random),
        sealed: sample::bytes(80, random),
        expires_at: NOW.plus(300),
    }
}

async fn place(store: &dyn Store, row: &WaitingRow, random: &dyn Random) -> Placed {
    let placed = store.place_waiting(row.clone(), MOST, NOW, event(random));
    placed.await.unwrap()
}

pub(crate) async fn s5_no_more_wait_than_policy_allows(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let (other, _) = sample::apply(&*store, &random).await;
    let rows: Vec<_> = (0..3).map(|_| row(person, &random)).collect();
    assert_eq!(place(&*store, &rows[0], &random).await, Placed::Placed);
    assert_eq!(place(&*store, &rows[1], &random).await, Placed::Placed);
    assert_eq!(place(&*store, &rows[2], &random).await, Placed::Crowded);
    let last = sample::last_outcome(&*store, person.bucket()).await;
    assert_eq!(last, "crowded");
    let others = row(other, &random);
    assert_eq!(place(&*store, &others, &random).await, Placed::Placed);
    let waiting = store.waiting(person, NOW).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(rows[..2].iter().all(|row| waiting.contains(row)));
    assert_eq!(store.waiting(other, NOW).await.unwrap(), [others]);
    assert!(
        store
            .waiting(person, NOW.plus(301))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.sweep_waiting(NOW.plus(300)).await.unwrap(), 0);
    assert_eq!(store.sweep_waiting(NOW.plus(301)).await.unwrap(), 3);
}

pub(crate) async fn s5_three_refusals_end_the_asking_and_an_approval_forgets_them(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let refused = WaitingSettled::Refused {
        remember_until: NOW.plus(3600),
    };
    let settle = async |row: &WaitingRow, settled| {
        let settled = store.settle_waiting(person, &row.request, settled, event(&random));
        settled.await.unwrap()
    };
    let open = row(person, &random);
    assert_eq!(place(&*store, &open, &random).await, Placed::Placed);
    for number in 1..=3 {
        let row = row(person, &random);
        assert_eq!(place(&*store, &row, &random).await, Placed::Placed);
        assert!(settle(&row, refused).await);
        assert!(!settle(&row, refused).await, "once");
        assert!(!settle(&row, WaitingSettled::Approved).await, "decided");
        let remembered = store.recent_refusals(person, NOW).await.unwrap();
        assert_eq!(remembered, number);
    }
    let more = row(person, &random);
    assert_eq!(place(&*store, &more, &random).await, Placed::Crowded);
    let later = store.recent_refusals(person, NOW.plus(3601)).await.unwrap();
    assert_eq!(later, 0, "remembered for an hour");
    // What waits can still be approved, and that shows that the person is well.
    assert!(settle(&open, WaitingSettled::Approved).await);
    assert_eq!(store.recent_refusals(person, NOW).await.unwrap(), 0);
    assert_eq!(place(&*store, &more, &random).await, Placed::Placed);
}
