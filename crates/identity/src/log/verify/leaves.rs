//! The tree of a database: leaf rows against level-0 tiles, every tile above, the root of every head.

use super::beyond::verify_tree_end;
use super::checkpoints::Heads;
use super::walk::Walk;
use super::window::{Place, places, readable};
use super::{OnProgress, Progress, Report, Step, Subject};
use crate::log::checkpoint::Checkpoint;
use crate::log::path::TileReader;
use crate::log::tile::{HASHES_PER_TILE, StoreTiles, TileAddress, TileSource};
use crate::log::tree::{leaf_hash, root_from_path};
use crate::log::{IndexedLeaf, LogStore, StoredCheckpoint};

use crate::store::StoreError;
use crypto::digest::Digest;

/// Walks through the first `size` leaves. `head` is the largest head with good signatures: it decides
/// which one is wrong when a leaf row and its tile differ.
pub(super) async fn verify_tree<S: LogStore + ?Sized>(
    store: &S,
    size: u64,
    head: Option<&Checkpoint>,
    report: &mut Report,
    on_progress: OnProgress<'_>,
) -> Result<(), StoreError> {
    let tiles = StoreTiles(store);
    let mut walk = Walk::new(&tiles);
    // Signatures and what cannot be read were reported before.
    let mut silent = Report::default();
    let mut heads = Heads::new(store);
    let mut next = heads.next(&mut silent).await?;
    for index in 0..size.div_ceil(HASHES_PER_TILE) {
        let Some(hashes) = level_0(store, size, index, head, report).await? else {
            return Ok(());
        };
        for hash in hashes {
            walk.push(hash, report).await?;
            while let Some(head) = next.take_if(|head| head.tree_size <= walk.size()) {
                compare_root(&head, &walk.root(), walk.size(), report);
                next = heads.next(&mut silent).await?;
            }
        }
        on_progress(Progress {
            step: Step::Tree,
            done: walk.size(),
            total: Some(size),
        });
    }
    report.counts.leaves = walk.size();
    walk.finish(report).await?;
    verify_tree_end(store, size, report).await
}

fn compare_root(head: &StoredCheckpoint, root: &Digest, size: u64, report: &mut Report) {
    // One that is no checkpoint, or is kept under another size, was reported with its signatures.
    let signed = Checkpoint::parse_unverified(&head.text)
        .filter(|signed| signed.tree_size == head.tree_size);
    if signed.is_some_and(|signed| signed.tree_size == size && signed.root != *root) {
        report.add(Subject::Checkpoint(size), "root is not that of the leaves");
    }
}

/// The leaf hashes of one level-0 tile, from rows and tile together. `None` when neither is there:
/// nothing further can be computed.
async fn level_0<S: LogStore + ?Sized>(
    store: &S,
    size: u64,
    index: u64,
    head: Option<&Checkpoint>,
    report: &mut Report,
) -> Result<Option<Vec<Digest>>, StoreError> {
    let Some(address) = TileAddress::in_tree(size, 0, index) else {
        return Ok(None);
    };
    let subject = Subject::Tile { level: 0, index };
    report.counts.tiles += 1;
    let tile = StoreTiles(store).hashes(address).await?;
    if tile.is_none() {
        report.add(subject, "is missing or too short");
    }
    let first = index * HASHES_PER_TILE;
    let range = first..=first + u64::from(address.width) - 1;
    let rows = places(
        range,
        |row: &IndexedLeaf| row.index,
        async |from, limit| store.leaves(from, limit).await,
    );
    let mut hashes = Vec::with_capacity(usize::from(address.width));
    for (place, row) in rows.await? {
        let at = place - first;
        let kept = tile
            .as_ref()
            .and_then(|tile| tile.get(hashes.len()).copied());
        let gone = if row == Place::Unreadable {
            "row cannot be read"
        } else {
            "row is missing"
        };
        let computed = match row {
            Place::Row(row) => {
                found_by_commitment(store, &row, report).await?;
                Some(leaf_hash(&row.leaf.digest()))
            }
            _ => None,
        };
        hashes.push(match (computed, kept) {
            (None, None) => {
                report.add(Subject::Leaf(place), format!("{gone}, and its tile too: nothing further can be computed"));
                return Ok(None);
            }
            (Some(only), None) => only,
            (None, Some(kept)) => {
                report.add(Subject::Leaf(place), format!("{gone} (tile 0/{index} hash {at})"));
                kept
            }
            (Some(computed), Some(kept)) if computed == kept => kept,
            (Some(computed), Some(kept)) => {
                let signed = signed_one(store, place, [computed, kept], head).await?;
                match signed {
                    Some(hash) if hash == kept => {
                        report.add(Subject::Leaf(place), format!("row is not what was signed (tile 0/{index} hash {at})"));
                        kept
                    }
                    Some(_) => {
                        report.add(subject, format!("hash {at} is not that of leaf {place}"));
                        computed
                    }
                    None => {
                        let problem = format!("hash {at} and the row of leaf {place} differ; the tiles lead neither to a signed root");
                        report.add(subject, problem);
                        computed
                    }
                }
            }
        });
    }
    Ok(Some(hashes))
}

/// A leaf is looked up by its commitment: one that is there and not found is as good as lost.
async fn found_by_commitment<S: LogStore + ?Sized>(
    store: &S,
    row: &IndexedLeaf,
    report: &mut Report,
) -> Result<(), StoreError> {
    let found = readable(store.leaf_of(&row.leaf.commitment).await)?;
    if found != Some(Some(*row)) {
        report.add(
            Subject::Leaf(row.index),
            "row is not found by its commitment",
        );
    }
    Ok(())
}

/// Which of two hashes of one leaf leads to the signed root, through the tiles beside it.
async fn signed_one<S: LogStore + ?Sized>(
    store: &S,
    place: u64,
    candidates: [Digest; 2],
    head: Option<&Checkpoint>,
) -> Result<Option<Digest>, StoreError> {
    let Some(head) = head.filter(|head| place < head.tree_size) else {
        return Ok(None);
    };
    let tiles = StoreTiles(store);
    let Ok(path) = TileReader::new(&tiles, head.tree_size)
        .inclusion_path(place)
        .await
    else {
        return Ok(None);
    };
    let signed =
        |hash: &Digest| root_from_path(*hash, place, head.tree_size, &path) == Some(head.root);
    Ok(candidates.into_iter().find(signed))
}
