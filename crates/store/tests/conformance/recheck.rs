//! Documents over time, suspension and restriction.

use crypto::random::SeededRandom;
use identity::id::PersonId;
use identity::person::Applied;
use identity::recheck::{DocumentChange, DocumentChanged};
use identity::store::Store;
use identity::wangzheng::{Suspension, Transitioned, WangzhengRow, WangzhengState as State};

use super::Backend;
use crate::sample::{self, TODAY};

async fn row(store: &dyn Store, person: PersonId) -> WangzhengRow {
    store.wangzheng(person).await.unwrap().unwrap()
}

fn change(person: PersonId, serial: u32, random: &SeededRandom) -> DocumentChange {
    DocumentChange {
        person,
        serial,
        sealed_record: vec![7; 50],
        document: sample::digest(random),
        valid_until: TODAY.plus(900),
        ends_with_document: true,
        today: TODAY,
    }
}

async fn make(
    store: &dyn Store,
    change: &DocumentChange,
    random: &SeededRandom,
) -> DocumentChanged {
    let notice = sample::inbox_entry(change.person, random);
    let event = sample::verified(change.person, random);
    let changed = store.change_document(change.clone(), notice, event).await;
    changed.unwrap()
}

async fn suspend(
    store: &dyn Store,
    person: PersonId,
    why: Suspension,
    random: &SeededRandom,
) -> Transitioned {
    let notice = sample::inbox_entry(person, random);
    let event = sample::wangzheng_changed(person, random);
    let suspended = store.suspend_wangzheng(person, why, notice, event).await;
    suspended.unwrap()
}

pub(crate) async fn c3_a_suspension_has_a_reason_and_a_notice(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let lost = Suspension::DocumentLost;
    assert_eq!(
        suspend(&*store, person, lost, &random).await,
        Transitioned::Changed
    );
    let now = row(&*store, person).await;
    assert_eq!(
        (now.state, now.suspended_for),
        (State::Suspended, Some(lost))
    );
    let again = suspend(&*store, person, Suspension::Impersonation, &random).await;
    assert_eq!(again, Transitioned::NotInState(State::Suspended));
    assert_eq!(
        sample::last_outcome(&*store, person.bucket()).await,
        "not_in_state"
    );
    assert_eq!(row(&*store, person).await, now, "the first reason stays");
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 1);
    // Ended by a change that names the state it is in; no reason is left over.
    for (from, expected) in [
        (State::Active, Transitioned::NotInState(State::Suspended)),
        (State::Suspended, Transitioned::Changed),
        (State::Suspended, Transitioned::NotInState(State::Locked)),
    ] {
        let notice = sample::inbox_entry(person, &random);
        let event = sample::wangzheng_changed(person, &random);
        let change = (from, State::Locked);
        let changed = store.change_wangzheng_and_tell(person, change, notice, event);
        assert_eq!(changed.await.unwrap(), expected);
    }
    assert_eq!(row(&*store, person).await.suspended_for, None);
    let nobody = PersonId::generate(person.bucket(), &random);
    assert_eq!(
        suspend(&*store, nobody, lost, &random).await,
        Transitioned::NotInState(State::Revoked)
    );
}

pub(crate) async fn r2_2_a_lock_under_a_suspension_comes_back(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let event = sample::wangzheng_changed(person, &random);
    store
        .transition_wangzheng(person, State::Active, State::Locked, event)
        .await
        .unwrap();
    suspend(&*store, person, Suspension::DocumentExpired, &random).await;
    let changed = make(&*store, &change(person, 1, &random), &random).await;
    assert_eq!(changed, DocumentChanged::Changed(State::Locked));
    let now = row(&*store, person).await;
    assert_eq!((now.state, now.locked_under), (State::Locked, false));
}

pub(crate) async fn r15_2_a_document_is_changed_whole_and_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    suspend(&*store, person, Suspension::DocumentExpired, &random).await;
    let new = change(person, 1, &random);
    let changed = make(&*store, &new, &random).await;
    assert_eq!(changed, DocumentChanged::Changed(State::Active));
    let now = row(&*store, person).await;
    assert_eq!(
        (now.serial, now.state, now.suspended_for, now.valid_until),
        (2, State::Active, None, new.valid_until)
    );
    let stored = store.person(person).await.unwrap().unwrap();
    assert_eq!(stored.sealed_record, new.sealed_record);
    assert_eq!(
        make(&*store, &new, &random).await,
        DocumentChanged::Overtaken
    );
    assert_eq!(row(&*store, person).await, now);
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 2);
    // R2.3: another human's application with the new document meets its owner, and so does the old one.
    let (bucket, mut other) = sample::new_person_of(sample::digest(&random), &random);
    other.person.person = PersonId::generate(person.bucket(), &random);
    let _ = bucket;
    other.documents = vec![new.document];
    let event = sample::applied(other.person.person, &random);
    let applied = store.apply(person.bucket(), other, event).await.unwrap();
    assert_eq!(applied, Applied::AlreadyHolds(person));
}

pub(crate) async fn r2_3_nobody_takes_over_anothers_document(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (owner, _) = sample::apply(&*store, &random).await;
    let (bucket, mut neighbour) = sample::new_person(&random);
    let id = PersonId::generate(owner.bucket(), &random);
    let _ = bucket;
    neighbour.person.person = id;
    neighbour.wangzheng.person = id;
    neighbour.device.person = id;
    neighbour.pin.person = id;
    neighbour.consents.clear();
    let taken = neighbour.documents[0];
    let event = sample::applied(id, &random);
    store.apply(owner.bucket(), neighbour, event).await.unwrap();
    let before = row(&*store, owner).await;
    let stolen = DocumentChange {
        document: taken,
        ..change(owner, 1, &random)
    };
    assert_eq!(
        make(&*store, &stolen, &random).await,
        DocumentChanged::OfAnother
    );
    assert_eq!(row(&*store, owner).await, before);
}

pub(crate) async fn c3_a_document_does_not_lift_what_a_review_found(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let (person, _) = sample::apply(&*store, &random).await;
    suspend(&*store, person, Suspension::Impersonation, &random).await;
    let changed = make(&*store, &change(person, 1, &random), &random).await;
    assert_eq!(changed, DocumentChanged::Changed(State::Suspended));
    let now = row(&*store, person).await;
    assert_eq!(now.suspended_for, Some(Suspension::Impersonation));
}

pub(crate) async fn p_rights_a_restriction_is_set_and_lifted_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    let (person, _) = sample::apply(&*store, &random).await;
    for (since, changes) in [
        (None, false),
        (Some(TODAY), true),
        (Some(TODAY.plus(1)), false),
        (None, true),
    ] {
        let notice = sample::inbox_entry(person, &random);
        let event = sample::wangzheng_changed(person, &random);
        let answer = store.restrict_wangzheng(person, since, notice, event).await;
        assert_eq!(answer.unwrap(), changes);
        let outcome = if changes { "done" } else { "not_in_state" };
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
        if changes {
            assert_eq!(row(&*store, person).await.restricted_on, since);
        }
    }
    assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 2);
}

pub(crate) async fn r15_2_what_is_due_is_found(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(7));
    let (person, _) = sample::apply(&*store, &random).await;
    let due = async |asked_before, today| {
        let bucket = person.bucket();
        let due = store.documents_due(bucket, asked_before, today, 10).await;
        due.unwrap().contains(&person)
    };
    assert!(!due(TODAY, TODAY).await, "asked today, valid today");
    assert!(due(TODAY.plus(1), TODAY).await, "asked before tomorrow");
    let event = sample::verified(person, &random);
    store
        .document_checked(person, TODAY.plus(5), event)
        .await
        .unwrap();
    assert!(!due(TODAY.plus(5), TODAY).await);
    let end = row(&*store, person).await.valid_until;
    assert!(!due(TODAY, end).await, "the last day counts");
    assert!(due(TODAY, end.plus(1)).await);
    for (waiting, expected) in [(Some(vec![1, 2]), true), (None, false)] {
        let event = sample::verified(person, &random);
        let put = store.put_waiting(person, waiting.clone(), event).await;
        assert!(put.unwrap());
        assert_eq!(row(&*store, person).await.waiting, waiting);
        assert_eq!(due(TODAY, TODAY).await, expected);
    }
    suspend(&*store, person, Suspension::DocumentExpired, &random).await;
    assert!(!due(TODAY, end.plus(1)).await, "suspended once");
    assert!(
        due(TODAY.plus(9), end.plus(1)).await,
        "and asked again later"
    );
}
