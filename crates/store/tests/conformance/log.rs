//! The public log.

use std::collections::BTreeSet;

use crypto::digest::Digest;
use crypto::random::SeededRandom;
use identity::id::Bucket;
use identity::log::{Epoch, IndexedLeaf, Integration, PendingLeaf, StoredCheckpoint, StoredTile};
use identity::store::{Store, StoreError};

use super::Backend;
use crate::sample;

/// Stores one event in each of these buckets.
async fn record(store: &dyn Store, buckets: &[u16], random: &SeededRandom) {
    for number in buckets {
        let bucket = Bucket::new(*number).unwrap();
        store
            .record(bucket, sample::key_changed(random))
            .await
            .unwrap();
    }
}

fn epoch(first_index: u64, leaves: Vec<PendingLeaf>) -> Epoch {
    let size = first_index + u64::try_from(leaves.len()).unwrap();
    let hashes = leaves
        .iter()
        .flat_map(|pending| pending.leaf.digest().0)
        .collect();
    let tiles = vec![StoredTile {
        level: 0,
        index: 0,
        hashes,
    }];
    Epoch {
        first_index,
        leaves,
        tiles,
        checkpoint: format!("log.example\n{size}\n"),
    }
}

pub(crate) async fn c6_an_epoch_is_appended_whole(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    assert_eq!(store.tree_size().await.unwrap(), 0);
    assert_eq!(store.checkpoint().await.unwrap(), None);
    record(&*store, &[9, 7, 7, 4000], &random).await;
    let mut leaves = store.pending_leaves(100).await.unwrap();
    assert_eq!(leaves.len(), 4);
    for pending in &leaves {
        let row = store
            .events(pending.bucket, pending.sequence, 1)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(row.leaf(), pending.leaf, "the leaf of the stored row");
    }
    let seven = Bucket::new(7).unwrap();
    let in_seven: Vec<u64> = store
        .pending_in(seven, 0, 9)
        .await
        .unwrap()
        .iter()
        .map(|pending| pending.sequence)
        .collect();
    assert_eq!(in_seven, [1, 2]);
    assert_eq!(store.pending_in(seven, 2, 9).await.unwrap().len(), 1);
    assert_eq!(store.pending_in(seven, 0, 1).await.unwrap()[0].sequence, 1);

    leaves.swap(0, 3);
    let answer = store.integrate(epoch(0, leaves.clone())).await.unwrap();
    assert_eq!(answer, Integration::Integrated);
    assert!(store.pending_leaves(100).await.unwrap().is_empty());
    assert!(store.pending_in(seven, 0, 9).await.unwrap().is_empty());
    assert_eq!(store.tree_size().await.unwrap(), 4);
    let indexed: Vec<IndexedLeaf> = (0..)
        .zip(&leaves)
        .map(|(index, pending)| IndexedLeaf {
            index,
            leaf: pending.leaf,
        })
        .collect();
    assert_eq!(store.leaves(0, 100).await.unwrap(), indexed);
    assert_eq!(store.leaves(1, 2).await.unwrap(), indexed[1..3]);
    for expected in &indexed {
        let found = store.leaf_of(&expected.leaf.commitment).await.unwrap();
        assert_eq!(found.as_ref(), Some(expected));
    }
    assert_eq!(store.leaf_of(&Digest([3; 32])).await.unwrap(), None);
}

pub(crate) async fn c6_an_overtaken_sequencer_changes_nothing(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    record(&*store, &[1, 2], &random).await;
    let leaves = store.pending_leaves(100).await.unwrap();
    store.integrate(epoch(0, leaves.clone())).await.unwrap();
    record(&*store, &[3], &random).await;
    let before = backend.rows().await;
    let late = store.pending_leaves(100).await.unwrap();
    for first_index in [0, 1, 3] {
        let answer = store
            .integrate(epoch(first_index, late.clone()))
            .await
            .unwrap();
        assert_eq!(answer, Integration::Overtaken);
    }
    assert_eq!(backend.rows().await, before);
    assert_eq!(
        store.integrate(epoch(2, late)).await.unwrap(),
        Integration::Integrated
    );
}

pub(crate) async fn c6_a_leaf_enters_the_tree_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    record(&*store, &[1, 2], &random).await;
    let leaves = store.pending_leaves(100).await.unwrap();
    store
        .integrate(epoch(0, leaves[..1].to_vec()))
        .await
        .unwrap();
    let before = backend.rows().await;
    // One that waits and one that is in the tree: neither goes in.
    let again = store.integrate(epoch(1, vec![leaves[1], leaves[0]])).await;
    assert!(
        matches!(again, Err(StoreError::Corrupt { .. })),
        "{again:?}"
    );
    assert_eq!(backend.rows().await, before);
    assert_eq!(store.pending_leaves(100).await.unwrap(), leaves[1..]);
}

pub(crate) async fn c1_a_limit_does_not_cut_by_bucket(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    // Rounds over the same eight buckets: an epoch of eight must hold all of them, not one of them.
    let round = [4000, 1, 3000, 2, 2000, 3, 1000, 4];
    for _ in 0..4 {
        record(&*store, &round, &random).await;
    }
    let leaves = store.pending_leaves(8).await.unwrap();
    assert_eq!(leaves.len(), 8);
    let buckets: BTreeSet<Bucket> = leaves.iter().map(|pending| pending.bucket).collect();
    assert!(buckets.len() > 4, "cut by bucket: {buckets:?}");
    let all = store.pending_leaves(100).await.unwrap();
    for bucket in buckets {
        let of_bucket: Vec<u64> = all
            .iter()
            .filter(|pending| pending.bucket == bucket)
            .map(|pending| pending.sequence)
            .collect();
        assert_eq!(of_bucket, [1, 2, 3, 4], "oldest first within a bucket");
    }
}

pub(crate) async fn tiles_and_checkpoints_come_back(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let tile = |level, index, width: usize| StoredTile {
        level,
        index,
        hashes: sample::bytes(32 * width, &random),
    };
    let tiles = vec![
        tile(0, 0, 256),
        tile(0, 1, 256),
        tile(0, 2, 7),
        tile(1, 0, 2),
        tile(63, 9, 1),
    ];
    record(&*store, &[1], &random).await;
    let leaves = store.pending_leaves(9).await.unwrap();
    let first = Epoch {
        tiles: tiles.clone(),
        ..epoch(0, leaves)
    };
    store.integrate(first.clone()).await.unwrap();
    for expected in &tiles {
        let found = store.tile(expected.level, expected.index).await.unwrap();
        assert_eq!(found.as_ref(), Some(expected));
    }
    assert_eq!(store.tile(2, 0).await.unwrap(), None);
    assert_eq!(store.tiles(0, 0, 9).await.unwrap(), tiles[..3]);
    assert_eq!(store.tiles(0, 1, 1).await.unwrap(), tiles[1..2]);

    // A partial tile grows, and every head is kept.
    record(&*store, &[2], &random).await;
    let wider = tile(0, 2, 8);
    let leaves = store.pending_leaves(9).await.unwrap();
    let second = Epoch {
        tiles: vec![wider.clone()],
        ..epoch(1, leaves)
    };
    store.integrate(second.clone()).await.unwrap();
    assert_eq!(store.tile(0, 2).await.unwrap(), Some(wider));
    assert_eq!(
        store.checkpoint().await.unwrap().as_ref(),
        Some(&second.checkpoint)
    );
    let heads = [
        StoredCheckpoint {
            tree_size: 1,
            text: first.checkpoint,
        },
        StoredCheckpoint {
            tree_size: 2,
            text: second.checkpoint,
        },
    ];
    assert_eq!(store.checkpoints(0, 9).await.unwrap(), heads);
    assert_eq!(store.checkpoints(2, 9).await.unwrap(), heads[1..]);
    assert_eq!(store.checkpoints(0, 1).await.unwrap(), heads[..1]);
}
