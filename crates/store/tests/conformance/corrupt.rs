//! A damaged row is said to be one.

use crypto::random::SeededRandom;
use identity::disclosure::over_asking::OverAsked;
use identity::id::{Bucket, DeviceId, PersonId};
use identity::log::Epoch;
use identity::notice::application_notices;
use identity::store::{Store, StoreError};
use identity::verification::TakenBy;
use identity::wangzheng::WangzhengState;

use super::Backend;
use super::{disclosure, notice, oversight, platform};
use crate::sample::{self, NOW};

/// Table, column, and what reads them.
const DAMAGES: &[(&str, &str, &str)] = &[
    ("person", "holder", "person"),
    ("person", "generation", "holder_view"),
    ("person", "recovery_proof", "person"),
    ("person", "applied_on", "holder_view"),
    ("wangzheng", "state", "holder_view"),
    ("wangzheng", "state", "transition_wangzheng"),
    ("wangzheng", "state", "redeem_code"),
    ("wangzheng", "serial", "holder_view"),
    ("device", "curve", "devices"),
    ("device", "curve", "holder_view"),
    ("device", "added_on", "devices"),
    ("pin", "attempts_left", "pin"),
    ("consent", "kind", "consents"),
    ("taken_request", "code", "take_request"),
    ("redeemed_code", "person", "grant"),
    ("handover", "version", "handover"),
    ("audit_event", "salt", "events"),
    ("audit_event", "salt", "pending_leaves"),
    ("audit_event", "receipt_digest", "events"),
    ("audit_event", "receipt_day", "receipts"),
    ("audit_sequence", "last_sequence", "last_sequence"),
    ("log_leaf", "blinded", "leaves"),
    ("over_asking", "kind", "over_asking"),
    ("platform", "content", "platforms"),
    ("staff", "content", "all_staff"),
    ("staff", "content", "debit_staff"),
    ("proposal", "content", "proposals"),
    ("platform_standing", "content", "standings"),
    ("submission", "content", "submissions"),
    ("notice", "content", "notices"),
];

/// A store with a row in every table.
struct Filled {
    person: PersonId,
    device: DeviceId,
    code: crypto::digest::Digest,
    request: crypto::digest::Digest,
    handover: crypto::digest::Digest,
}

async fn fill(store: &dyn Store, random: &SeededRandom) -> Filled {
    let (person, device) = sample::apply(store, random).await;
    let redemption = sample::redemption(person, random);
    let (code, request) = (redemption.code, sample::digest(random));
    let first = store.pending_leaves(1).await.unwrap();
    let epoch = Epoch {
        first_index: 0,
        leaves: first,
        tiles: vec![],
        checkpoint: "1".to_owned(),
    };
    store.integrate(epoch).await.unwrap();
    store
        .redeem_code(redemption, sample::verified(person, random))
        .await
        .unwrap();
    let event = sample::request_taken(random);
    store
        .take_request(&request, TakenBy::Code(code), NOW, event)
        .await
        .unwrap();
    let row = sample::handover(random);
    let handover = row.digest;
    store
        .open_handover(row, NOW, sample::handover_changed(random))
        .await
        .unwrap();
    disclosure::count(
        store,
        disclosure::asking("shop", 100, OverAsked::Scenario),
        0,
        random,
    )
    .await
    .unwrap();
    platform::put(store, &platform::platform("forum", "论坛"), random).await;
    oversight::fill(store, random).await;
    notice::publish(store, &application_notices()[0], random).await;
    Filled {
        person,
        device,
        code,
        request,
        handover,
    }
}

async fn perform(
    store: &dyn Store,
    filled: &Filled,
    verb: &str,
    random: &SeededRandom,
) -> Result<(), StoreError> {
    let Filled {
        person,
        device,
        code,
        request,
        handover,
    } = *filled;
    let verified = sample::verified(person, random);
    match verb {
        "person" => store.person(person).await.map(drop),
        "holder_view" => store.holder_view(person, device).await.map(drop),
        "transition_wangzheng" => {
            let (from, to) = (WangzhengState::Active, WangzhengState::Locked);
            store
                .transition_wangzheng(person, from, to, verified)
                .await
                .map(drop)
        }
        "redeem_code" => store
            .redeem_code(sample::redemption(person, random), verified)
            .await
            .map(drop),
        "devices" => store.devices(person).await.map(drop),
        "pin" => store.pin(person).await.map(drop),
        "consents" => store.consents(person).await.map(drop),
        "take_request" => {
            let event = sample::request_taken(random);
            store
                .take_request(&request, TakenBy::Refusal, NOW, event)
                .await
                .map(drop)
        }
        "grant" => store.grant(person, &code).await.map(drop),
        "handover" => store.handover(&handover, NOW).await.map(drop),
        "events" => store.events(person.bucket(), 0, 9).await.map(drop),
        "pending_leaves" => store.pending_leaves(9).await.map(drop),
        "receipts" => store.receipts(person, None, 9).await.map(drop),
        "last_sequence" => store.last_sequence(Bucket::of(&request)).await.map(drop),
        "leaves" => store.leaves(0, 9).await.map(drop),
        "all_staff" => store.all_staff().await.map(drop),
        "debit_staff" => {
            let login = identity::id::StaffLogin("reviewer1".to_owned());
            store.debit_staff(&login, NOW, verified).await.map(drop)
        }
        "proposals" => store.proposals(None, 9).await.map(drop),
        "submissions" => store.submissions().await.map(drop),
        "standings" => store.standings().await.map(drop),
        "over_asking" => store.over_asking().await.map(drop),
        "platforms" => store.platforms().await.map(drop),
        "notices" => store.notices().await.map(drop),
        other => panic!("{other} is not in the list"),
    }
}

pub(crate) async fn a_row_that_does_not_parse_is_corrupt_and_no_panic<B: Backend>(_: &B) {
    for (table, column, verb) in DAMAGES {
        let backend = B::new().await;
        let (store, random) = (backend.open().await, SeededRandom::new(1));
        let filled = fill(&*store, &random).await;
        perform(&*store, &filled, verb, &random).await.unwrap();
        backend.damage(table, column).await;
        let before = backend.rows().await;
        let answer = perform(&*store, &filled, verb, &random).await;
        assert!(
            matches!(answer, Err(StoreError::Corrupt { .. })),
            "{verb}, {table}.{column}: {answer:?}"
        );
        assert_eq!(backend.rows().await, before, "{verb} wrote something");
    }
}
