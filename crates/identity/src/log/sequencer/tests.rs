use super::*;
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::Bucket;
use crate::log::fake::FakeStore;
use crate::log::path::TileReader;
use crate::log::tree::verify_consistency;
use crypto::SignatureAlgorithm;
use crypto::keystore::{MemoryKeys, SigningPurpose};
use crypto::random::SeededRandom;

const ORIGIN: &str = "id.example/log";

/// The same events, salts included, for every bucket they are put into.
fn drafts(count: u64) -> Vec<EventDraft> {
    let random = SeededRandom::new(99);
    (0..count)
        .map(|_| {
            EventDraft::new(
                AuditEvent::HandoverChanged {
                    minute: Timestamp(60),
                },
                &random,
            )
        })
        .collect()
}

fn sequencer(store: &Arc<FakeStore>, seed: u64) -> Sequencer {
    let keys = Arc::new(MemoryKeys::generate(&SeededRandom::new(1)));
    let random = Arc::new(SeededRandom::new(seed));
    Sequencer::new(
        Arc::<FakeStore>::clone(store),
        keys,
        random,
        ORIGIN.to_owned(),
    )
}

fn bucket(number: u16) -> Bucket {
    Bucket::new(number % Bucket::COUNT).unwrap()
}

#[tokio::test]
async fn c6_epochs_grow_one_tree_and_every_head_extends_the_one_before() {
    let store = Arc::new(FakeStore::default());
    let sequencer = sequencer(&store, 5).with_limit(300);
    assert_eq!(
        sequencer.run_once().await.unwrap(),
        None,
        "nothing waits, nothing is signed"
    );
    let mut heads = vec![];
    for (round, count) in [1, 3, 252, 1, 500, 40].into_iter().enumerate() {
        for (number, draft) in (0..).zip(&drafts_of(round as u64, count)) {
            store.put(bucket(number), draft, None);
        }
        while let Some(summary) = sequencer.run_once().await.unwrap() {
            assert_eq!(summary.full, summary.added == 300);
            heads.push(summary.checkpoint);
        }
    }
    let sizes: Vec<u64> = heads.iter().map(|head| head.tree_size).collect();
    assert_eq!(sizes, [1, 4, 256, 257, 557, 757, 797]);
    for pair in heads.windows(2) {
        let tiles = StoreTiles(&*store);
        let path = TileReader::new(&tiles, pair[1].tree_size)
            .consistency_path(pair[0].tree_size)
            .await
            .unwrap();
        let (old, new) = (&pair[0], &pair[1]);
        assert!(verify_consistency(
            (old.tree_size, &old.root),
            (new.tree_size, &new.root),
            &path
        ));
    }
    assert!(store.tables().pending.is_empty());
    assert_eq!(store.tables().leaves.len(), 797);
}

fn drafts_of(seed: u64, count: u64) -> Vec<EventDraft> {
    let random = SeededRandom::new(seed);
    (0..count)
        .map(|_| {
            EventDraft::new(
                AuditEvent::HandoverChanged {
                    minute: Timestamp(60),
                },
                &random,
            )
        })
        .collect()
}

/// C1: the place of a leaf depends on the leaves and on chance, not on where their events are kept.
#[tokio::test]
async fn c1_the_order_in_the_tree_does_not_depend_on_buckets_or_sequences() {
    // Leaves do not hold their bucket, but events do: here only the place of the rows differs.
    let (here, there) = (
        Arc::new(FakeStore::default()),
        Arc::new(FakeStore::default()),
    );
    for (number, draft) in (0..).zip(&drafts(200)) {
        here.put(bucket(number), draft, None);
    }
    let mut moved = here.tables().pending.clone();
    moved.reverse();
    for (number, pending) in (0_u16..).zip(&mut moved) {
        (pending.bucket, pending.sequence) = (bucket(number * 7), 900 - u64::from(number));
    }
    there.tables().pending = moved;

    sequencer(&here, 8).run_once().await.unwrap().unwrap();
    sequencer(&there, 8).run_once().await.unwrap().unwrap();
    assert_eq!(here.tables().leaves, there.tables().leaves);
    assert_eq!(here.tables().tiles, there.tables().tiles);

    // And chance does decide.
    let other = Arc::new(FakeStore::default());
    for (number, draft) in (0..).zip(&drafts(200)) {
        other.put(bucket(number), draft, None);
    }
    sequencer(&other, 9).run_once().await.unwrap().unwrap();
    assert_ne!(here.tables().leaves, other.tables().leaves);
}

/// C1: what is published — tiles and checkpoint — does not change with the buckets, so no bucket is in it.
#[tokio::test]
async fn c1_nothing_published_contains_a_bucket() {
    let published = async |shift: u16| {
        let store = Arc::new(FakeStore::default());
        for (number, draft) in (0..).zip(&drafts(300)) {
            store.put(bucket(number), draft, None);
        }
        for pending in &mut store.tables().pending {
            pending.bucket = bucket(pending.bucket.number() + shift);
        }
        sequencer(&store, 8).run_once().await.unwrap().unwrap();
        let tables = store.tables();
        let tiles: Vec<_> = tables.tiles.values().cloned().collect();
        let head = tables.checkpoints.values().last().unwrap();
        // Signatures hold fresh randomness; the signed text does not.
        (tiles, Checkpoint::parse_unverified(head).unwrap())
    };
    assert_eq!(published(0).await, published(1_234).await);
}

#[tokio::test]
async fn an_overtaken_epoch_leaves_everything_for_the_next() {
    let store = Arc::new(FakeStore::default());
    for draft in &drafts(3) {
        store.put(bucket(1), draft, None);
    }
    store.tables().overtaken = true;
    let sequencer = sequencer(&store, 5);
    assert_eq!(sequencer.run_once().await.unwrap(), None);
    assert_eq!(store.tables().pending.len(), 3);
    assert_eq!(sequencer.run_once().await.unwrap().unwrap().added, 3);
}

#[tokio::test]
async fn c6_nothing_is_signed_on_top_of_a_changed_tree_or_head() {
    let store = Arc::new(FakeStore::default());
    let sequencer = sequencer(&store, 5);
    for draft in &drafts(3) {
        store.put(bucket(1), draft, None);
    }
    sequencer.run_once().await.unwrap().unwrap();
    store.put(bucket(1), &drafts(4)[3], None);

    let head = store.tables().checkpoints[&3].clone();
    store.tables().tiles.get_mut(&(0, 0)).unwrap().hashes[40] ^= 1;
    let error = sequencer.run_once().await.unwrap_err();
    assert!(
        matches!(error, SequencerError::Inconsistent { tree_size: 3 }),
        "{error}"
    );
    store.tables().tiles.get_mut(&(0, 0)).unwrap().hashes[40] ^= 1;

    let strangers = MemoryKeys::generate(&SeededRandom::new(2));
    let forged = Checkpoint::parse_unverified(&head)
        .unwrap()
        .sign(&strangers)
        .unwrap();
    store.tables().checkpoints.insert(3, forged);
    let error = sequencer.run_once().await.unwrap_err();
    assert!(
        matches!(
            error,
            SequencerError::Head(CheckpointError::NotSigned { .. })
        ),
        "{error}"
    );

    store.tables().checkpoints.insert(3, head);
    assert_eq!(
        sequencer
            .run_once()
            .await
            .unwrap()
            .unwrap()
            .checkpoint
            .tree_size,
        4
    );
}

#[tokio::test]
async fn a_rotated_key_signs_the_next_head() {
    let store = Arc::new(FakeStore::default());
    let keys = Arc::new(MemoryKeys::generate(&SeededRandom::new(1)));
    let random = Arc::new(SeededRandom::new(1));
    let log: Arc<dyn LogStore> = Arc::<FakeStore>::clone(&store);
    let sequencer = Sequencer::new(
        log,
        Arc::<MemoryKeys>::clone(&keys),
        random,
        ORIGIN.to_owned(),
    );
    for draft in &drafts(2) {
        store.put(bucket(1), draft, None);
        sequencer.run_once().await.unwrap().unwrap();
        keys.rotate(
            SigningPurpose::Checkpoint,
            SignatureAlgorithm::Sm2Sm3,
            &SeededRandom::new(4),
        )
        .unwrap();
    }
    assert_eq!(store.tables().checkpoints.len(), 2);
}

/// Each of five leaves is at each of five places about as often: χ² with 16 degrees of freedom is
/// below 45.9 in all but one of ten thousand fair trials, and the seed is fixed.
#[test]
fn c1_the_shuffle_is_fair() {
    let random = SeededRandom::new(3);
    let mut counts = [[0_u32; 5]; 5];
    for _ in 0..10_000 {
        let mut items = [0, 1, 2, 3, 4];
        shuffle(&mut items, &random);
        for (place, item) in items.into_iter().enumerate() {
            counts[place][item] += 1;
        }
    }
    let deviation: f64 = counts
        .iter()
        .flatten()
        .map(|count| (f64::from(*count) - 2_000.0).powi(2) / 2_000.0)
        .sum();
    assert!(deviation < 45.9, "{counts:?}");
}

#[test]
fn an_index_is_below_its_bound_and_the_uneven_rest_is_drawn_again() {
    struct Fixed(std::sync::Mutex<Vec<u64>>);
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0.lock().unwrap().remove(0).to_be_bytes());
        }
    }
    // 2^64 mod 3 = 1: the last value is the uneven rest.
    let random = Fixed(std::sync::Mutex::new(vec![u64::MAX, u64::MAX - 1]));
    assert_eq!(below(3, &random), 2);
    let random = Fixed(std::sync::Mutex::new(vec![u64::MAX]));
    assert_eq!(below(4, &random), 3, "a power of two has no rest");
}
