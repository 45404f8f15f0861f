//! Every writing verb: its row changes if and only if its event is stored (design §3, idea 1; C6).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crypto::digest::Digest;
use crypto::random::{self, SeededRandom};
use identity::audit::EventDraft;
use identity::consent::{ConsentKind, ConsentRow};
use identity::handover::HandoverRow;
use identity::id::{Bucket, PersonId};
use identity::notice::application_notices;
use identity::person::NewPerson;
use identity::store::{Store, StoreError};
use identity::verification::{GrantState, Redeemed, Redemption, TakenBy};
use identity::wangzheng::WangzhengState;

use super::{Backend, platform};
use crate::sample::{self, NOW, TODAY};

/// Verbs in the order in which they are called, the outcome their event names, and whether they
/// change any other row. Called again, most verbs refuse. `none`: no event at all.
const CALLS: &[(&str, &str, bool)] = &[
    ("record", "done", false),
    ("reserve_wanghao", "done", true),
    ("reserve_wanghao", "in_use", false),
    ("lapse_wanghao", "done", true),
    ("lapse_wanghao", "none", false),
    ("confirm_wanghao", "not_found", false),
    ("replace_history_key", "not_found", false),
    ("transition_wangzheng", "not_in_state", false),
    ("redeem_code", "not_active", false),
    ("debit_pin", "not_set", false),
    ("refund_pin", "not_set", false),
    ("put_history_wrap", "not_found", false),
    ("apply", "done", true),
    ("apply", "already_holds", false),
    ("replace_history_key", "done", true),
    ("put_history_wrap", "done", true),
    ("add_device", "done", true),
    ("add_device", "too_many", false),
    ("debit_pin", "spent", true),
    ("refund_pin", "done", true),
    ("debit_pin", "spent", true),
    ("debit_pin", "spent", true),
    ("debit_pin", "spent", true),
    ("debit_pin", "spent", true),
    ("debit_pin", "spent", true),
    ("debit_pin", "locked", false),
    ("replace_pin", "done", true),
    ("give_consent", "done", true),
    ("withdraw_consent", "done", true),
    ("withdraw_consent", "not_found", false),
    ("take_request", "taken", true),
    ("take_request", "same_again", false),
    ("redeem_code", "fresh", true),
    ("redeem_code", "replayed", true),
    ("put_receipt", "done", false),
    ("transition_wangzheng", "done", true),
    ("remove_device", "done", true),
    ("remove_device", "not_found", false),
    ("open_handover", "opened", true),
    ("open_handover", "moved", false),
    ("advance_handover", "advanced", true),
    ("advance_handover", "moved", false),
    ("take_handover", "taken", true),
    ("take_handover", "moved", false),
    ("put_platform", "done", true),
    ("publish_notice", "done", true),
    ("publish_notice", "known", false),
];

/// What the calls are about.
struct World {
    person: PersonId,
    new: NewPerson,
    consent: ConsentRow,
    redemption: Redemption,
    request: Digest,
    wanghao: Digest,
    handover: HandoverRow,
    random: SeededRandom,
}

impl World {
    fn new() -> Self {
        let random = SeededRandom::new(1);
        let (_, new) = sample::new_person(&random);
        let person = new.person.person;
        Self {
            person,
            consent: sample::consent(person, ConsentKind::Separate, &random),
            redemption: sample::redemption(person, &random),
            request: sample::digest(&random),
            wanghao: sample::digest(&random),
            handover: sample::handover(&random),
            new,
            random,
        }
    }

    /// Calls a verb.
    async fn call(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (new, wanghao, handover) = (&self.new, &self.wanghao, &self.handover);
        let (consent, request, random) = (&self.consent, &self.request, &self.random);
        let (person, device) = (self.person, new.device.device);
        let bucket = person.bucket();
        let notice = sample::inbox_entry(person, random);
        match verb {
            "record" => store.record(bucket, event).await,
            "reserve_wanghao" => store.reserve_wanghao(wanghao, TODAY, event).await.map(drop),
            "lapse_wanghao" => store
                .lapse_wanghao(Bucket::of(wanghao), TODAY.plus(1), event)
                .await
                .map(drop),
            "confirm_wanghao" => store.confirm_wanghao(wanghao, event).await.map(drop),
            "apply" => store.apply(bucket, new.clone(), event).await.map(drop),
            "replace_history_key" => {
                store
                    .replace_history_key(person, vec![4; 65], None, event)
                    .await
            }
            "put_history_wrap" => store
                .put_history_wrap(person, device, vec![9], event)
                .await
                .map(drop),
            "add_device" => {
                let another = sample::device(person, random);
                store.add_device(another, 2, notice, event).await.map(drop)
            }
            "remove_device" => store.remove_device(person, device, event).await.map(drop),
            "debit_pin" => store.debit_pin(person, NOW, event).await.map(drop),
            "refund_pin" => store.refund_pin(person, event).await,
            "replace_pin" => store.replace_pin(new.pin.clone(), notice, event).await,
            "give_consent" => store.give_consent(consent.clone(), event).await,
            "withdraw_consent" => store
                .withdraw_consent(person, &consent.tag, TODAY, event)
                .await
                .map(drop),
            "take_request" => store
                .take_request(request, TakenBy::Refusal, NOW, event)
                .await
                .map(drop),
            "redeem_code" => store
                .redeem_code(self.redemption.clone(), event)
                .await
                .map(drop),
            "put_receipt" => store.put_receipt(notice, event).await,
            "transition_wangzheng" => {
                let (from, to) = (WangzhengState::Active, WangzhengState::Locked);
                store
                    .transition_wangzheng(person, from, to, event)
                    .await
                    .map(drop)
            }
            "open_handover" => store
                .open_handover(handover.clone(), NOW, event)
                .await
                .map(drop),
            "advance_handover" => store
                .advance_handover(handover.clone(), NOW, event)
                .await
                .map(drop),
            "take_handover" => store
                .take_handover(&handover.digest, 2, NOW, event)
                .await
                .map(drop),
            "put_platform" => {
                store
                    .put_platform(platform::platform("forum", "论坛"), event)
                    .await
            }
            "publish_notice" => {
                let complete = application_notices().remove(0).complete().unwrap();
                store.publish_notice(complete, event).await.map(drop)
            }
            other => panic!("{other} is not in the list"),
        }
    }
}

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
        assert_eq!(after.events, before.events + one, "{verb} {outcome}");
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../identity/src");
    let mut verbs = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let Some("rs") = path.extension().and_then(|extension| extension.to_str()) else {
            continue;
        };
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
