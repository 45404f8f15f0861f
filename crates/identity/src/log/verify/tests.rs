use std::sync::Arc;

use super::*;
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::PersonId;
use crate::log::fake::{FakeStore, Tables};
use crate::log::keys::LogKeys;
use crate::log::sequencer::Sequencer;
use crate::receipt::InboxEntry;
use crypto::keystore::MemoryKeys;
use crypto::random::{self, SeededRandom};

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
        self.store
            .put(bucket, &draft, (bucket.number() % 2 == 0).then_some(entry));
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
        steps.push(progress.step)
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
    } = report.counts;
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

type Tamper = fn(&mut Tables);

fn event(tables: &mut Tables, sequence: u64) -> &mut crate::audit::EventRow {
    tables.events.get_mut(&(bucket(12), sequence)).unwrap()
}

fn tile(tables: &mut Tables, level: u8, index: u64) -> &mut Vec<u8> {
    &mut tables.tiles.get_mut(&(level, index)).unwrap().hashes
}

fn note(tables: &mut Tables, change: impl Fn(&str) -> String) {
    let note = tables.checkpoints.get_mut(&256).unwrap();
    *note = change(note);
}

const TABLE: &[(Tamper, &str)] = &[
    // Event rows.
    (
        |t| event(t, 5).body[0] ^= 1,
        "event 5 of bucket 12: body is not an event",
    ),
    (
        // A digit of the day: still an event.
        |t| {
            let body = &mut event(t, 5).body;
            let at = body.windows(5).position(|text| text == b"20000").unwrap();
            body[at + 4] ^= 1;
        },
        "receipt of event 5 of bucket 12: day column is not the day of its event",
    ),
    (
        |t| {
            let body = &mut event(t, 5).body;
            let at = body.windows(4).position(|text| text == b"done").unwrap();
            body[at] ^= 1;
        },
        "event 5 of bucket 12: body does not match its leaf (leaf ",
    ),
    (
        |t| event(t, 5).salt[31] ^= 1,
        "event 5 of bucket 12: salt is that of no leaf in the log",
    ),
    (
        |t| event(t, 5).receipt.0[0] ^= 1,
        "event 5 of bucket 12: digest of the receipt does not match its leaf (leaf ",
    ),
    (
        |t| event(t, 5).person = Some(PersonId::from_bytes([0; 12])),
        "event 5 of bucket 12: person column is not the person of the body",
    ),
    (
        |t| event(t, 5).person = None,
        "event 5 of bucket 12: person column is not the person of the body",
    ),
    (
        |t| drop(t.events.remove(&(bucket(12), 5))),
        "event 5 of bucket 12: row is missing",
    ),
    (|t| drop(t.events.pop_last()), "event "),
    (
        // The last row and the counter with it: the leaf still tells.
        |t| {
            let ((bucket, sequence), _) = t.events.pop_last().unwrap();
            t.receipts.remove(&(bucket, sequence));
            t.last_sequences.insert(bucket, sequence - 1);
        },
        "leaf ",
    ),
    (
        // Two rows change places.
        |t| {
            let (fourth, fifth) = (event(t, 4).clone(), event(t, 5).clone());
            t.events.insert(
                (bucket(12), 4),
                crate::audit::EventRow {
                    sequence: 4,
                    ..fifth
                },
            );
            t.events.insert(
                (bucket(12), 5),
                crate::audit::EventRow {
                    sequence: 5,
                    ..fourth
                },
            );
        },
        "event 4 of bucket 12: body names another bucket or sequence",
    ),
    (
        // A row more, which no verb wrote.
        |t| {
            let sequence = t.last_sequences[&bucket(12)] + 1;
            let extra = crate::audit::EventRow {
                sequence,
                ..event(t, 5).clone()
            };
            t.events.insert((bucket(12), sequence), extra);
        },
        "event 19 of bucket 12: is beyond the last sequence of its bucket, 18",
    ),
    (
        |t| {
            t.last_sequences.insert(bucket(12), 5_000_000);
        },
        "event 19 of bucket 12: row is missing",
    ),
    // Receipts.
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().sealed[89] ^= 1,
        "receipt of event 5 of bucket 12: does not match the digest in its event",
    ),
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().day = Day(20_001),
        "receipt of event 5 of bucket 12: day column is not the day of its event",
    ),
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().person = PersonId::from_bytes([0; 12]),
        "receipt of event 5 of bucket 12: person column is not the person of its event",
    ),
    (
        |t| drop(t.receipts.remove(&(bucket(12), 5))),
        "receipt of event 5 of bucket 12: is missing",
    ),
    (
        |t| {
            let person = t.events[&(bucket(13), 5)].person.unwrap();
            let receipt = crate::receipt::SealedReceipt {
                sequence: 5,
                person,
                day: Day(20_000),
                sealed: vec![1],
            };
            t.receipts.insert((bucket(13), 5), receipt);
        },
        "receipt of event 5 of bucket 13: belongs to an event that has none",
    ),
    // Leaf rows.
    (
        |t| t.leaves.get_mut(&300).unwrap().leaf.blinded.0[0] ^= 1,
        "leaf 300: row is not what was signed (tile 0/1 hash 44)",
    ),
    (
        |t| t.leaves.get_mut(&601).unwrap().leaf.commitment.0[9] ^= 1,
        "leaf 601: row is not what was signed (tile 0/2 hash 89)",
    ),
    (
        |t| t.leaves.retain(|index, _| *index != 300),
        "leaf 300: row is missing (tile 0/1 hash 44)",
    ),
    (
        |t| {
            let leaf = t.leaves[&0].leaf;
            t.leaves
                .insert(602, crate::log::IndexedLeaf { index: 602, leaf });
        },
        "leaf 602: row is beyond the tree of 602 leaves",
    ),
    // Tiles.
    (
        |t| tile(t, 0, 0)[5] ^= 1,
        "tile 0/0: hash 0 is not that of leaf 0",
    ),
    (
        |t| tile(t, 0, 1)[44 * 32] ^= 1,
        "tile 0/1: hash 44 is not that of leaf 300",
    ),
    (
        |t| tile(t, 0, 2)[89 * 32 + 31] ^= 1,
        "tile 0/2: hash 89 is not that of leaf 601",
    ),
    (
        |t| tile(t, 1, 0)[33] ^= 1,
        "tile 1/0: hash 1 is not the root of tile 0/1",
    ),
    (
        |t| tile(t, 0, 2).truncate(32),
        "tile 0/2: is missing or too short",
    ),
    (
        |t| tile(t, 0, 2).extend([0; 32]),
        "tile 0/2: has more than its 90 hashes",
    ),
    (
        |t| tile(t, 0, 2).push(0),
        "tile 0/2: is missing or too short",
    ),
    (
        |t| drop(t.tiles.remove(&(0, 1))),
        "tile 0/1: is missing or too short",
    ),
    (
        |t| drop(t.tiles.remove(&(1, 0))),
        "tile 1/0: is missing or too short",
    ),
    (
        |t| {
            let hashes = tile(t, 0, 0).clone();
            t.tiles.insert(
                (2, 0),
                crate::log::StoredTile {
                    level: 2,
                    index: 0,
                    hashes,
                },
            );
        },
        "tile 2/0: is beyond the tree of 602 leaves",
    ),
    // Checkpoints.
    (
        |t| note(t, |note| note.replace("/log\n256", "/log\n255")),
        "checkpoint of size 256: SM2 signature of key ",
    ),
    (
        |t| note(t, |note| note.replacen("id.", "ie.", 1)),
        "checkpoint of size 256: is of another log",
    ),
    (
        |t| note(t, |note| flip(note, 2, 9)),
        "checkpoint of size 256: ",
    ),
    (
        |t| note(t, |note| flip(note, 4, 60)),
        "checkpoint of size 256: SM2 signature of key ",
    ),
    (
        |t| note(t, |note| flip(note, 5, 60)),
        "checkpoint of size 256: ES256 signature of key ",
    ),
    (
        |t| note(t, |note| note.split_inclusive('\n').take(5).collect()),
        "checkpoint of size 256: has no ES256 signature of a known key",
    ),
    (
        |t| {
            let note = t.checkpoints.remove(&256).unwrap();
            t.checkpoints.insert(257, note);
        },
        "checkpoint of size 257: names the size 256",
    ),
    (
        // Back to an earlier head, without the rows.
        |t| drop(t.checkpoints.pop_last()),
        "leaf 556: row is beyond the tree of 556 leaves",
    ),
];

/// Changes one letter of the base64 on a line.
fn flip(note: &str, line: usize, at: usize) -> String {
    let start: usize = note.split_inclusive('\n').take(line).map(str::len).sum();
    let mut bytes = note.as_bytes().to_vec();
    let at = start + at;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
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
