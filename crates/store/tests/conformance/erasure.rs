//! 注销.

use crypto::digest::Digest;
use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};

use identity::erasure::{Erased, Erasure, LeaveAsked, LeaveReason, LeaveRow, Month};
use identity::id::{DeviceId, PersonId};
use identity::log::Epoch;
use identity::pin::PinRow;
use identity::store::Store;
use identity::verification::Redeemed;
use identity::wangzheng::WangzhengState;

use super::Backend;
use crate::sample::{self, NOW, TODAY};

fn leave_changed(person: PersonId, random: &SeededRandom) -> EventDraft {
    let event = AuditEvent::LeaveChanged {
        person,
        day: TODAY,
        change: "requested".to_owned(),
    };
    EventDraft::new(event, random)
}

fn removal(what: Removed, random: &SeededRandom) -> EventDraft {
    let event = AuditEvent::RowsRemoved {
        day: TODAY,
        what,
        why: RemovedBy::Erasure,
        sequences: Sequences::default(),
    };
    EventDraft::new(event, random)
}

struct Somebody {
    person: PersonId,
    device: DeviceId,
    holder: Digest,
    fetch: Digest,
}

impl Somebody {
    /// Applies, verifies once, asks to leave.
    async fn on_the_way_out(store: &dyn Store, random: &SeededRandom, wait: i64) -> Self {
        let (person, device) = sample::apply(store, random).await;
        let redemption = sample::redemption(person, random);
        let verified = sample::verified(person, random);
        let redeemed = store.redeem_code(redemption, verified).await.unwrap();
        assert_eq!(redeemed, Redeemed::Fresh);
        let event = leave_changed(person, random);
        let asked = store
            .request_leave(person, TODAY, NOW.plus(wait), event)
            .await;
        assert_eq!(asked.unwrap(), LeaveAsked::Restricted);
        let row = store.person(person).await.unwrap().unwrap();
        Self {
            person,
            device,
            holder: row.holder,
            fetch: sample::digest(random),
        }
    }

    async fn erase(&self, store: &dyn Store, after: i64, random: &SeededRandom) -> Erased {
        let erasure = Erasure {
            person: self.person,
            now: NOW.plus(after),
            holder: self.holder,
            devices: vec![self.fetch],
        };
        let event = removal(Removed::Events, random);
        store.erase_person(erasure, event).await.unwrap()
    }
}

pub(crate) async fn r9_5_a_wish_to_leave_restricts_at_once_and_can_be_cancelled(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let somebody = Somebody::on_the_way_out(&*store, &random, 100).await;
    let person = somebody.person;
    let view = || store.holder_view(person, somebody.device);
    let state = async || view().await.unwrap().unwrap().wangzheng.state;
    assert_eq!(state().await, WangzhengState::Leaving);
    let code = sample::redemption(person, &random);
    let redeemed = store
        .redeem_code(code, sample::verified(person, &random))
        .await;
    assert_eq!(redeemed.unwrap(), Redeemed::NotActive, "restricted");

    let event = || leave_changed(person, &random);
    let again = store
        .request_leave(person, TODAY, NOW, event())
        .await
        .unwrap();
    let LeaveAsked::AlreadyLeaving(row) = again else {
        panic!("{again:?}");
    };
    assert_eq!(
        (row.erase_at, row.was),
        (NOW.plus(100), WangzhengState::Active)
    );
    assert_eq!(store.leave(person).await.unwrap(), Some(row));

    let cancel =
        |after| store.cancel_leave(person, LeaveReason::Requested, NOW.plus(after), event());
    assert_eq!(cancel(100).await.unwrap(), None, "too late");
    assert_eq!(
        sample::last_outcome(&*store, person.bucket()).await,
        "not_found"
    );
    assert_eq!(cancel(99).await.unwrap(), Some(WangzhengState::Active));
    assert_eq!(state().await, WangzhengState::Active);
    assert_eq!(cancel(1).await.unwrap(), None, "nothing to cancel");
    assert_eq!(store.leave(person).await.unwrap(), None);
}

pub(crate) async fn r9_5_an_erasure_leaves_nothing_of_the_person(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    sample::apply(&*store, &random).await;
    let before = backend.rows().await;
    let somebody = Somebody::on_the_way_out(&*store, &random, 0).await;
    let bucket = somebody.person.bucket();
    let events = store.last_sequence(bucket).await.unwrap();
    assert_eq!(somebody.erase(&*store, 0, &random).await, Erased::Erased);

    // What was there before, a tombstone, a row to fetch the receipt by: nothing else.
    let after = backend.rows().await;
    let new: Vec<_> = after.others.difference(&before.others).collect();
    assert_eq!(new.len(), 2, "{new:?}");
    assert!(new.iter().any(|row| row.starts_with("tombstone ")));
    assert!(new.iter().any(|row| row.starts_with("erased ")));
    assert!(
        before.others.is_subset(&after.others),
        "others lost nothing"
    );
    // The one event left in the bucket names exactly which sequences went.
    let left = store.events(bucket, 0, 9).await.unwrap();
    assert_eq!(left.len(), 1);
    let body = left[0].parse().unwrap();
    let AuditEvent::RowsRemoved { sequences, .. } = body.event else {
        panic!("{:?}", body.event);
    };
    assert_eq!(sequences, Sequences::from(vec![(1, events)]));
    assert_eq!(left[0].person, None);
    assert_eq!(
        store.erased_on(bucket, &somebody.fetch).await.unwrap(),
        Some(TODAY)
    );
    assert_eq!(
        somebody.erase(&*store, 0, &random).await,
        Erased::NotDue,
        "once"
    );
}

pub(crate) async fn r9_5_nobody_is_erased_before_the_time_or_after_a_change_of_mind(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let somebody = Somebody::on_the_way_out(&*store, &random, 100).await;
    let bucket = somebody.person.bucket();
    let due = async |after| {
        store
            .leaves_due(bucket, NOW.plus(after), 9)
            .await
            .unwrap()
            .len()
    };
    assert_eq!((due(99).await, due(100).await), (0, 1));
    let before = backend.rows().await;
    assert_eq!(somebody.erase(&*store, 99, &random).await, Erased::NotDue);
    assert_eq!(backend.rows().await, before, "nothing changed, no event");
    let event = leave_changed(somebody.person, &random);
    let cancelled = store.cancel_leave(somebody.person, LeaveReason::Requested, NOW, event);
    assert!(cancelled.await.unwrap().is_some());
    assert_eq!(somebody.erase(&*store, 100, &random).await, Erased::NotDue);
    assert!(store.person(somebody.person).await.unwrap().is_some());
}

/// A code in flight, a notice on its way, a debit: none leaves a word about who left.
pub(crate) async fn r9_5_what_comes_late_brings_nobody_back(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let somebody = Somebody::on_the_way_out(&*store, &random, 0).await;
    let person = somebody.person;
    somebody.erase(&*store, 0, &random).await;
    let before = backend.rows().await.others;
    let code = sample::redemption(person, &random);
    let verified = || sample::verified(person, &random);
    assert_eq!(
        store.redeem_code(code, verified()).await.unwrap(),
        Redeemed::NotActive
    );
    let entry = sample::inbox_entry(person, &random);
    store.put_receipt(entry, verified()).await.unwrap();
    let row = PinRow {
        person,
        sealed_digest: vec![],
        attempts_left: 5,
        locked_until: None,
        locks: 0,
    };
    let attempt = sample::pin_attempt(&row, true, NOW);
    store.settle_pin(attempt, verified()).await.unwrap();
    let refusal = sample::redemption(person, &random);
    assert!(!store.keep_refusal(refusal, verified()).await.unwrap());
    assert_eq!(backend.rows().await.others, before);
    assert_eq!(store.events_of(person, 9).await.unwrap(), []);
    for row in store.events(person.bucket(), 0, 99).await.unwrap() {
        assert_eq!(row.parse().unwrap().event.person(), None);
    }
    let receipts = store.sealed_receipts(person.bucket(), 0, 9).await.unwrap();
    assert_eq!(receipts, []);
}

/// A platform's receipt names a commitment: its leaf comes, though the event has gone before its epoch (C6).
pub(crate) async fn c6_leaves_of_erased_events_still_reach_the_log(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let somebody = Somebody::on_the_way_out(&*store, &random, 0).await;
    let waiting = store.pending_leaves(99).await.unwrap();
    somebody.erase(&*store, 0, &random).await;
    let after = store.pending_leaves(99).await.unwrap();
    assert_eq!(after[..waiting.len()], waiting[..]);
    assert_eq!(after.len(), waiting.len() + 1, "and that of the removal");
    let bucket = somebody.person.bucket();
    assert_eq!(store.pending_in(bucket, 0, 99).await.unwrap(), after);
    let commitment = waiting[0].leaf.commitment;
    let epoch = Epoch {
        first_index: 0,
        leaves: after,
        tiles: vec![],
        checkpoint: "1".to_owned(),
    };
    store.integrate(epoch).await.unwrap();
    assert!(store.leaf_of(&commitment).await.unwrap().is_some());
    assert_eq!(store.pending_leaves(99).await.unwrap(), []);
}

pub(crate) async fn r2_3_a_tombstone_counts_and_goes_after_its_time(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    let holder = sample::digest(&random);
    for count in 1..=3 {
        let (bucket, new) = sample::new_person_of(holder, &random);
        let person = new.person.person;
        let event = sample::applied(person, &random);
        store.apply(bucket, new, event).await.unwrap();
        let event = leave_changed(person, &random);
        store
            .request_leave(person, TODAY, NOW, event)
            .await
            .unwrap();
        let somebody = Somebody {
            person,
            device: DeviceId(0),
            holder,
            fetch: sample::digest(&random),
        };
        assert_eq!(somebody.erase(&*store, 0, &random).await, Erased::Erased);
        let tombstone = store.tombstone(bucket, &holder).await.unwrap().unwrap();
        assert_eq!(
            (tombstone.month, tombstone.count),
            (Month::of(TODAY), count)
        );
    }
    let this = Month::of(TODAY);
    let sweep = |month, day| store.sweep_tombstones(month, day);
    assert_eq!(sweep(this, TODAY).await.unwrap(), 0);
    assert_eq!(sweep(this.plus(1), TODAY.plus(1)).await.unwrap(), 4);
    let bucket = identity::id::Bucket::of(&holder);
    assert_eq!(store.tombstone(bucket, &holder).await.unwrap(), None);
}

pub(crate) async fn r9_1_rows_past_their_time_leave_their_tombstone(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(7));
    let (person, _) = sample::apply(&*store, &random).await;
    let bucket = person.bucket();
    for _ in 0..3 {
        let entry = sample::inbox_entry(person, &random);
        let event = sample::verified(person, &random);
        store.put_receipt(entry, event).await.unwrap();
    }
    let remove =
        |what, sequences| store.remove_rows(bucket, what, sequences, removal(what, &random));
    assert_eq!(remove(Removed::Receipts, vec![1, 2, 3]).await.unwrap(), 2);
    assert_eq!(
        remove(Removed::Receipts, vec![2, 3]).await.unwrap(),
        0,
        "once"
    );
    assert_eq!(
        store.last_sequence(bucket).await.unwrap(),
        5,
        "and one event"
    );
    assert_eq!(remove(Removed::Events, vec![1, 2, 77]).await.unwrap(), 2);
    let left = store.events(bucket, 0, 9).await.unwrap();
    let sequences: Vec<u64> = left.iter().map(|row| row.sequence).collect();
    assert_eq!(sequences, [3, 4, 5, 6]);
    let named = |at: usize| match left[at].parse().unwrap().event {
        AuditEvent::RowsRemoved {
            what, sequences, ..
        } => (what, sequences),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(2), (Removed::Receipts, Sequences::from(vec![(2, 3)])));
    assert_eq!(named(3), (Removed::Events, Sequences::from(vec![(1, 2)])));
    assert_eq!(store.sealed_receipts(bucket, 0, 9).await.unwrap().len(), 1);
}

pub(crate) async fn r9_1_inactivity_is_announced_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(8));
    let (person, device) = sample::apply(&*store, &random).await;
    let bucket = person.bucket();
    let row = || LeaveRow {
        person,
        reason: LeaveReason::Inactive,
        was: WangzhengState::Active,
        since: TODAY,
        erase_at: NOW.plus(90),
    };
    let announce = || {
        let notice = sample::inbox_entry(person, &random);
        store.announce_inactivity(row(), notice, leave_changed(person, &random))
    };
    assert!(announce().await.unwrap());
    assert!(!announce().await.unwrap());
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 1);
    let view = store.holder_view(person, device).await.unwrap().unwrap();
    assert_eq!(
        view.wangzheng.state,
        WangzhengState::Active,
        "restricts nothing"
    );
    assert_eq!(
        store.leaves_due(bucket, NOW.plus(90), 9).await.unwrap(),
        [row()]
    );
    let event = leave_changed(person, &random);
    let cancelled = store.cancel_leave(person, LeaveReason::Inactive, NOW, event);
    assert!(cancelled.await.unwrap().is_some());
    let found = store.persons_after(bucket, None, 9).await.unwrap();
    assert_eq!(found, [person]);
    assert_eq!(
        store.persons_after(bucket, Some(person), 9).await.unwrap(),
        []
    );
}

pub(crate) async fn r9_5_who_was_erased_since_a_day_is_listed(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(9));
    let (person, _) = sample::apply(&*store, &random).await;
    let bucket = person.bucket();
    assert_eq!(store.erased_since(bucket, TODAY).await.unwrap(), []);
    let asked = store.request_leave(person, TODAY, NOW, leave_changed(person, &random));
    assert_eq!(asked.await.unwrap(), LeaveAsked::Restricted);
    let marks = vec![sample::digest(&random), sample::digest(&random)];
    let erasure = Erasure {
        person,
        now: NOW,
        holder: sample::digest(&random),
        devices: marks.clone(),
    };
    let event = removal(Removed::Events, &random);
    assert_eq!(
        store.erase_person(erasure, event).await.unwrap(),
        Erased::Erased
    );
    let mut expected = marks;
    expected.sort();
    let found = store.erased_since(bucket, NOW.day()).await.unwrap();
    assert_eq!(found, expected);
    let later = NOW.day().plus(1);
    assert_eq!(store.erased_since(bucket, later).await.unwrap(), []);
}
