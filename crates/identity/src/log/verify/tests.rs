use std::sync::Arc;

use super::*;
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::PersonId;
use crate::log::fake::FakeStore;
use crate::log::keys::LogKeys;
use crate::log::sequencer::Sequencer;
use crate::receipt::InboxEntry;
use crypto::keystore::MemoryKeys;
use crypto::random::{self, SeededRandom};

mod removed;
mod table;

use table::TABLE;

/// Four epochs, 602 leaves in buckets 12 and 13 and on; event 5 of bucket 12 has a receipt.
struct World {
    store: Arc<FakeStore>,
    keys: LogKeys,
    sequencer: Sequencer,
    random: Arc<SeededRandom>,
}

impl World {
    async fn new() -> Self {
        let (store, random) = (
            Arc::new(FakeStore::default()),
            Arc::new(SeededRandom::new(3)),
        );
        let keys = Arc::new(MemoryKeys::generate(&*random));
        let known = LogKeys::of_store("id.example/log", &*keys);
        let sequencer = Sequencer::new(
            Arc::<FakeStore>::clone(&store),
            keys,
            Arc::<SeededRandom>::clone(&random),
            known.origin.clone(),
        );
        let world = Self {
            store,
            keys: known,
            sequencer,
            random,
        };
        for count in [1, 255, 300, 46] {
            for number in 0..count {
                world.verified(12 + number % 40);
            }
            world.sequencer.run_once().await.unwrap().unwrap();
        }
        world
    }

    /// A verification with its receipt, or without one in odd buckets.
    fn verified(&self, bucket: u16) {
        let bucket = Bucket::new(bucket).unwrap();
        let person = PersonId::generate(bucket, &*self.random);
        let event = AuditEvent::Verified {
            person,
            day: Day(20_000),
        };
        let draft = EventDraft::new(event, &*self.random);
        let sealed = random::array::<90>(&*self.random).to_vec();
        let entry = InboxEntry {
            person,
            day: Day(20_000),
            sealed,
        };
        self.store.put(
            bucket,
            &draft,
            bucket.number().is_multiple_of(2).then_some(entry),
        );
    }

    async fn verify(&self) -> Report {
        verify_database(&*self.store, &self.keys, &mut |_| {})
            .await
            .unwrap()
    }
}

fn bucket(number: u16) -> Bucket {
    Bucket::new(number).unwrap()
}

#[tokio::test]
async fn c6_an_untouched_log_has_nothing_to_report() {
    let world = World::new().await;
    world.verified(12);
    let mut steps = Vec::new();
    let report = verify_database(&*world.store, &world.keys, &mut |progress| {
        steps.push(progress.step);
    })
    .await
    .unwrap();
    assert_eq!(report.findings, []);
    let Counts {
        leaves,
        tiles,
        checkpoints,
        events,
        pending,
        receipts,
        removed,
    } = report.counts;
    assert_eq!(removed, 0);
    assert_eq!(
        (leaves, tiles, checkpoints, events, pending),
        (602, 4, 4, 603, 1)
    );
    assert!(receipts > 300);
    for step in [Step::Checkpoints, Step::Tree, Step::Events] {
        assert!(steps.contains(&step));
    }
}

#[tokio::test]
async fn an_empty_log_is_good() {
    let keys = LogKeys {
        origin: "id.example/log".to_owned(),
        keys: Vec::new(),
    };
    let report = verify_database(&FakeStore::default(), &keys, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(report, Report::default());
}

/// C6: any byte changed in an event row, a sealed receipt, a leaf row, a tile or a checkpoint is found
/// and named first; so is what is missing and what is too much.
#[tokio::test]
async fn c6_whatever_is_changed_is_found_and_named() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (tamper, named) in TABLE {
        let before = world.store.tables().clone();
        tamper(&mut world.store.tables());
        let report = world.verify().await;
        let first = report.findings.first().map(ToString::to_string);
        if !first.is_some_and(|first| first.starts_with(named)) {
            wrong.push((named, report.findings));
        }
        *world.store.tables() = before;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(world.verify().await.is_good());
}

/// A head of ours for another tree: signatures are good, its root is not.
#[tokio::test]
async fn c6_a_signed_head_of_another_tree_is_found() {
    let world = World::new().await;
    let keys = MemoryKeys::generate(&SeededRandom::new(3));
    let forged = crate::log::checkpoint::Checkpoint {
        origin: world.keys.origin.clone(),
        tree_size: 300,
        root: crypto::digest::sm3(&[b"another"]),
    };
    let known = LogKeys::of_store(&world.keys.origin, &keys);
    assert_eq!(known, world.keys, "the same seed gives the same keys");
    world
        .store
        .tables()
        .checkpoints
        .insert(300, forged.sign(&keys).unwrap());
    let report = world.verify().await;
    assert_eq!(report.bad, 1);
    assert_eq!(
        report.findings[0].to_string(),
        "checkpoint of size 300: root is not that of the leaves"
    );
}

#[tokio::test]
async fn many_findings_are_counted_and_the_first_kept() {
    let world = World::new().await;
    for row in world.store.tables().events.values_mut() {
        row.person = None;
    }
    let report = world.verify().await;
    assert_eq!(report.bad, 602);
    assert_eq!(report.findings.len(), FINDINGS_KEPT);
    assert_eq!(
        report.findings[0].subject,
        Subject::Event {
            bucket: bucket(12),
            sequence: 1
        }
    );
    let json = serde_json::to_value(&report.findings[0]).unwrap();
    assert_eq!(json["subject"], "event 1 of bucket 12");
}
