//! The store against a model: the same random calls, the same answers.
//!
//! The model is [`Memory`], a store in a few maps: the readable definition of the verbs.

use crypto::digest::Digest;
use crypto::random::SeededRandom;
use identity::consent::ConsentStore;
use identity::device::DeviceStore;
use identity::handover::HandoverStore;
use identity::id::Bucket;
use identity::log::LogStore;
use identity::person::NewPerson;
use identity::person::PersonStore;
use identity::pin::PinStore;
use identity::receipt::ReceiptStore;
use identity::store::{AuditStore, StoreError};
use identity::verification::VerificationStore;
use identity::wanghao::WanghaoStore;
use identity::wangzheng::WangzhengStore;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::Backend;
use crate::sample::{self, NOW};

mod call;
mod memory;

use call::Call;
use memory::Memory;

/// The verbs the model defines.
trait Modelled:
    AuditStore
    + ConsentStore
    + DeviceStore
    + HandoverStore
    + LogStore
    + PersonStore
    + PinStore
    + ReceiptStore
    + VerificationStore
    + WanghaoStore
    + WangzhengStore
{
}

impl<T> Modelled for T where
    T: AuditStore
        + ConsentStore
        + DeviceStore
        + HandoverStore
        + LogStore
        + PersonStore
        + PinStore
        + ReceiptStore
        + VerificationStore
        + WanghaoStore
        + WangzhengStore
        + ?Sized
{
}

/// Sequences tried.
const CASES: u32 = 24;
/// Calls in a sequence at most.
const LENGTH: usize = 80;

/// The things the small numbers of the calls stand for.
struct World {
    /// Applications: 0 and 1 are one human with two documents, 2 has a document of 0 (and another
    /// holder reference in the same bucket), 3 is somebody else.
    candidates: [NewPerson; 4],
    digests: [Digest; 3],
}

impl World {
    fn new() -> Self {
        let random = SeededRandom::new(11);
        let (_, first) = sample::new_person(&random);
        let (_, same) = sample::new_person_of(first.person.holder, &random);
        let mut neighbour = sample::digest(&random);
        neighbour.0[..2].copy_from_slice(&first.person.holder.0[..2]);
        let (_, mut borrowed) = sample::new_person_of(neighbour, &random);
        borrowed.documents.extend(&first.documents);
        let (_, other) = sample::new_person(&random);
        let digests = [(); 3].map(|()| sample::digest(&random));
        Self {
            candidates: [first, same, borrowed, other],
            digests,
        }
    }
}

/// What a reader sees of everything the calls can touch.
async fn seen(world: &World, store: &(impl Modelled + ?Sized)) -> Vec<String> {
    let mut seen = Vec::new();
    let mut buckets: Vec<Bucket> = world.digests.iter().map(Bucket::of).collect();
    for new in &world.candidates {
        let (person, holder) = (new.person.person, &new.person.holder);
        buckets.push(person.bucket());
        seen.push(spell(store.person(person).await));
        seen.push(spell(store.holder(person.bucket(), holder).await));
        seen.push(spell(store.holder_view(person, new.device.device).await));
        seen.push(spell(store.devices(person).await));
        seen.push(spell(store.consents(person).await));
        seen.push(spell(store.receipts(person, None, 1000).await));
        seen.push(spell(store.receipts(person, Some(9), 2).await));
        seen.push(spell(store.events_of(person, 5).await));
        for code in &world.digests {
            seen.push(spell(store.grant(person, code).await));
        }
    }
    for digest in &world.digests {
        seen.push(spell(store.request_taken(digest).await));
        seen.push(spell(store.handover(digest, NOW.plus(100)).await));
    }
    for bucket in buckets {
        seen.push(spell(store.last_sequence(bucket).await));
        seen.push(spell(store.events(bucket, 0, 1000).await));
        seen.push(spell(store.sealed_receipts(bucket, 3, 1000).await));
        seen.push(spell(store.pending_in(bucket, 2, 1000).await));
    }
    let mut pending = store.pending_leaves(10_000).await.unwrap();
    pending.sort_by_key(|pending| (pending.bucket, pending.sequence));
    seen.push(format!("{pending:?}"));
    seen
}

fn spell<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
    format!("{:?}", answer.unwrap())
}

pub(crate) async fn random_calls_agree_with_the_model<B: Backend>(_: &B) {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let calls = proptest::collection::vec(call::call(), 1..LENGTH);
    let runtime = tokio::runtime::Handle::current();
    let tried = TestRunner::new(config).run(&calls, |calls| {
        tokio::task::block_in_place(|| runtime.block_on(agree::<B>(&calls)))
    });
    if let Err(disagreement) = tried {
        panic!("{disagreement}");
    }
}

async fn agree<B: Backend>(calls: &[Call]) -> Result<(), TestCaseError> {
    let (backend, world) = (B::new().await, World::new());
    let (store, model) = (backend.open().await, Memory::default());
    for (seed, call) in (0..).zip(calls) {
        let expected = call.make(&world, &model, seed).await;
        prop_assert_eq!(
            call.make(&world, &*store, seed).await,
            expected,
            "{:?}",
            call
        );
    }
    prop_assert_eq!(seen(&world, &*store).await, seen(&world, &model).await);
    Ok(())
}
