//! Every writing verb: its row changes if and only if its event is stored (design §3, idea 1; C6).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crypto::digest::Digest;
use crypto::random::{self, SeededRandom};
use identity::store::{Store, StoreError};
use identity::verification::{GrantState, Redeemed, Redemption};

use super::Backend;
use crate::sample;

mod further;
mod world;

use world::World;

/// Verbs in the order in which they are called, the outcome their event names, and whether they
/// change any other row. Called again, most verbs refuse. `none`: no event at all.
const CALLS: &[(&str, &str, bool)] = &[
    ("record", "done", false),
    ("reserve_wanghao", "done", true),
    ("reserve_wanghao", "in_use", false),
    ("lapse_wanghao", "done", true),
    ("lapse_wanghao", "none", false),
    ("confirm_wanghao", "not_found", false),
    ("suspend_wangzheng", "not_in_state", false),
    ("restrict_wangzheng", "not_in_state", false),
    ("reissue_wanghao", "overtaken", false),
    ("raise_generation", "overtaken", false),
    ("change_document", "overtaken", false),
    ("document_checked", "not_found", false),
    ("put_waiting", "not_found", false),
    ("replace_history_key", "not_found", false),
    ("transition_wangzheng", "not_in_state", false),
    ("redeem_code", "not_active", false),
    ("settle_pin", "not_set", false),
    ("put_history_wrap", "not_found", false),
    ("apply", "done", true),
    ("apply", "already_holds", false),
    ("replace_history_key", "done", true),
    ("put_history_wrap", "done", true),
    ("add_device", "done", true),
    ("add_device", "too_many", false),
    ("settle_pin", "spent", true),
    ("settle_pin", "spent", true),
    ("settle_pin", "spent", true),
    ("settle_pin", "spent", true),
    ("settle_pin", "spent", true),
    ("settle_pin", "locked", false),
    ("replace_pin", "done", true),
    ("give_consent", "done", true),
    ("withdraw_consent", "done", true),
    ("withdraw_consent", "not_found", false),
    ("give_consent_in_writing", "done", true),
    ("withdraw_consent", "done", true),
    ("withdraw_from_platform", "done", true),
    ("put_guardian_link", "done", true),
    ("tell_guardian_link", "done", true),
    ("tell_guardian_link", "not_found", false),
    ("end_guardian_link", "done", true),
    ("end_guardian_link", "not_found", false),
    ("give_standing_consent", "done", true),
    ("end_standing_consents", "done", true),
    ("end_standing_consents", "not_found", false),
    ("advance_minor", "done", true),
    ("advance_minor", "not_in_stage", false),
    ("take_request", "taken", true),
    ("take_request", "same_again", false),
    ("redeem_code", "fresh", true),
    ("redeem_code", "replayed", true),
    ("revoke_grant", "revoked", true),
    ("keep_refusal", "done", true),
    ("keep_refusal", "none", false),
    ("put_receipt", "done", false),
    ("restrict_wangzheng", "done", true),
    ("restrict_wangzheng", "not_in_state", false),
    ("raise_generation", "done", true),
    ("raise_generation", "overtaken", false),
    ("document_checked", "done", true),
    ("put_waiting", "done", true),
    ("suspend_wangzheng", "done", true),
    ("suspend_wangzheng", "not_in_state", false),
    ("change_wangzheng_and_tell", "done", true),
    ("change_wangzheng_and_tell", "not_in_state", false),
    ("reissue_wanghao", "done", true),
    ("reissue_wanghao", "overtaken", false),
    ("change_document", "done", true),
    ("change_document", "overtaken", false),
    ("transition_wangzheng", "done", true),
    ("remove_device", "done", true),
    ("remove_device", "not_found", false),
    ("end_wanghao", "done", true),
    ("announce_inactivity", "done", true),
    ("announce_inactivity", "already_leaving", false),
    ("request_leave", "done", true),
    ("request_leave", "already_leaving", false),
    ("cancel_leave", "done", true),
    ("cancel_leave", "not_found", false),
    ("remove_rows", "done", false),
    ("remove_rows", "none", false),
    ("answer_application", "not_found", false),
    ("keep_application", "kept", true),
    ("answer_application", "answered", true),
    ("take_application", "taken", true),
    ("take_application", "not_found", false),
    ("open_handover", "opened", true),
    ("open_handover", "moved", false),
    ("advance_handover", "advanced", true),
    ("advance_handover", "moved", false),
    ("take_handover", "taken", true),
    ("take_handover", "moved", false),
    ("count_over_asking", "done", true),
    ("count_over_asking", "done", true),
    ("file_complaint", "done", true),
    ("file_complaint", "in_use", false),
    ("move_complaint", "done", true),
    ("move_complaint", "not_in_state", false),
    ("put_case_key", "done", true),
    ("put_case_key", "known", false),
    ("open_case", "done", true),
    ("open_case", "in_use", false),
    ("change_case", "done", true),
    ("change_case", "moved", false),
    ("draft_legal_request", "done", true),
    ("draft_legal_request", "in_use", false),
    ("change_legal_request", "done", true),
    ("change_legal_request", "moved", false),
    ("add_counts", "done", true),
    ("open_outbox", "done", true),
    ("open_outbox", "known", false),
    ("put_stream", "done", true),
    ("put_stream", "moved", false),
    ("queue_signal", "queued", true),
    ("queue_signal", "full", false),
    ("defer_signal", "deferred", true),
    ("settle_signals", "confirmed", true),
    ("settle_signals", "unknown", false),
    ("defer_signal", "unknown", false),
    ("put_staff", "done", true),
    ("put_staff", "done", true),
    ("debit_staff", "spent", true),
    ("open_staff_session", "done", true),
    ("close_staff_session", "done", true),
    ("close_staff_session", "not_found", false),
    ("propose", "done", true),
    ("decide_proposal", "done", true),
    ("finish_proposal", "done", true),
    ("finish_proposal", "not_confirmed", false),
    ("put_standing", "done", true),
    ("put_submission", "done", true),
    ("place_waiting", "placed", true),
    ("place_waiting", "crowded", false),
    ("settle_waiting", "done", true),
    ("settle_waiting", "not_found", false),
    ("put_platform", "done", true),
    ("publish_notice", "done", true),
    ("publish_notice", "known", false),
    ("put_incident", "done", true),
    ("put_incident", "moved", false),
    ("lift_deferral", "not_found", false),
    ("count_deferral", "done", true),
    ("lift_deferral", "done", true),
    ("defer_notice", "done", true),
    ("deliver_deferred", "done", true),
    ("deliver_deferred", "gone", false),
    ("erase_person", "none", false),
    ("request_leave", "done", true),
    ("erase_person", "done", true),
    ("erase_person", "none", false),
    ("request_leave", "not_possible", false),
];

/// Verbs that take events away; what they name is held by their own cases.
const REMOVE_EVENTS: [&str; 2] = ["remove_rows", "erase_person"];

pub(crate) async fn c6_a_row_changes_if_and_only_if_its_event_is_stored(backend: &impl Backend) {
    let listed: BTreeSet<&str> = CALLS.iter().map(|(verb, ..)| *verb).collect();
    let written: BTreeSet<String> = writing_verbs();
    assert!(
        written.iter().eq(listed.iter()),
        "verbs of the contract: {written:#?}\ntested: {listed:#?}"
    );

    let (store, world) = (backend.open().await, World::new());
    for (verb, outcome, changes) in CALLS {
        // Without its event nothing happens.
        let before = backend.rows().await;
        if *outcome != "none" {
            backend.refuse_events(true).await;
            let event = sample::verified(world.person, &world.random);
            let answer = world.call(&*store, verb, event).await;
            assert!(
                matches!(answer, Err(StoreError::Unavailable(_))),
                "{verb} {outcome}: {answer:?}"
            );
            assert_eq!(
                backend.rows().await,
                before,
                "{verb} {outcome}: a row without its event"
            );
            backend.refuse_events(false).await;
        }
        // With it, the outcome it names is what happened.
        let event = sample::verified(world.person, &world.random);
        let commitment = event.commitment();
        world.call(&*store, verb, event).await.unwrap();
        let after = backend.rows().await;
        assert_eq!(after.others != before.others, *changes, "{verb} {outcome}");
        let one = usize::from(*outcome != "none");
        if !REMOVE_EVENTS.contains(verb) {
            assert_eq!(after.events, before.events + one, "{verb} {outcome}");
        }
        assert_eq!(
            after.pending_leaves,
            before.pending_leaves + one,
            "{verb} {outcome}"
        );
        if one == 1 {
            assert_eq!(outcome_of(&*store, &commitment).await, *outcome, "{verb}");
        }
    }
}

/// The outcome of the event whose leaf, among the pending ones, has this commitment.
async fn outcome_of(store: &dyn Store, commitment: &Digest) -> String {
    let leaves = store.pending_leaves(10_000).await.unwrap();
    let pending = leaves
        .iter()
        .find(|pending| pending.leaf.commitment == *commitment)
        .unwrap();
    let row = store
        .events(pending.bucket, pending.sequence, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(row.leaf(), pending.leaf);
    row.parse().unwrap().outcome
}

/// Methods of the store traits that take an event, read from the contract's own source.
fn writing_verbs() -> BTreeSet<String> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../identity/src")];
    let mut verbs = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).unwrap();
            waiting.extend(entries.map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        for contract in source.split("\npub trait ").skip(1) {
            let contract = contract.split("\n}\n").next().unwrap_or_default();
            for method in contract.split("async fn ").skip(1) {
                let signature = method.split(';').next().unwrap_or_default();
                if signature.contains("EventDraft") {
                    let name = signature.split(['(', '<']).next().unwrap_or_default();
                    verbs.insert(name.trim().to_owned());
                }
            }
        }
    }
    verbs
}

pub(crate) async fn who_does_not_wait_for_the_answer_gets_all_or_nothing(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let redemptions: Vec<Redemption> = (0..300)
        .map(|_| sample::redemption(person, &random))
        .collect();
    let mut callers = tokio::task::JoinSet::new();
    for redemption in redemptions.clone() {
        let (store, event) = (store.clone(), sample::verified(person, &random));
        let [patience] = random::array::<1>(&random);
        let patience = Duration::from_micros(u64::from(patience) * 40);
        callers.spawn(async move {
            let code = redemption.code;
            let redeeming = store.redeem_code(redemption, event);
            (code, tokio::time::timeout(patience, redeeming).await.ok())
        });
    }
    let answers = callers.join_all().await;
    // Whatever was still on its way is done when this, which came later, is.
    store
        .record(person.bucket(), sample::key_changed(&random))
        .await
        .unwrap();

    let history = store.receipts(person, None, 1000).await.unwrap();
    let mut good = 0;
    for (code, answer) in answers {
        let grant = store.grant(person, &code).await.unwrap();
        let redemption = redemptions
            .iter()
            .find(|redemption| redemption.code == code)
            .unwrap();
        let told = history
            .iter()
            .any(|row| row.sealed == redemption.receipt.sealed);
        assert_eq!(
            grant == GrantState::Good,
            told,
            "a code without its receipt, or the reverse"
        );
        if let Some(answer) = answer {
            assert_eq!(answer.unwrap(), Redeemed::Fresh);
            assert!(told, "answered, and not stored");
        }
        good += usize::from(told);
    }
    let events = store.events(person.bucket(), 0, 1000).await.unwrap();
    let fresh = events
        .iter()
        .filter(|row| row.parse().unwrap().outcome == "fresh")
        .count();
    assert_eq!((history.len(), fresh), (good, good));
}
