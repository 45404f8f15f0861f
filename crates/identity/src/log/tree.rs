//! The Merkle tree of RFC 9162 §2.1 (RFC 6962 §2.1), with SM3 in place of SHA-256 (C6, R13.1).
//!
//! The hash of a leaf is `SM3(0x00 ‖ 32 bytes)`, that of a node `SM3(0x01 ‖ left ‖ right)`, that of
//! the empty tree `SM3("")`. [`Frontier`] appends with the right edge alone; proofs are checked by
//! the `ct-merkle` crate.

use crypto::digest::{Digest, sm3};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sm3::Sm3;

use super::StoredTile;
use super::tile::{HASHES_PER_TILE, hashes_to_bytes};

/// The hash of one leaf (32 bytes, [`Leaf::digest`](super::Leaf::digest)) in the tree.
pub fn leaf_hash(leaf: &Digest) -> Digest {
    sm3(&[&[0], &leaf.0])
}

/// The hash of a node over its two children.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    sm3(&[&[1], &left.0, &right.0])
}

/// The root over a list of subtrees of equal size; the last may be smaller (RFC 9162 §2.1.1).
/// `None` for an empty list.
pub fn root_of(hashes: &[Digest]) -> Option<Digest> {
    match hashes {
        [] => None,
        [only] => Some(*only),
        _ => {
            let (left, right) = hashes.split_at(hashes.len().next_power_of_two() / 2);
            Some(node_hash(&root_of(left)?, &root_of(right)?))
        }
    }
}

/// The largest power of two smaller than `size`; `size` is at least 2.
pub(super) fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The right edge of the tree: the last, partial tile of each level. It is all that appending needs,
/// at most 255 hashes for each of eight levels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    levels: Vec<Vec<Digest>>,
}

impl Frontier {
    /// The edge of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of a tree of `size` from its partial tiles, level 0 first: `levels[l]` holds
    /// `⌊size / 256^l⌋ mod 256` hashes. `None` when they do not fit the size.
    pub fn of_tiles(size: u64, levels: Vec<Vec<Digest>>) -> Option<Self> {
        let fits = levels.len() == level_count(size)
            && (0_u32..).zip(&levels).all(|(level, hashes)| {
                hashes.len() as u64 == (size >> (8 * level)) % HASHES_PER_TILE
            });
        fits.then_some(Self { size, levels })
    }

    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf by its [`leaf_hash`]; gives every tile that became full, lowest level first.
    pub fn push(&mut self, hash: Digest) -> Vec<StoredTile> {
        let mut full = Vec::new();
        let mut carried = Some(hash);
        self.size += 1;
        for level in 0_u8.. {
            let Some(hash) = carried.take() else { break };
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(hash);
            if hashes.len() as u64 == HASHES_PER_TILE {
                carried = root_of(hashes);
                full.push(StoredTile {
                    level,
                    index: (self.size >> (8 * (level + 1))) - 1,
                    hashes: hashes_to_bytes(hashes),
                });
                hashes.clear();
            }
        }
        full
    }

    /// The partial tiles of this edge, lowest level first; empty ones are left out.
    pub fn partial_tiles(&self) -> Vec<StoredTile> {
        let levels = (0_u8..).zip(&self.levels);
        levels
            .filter(|(_, hashes)| !hashes.is_empty())
            .map(|(level, hashes)| StoredTile {
                level,
                index: self
                    .size
                    .checked_shr(8 * (u32::from(level) + 1))
                    .unwrap_or(0),
                hashes: hashes_to_bytes(hashes),
            })
            .collect()
    }

    /// The root of the tree.
    pub fn root(&self) -> Digest {
        // Below a full tile's worth, what is left of a level is one more, smaller, subtree of the next.
        let mut rest: Option<Digest> = None;
        for hashes in &self.levels {
            let hashes: Vec<Digest> = hashes.iter().copied().chain(rest).collect();
            rest = root_of(&hashes);
        }
        rest.unwrap_or_else(|| sm3(&[]))
    }
}

/// How many levels of tiles a tree of `size` has.
pub fn level_count(size: u64) -> usize {
    (u64::BITS - size.leading_zeros()).div_ceil(8) as usize
}

/// Checks that `leaf` (before hashing) is at `index` of the tree of `size` with `root`.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    root: &Digest,
    path: &[Digest],
) -> bool {
    let proof = InclusionProof::<Sm3>::from_bytes(hashes_to_bytes(path));
    sane(size)
        && RootHash::<Sm3>::new(root.0.into(), size)
            .verify_inclusion(&leaf.0, index, &proof)
            .is_ok()
}

/// The root that a path leads to from the [`leaf_hash`] at `index` of a tree of `size` leaves
/// (RFC 9162 §2.1.3.2); `None` when the path has not the length it must have. [`verify_inclusion`]
/// is the check of a proof; this one tells an auditor which of two hashes is the wrong one.
pub(super) fn root_from_path(
    hash: Digest,
    index: u64,
    size: u64,
    path: &[Digest],
) -> Option<Digest> {
    let (mut place, mut last) = (index, size.checked_sub(1).filter(|last| index <= *last)?);
    let mut hash = hash;
    for sibling in path {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            // The last node of a level may have no sibling there: it rises until it has.
            let rises = if place == 0 {
                0
            } else {
                place.trailing_zeros()
            };
            (place, last) = (place >> rises, last >> rises);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// Checks that the tree of `new` (size and root) begins with the tree of `old`. Every tree begins
/// with the empty one, by the empty proof.
pub fn verify_consistency(old: (u64, &Digest), new: (u64, &Digest), path: &[Digest]) -> bool {
    if old.0 == 0 {
        return path.is_empty() && *old.1 == sm3(&[]);
    }
    let (old_root, new_root) = (
        RootHash::<Sm3>::new(old.1.0.into(), old.0),
        RootHash::<Sm3>::new(new.1.0.into(), new.0),
    );
    // Equal sizes need equal roots: the empty proof shows nothing by itself.
    if old.0 == new.0 {
        return path.is_empty() && old.1 == new.1;
    }
    let Ok(proof) = ConsistencyProof::try_from_bytes(hashes_to_bytes(path)) else {
        return false;
    };
    sane(new.0) && new_root.verify_consistency(&old_root, &proof).is_ok()
}

/// Sizes of which `ct-merkle` can number the nodes.
fn sane(size: u64) -> bool {
    size <= u64::MAX / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    pub(in crate::log) fn leaf(index: u64) -> Digest {
        sm3(&[b"leaf", &index.to_be_bytes()])
    }

    #[test]
    fn c6_the_edge_has_the_root_of_the_whole_tree_at_every_size() {
        let (mut frontier, mut whole) = (Frontier::new(), MemoryBackedTree::<Sm3, [u8; 32]>::new());
        assert_eq!(frontier.root(), sm3(&[]));
        for index in 0..1_100 {
            frontier.push(leaf_hash(&leaf(index)));
            whole.push(leaf(index).0);
            assert_eq!(
                frontier.root().0,
                <[u8; 32]>::from(*whole.root().as_bytes()),
                "size {}",
                index + 1
            );
        }
    }

    #[test]
    fn c6_an_edge_read_back_from_tiles_goes_on_as_before() {
        let mut frontier = Frontier::new();
        for index in 0..70_000 {
            frontier.push(leaf_hash(&leaf(index)));
        }
        // The example of the tlog-tiles specification.
        let partial: Vec<(u8, u64, usize)> = frontier
            .partial_tiles()
            .iter()
            .map(|tile| (tile.level, tile.index, tile.hashes.len() / 32))
            .collect();
        assert_eq!(partial, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
        let mut again = Frontier::of_tiles(70_000, frontier.levels.clone()).unwrap();
        assert_eq!(Frontier::of_tiles(70_001, frontier.levels.clone()), None);
        for index in 70_000..70_200 {
            assert_eq!(
                frontier.push(leaf_hash(&leaf(index))),
                again.push(leaf_hash(&leaf(index)))
            );
            assert_eq!(frontier.root(), again.root());
        }
    }

    #[test]
    fn a_tree_of_a_full_tile_has_one_hash_above_and_an_empty_tile_below() {
        let mut frontier = Frontier::new();
        let full: Vec<_> = (0..256)
            .flat_map(|index| frontier.push(leaf_hash(&leaf(index))))
            .collect();
        assert_eq!(full.len(), 1);
        assert_eq!(
            (full[0].level, full[0].index, full[0].hashes.len()),
            (0, 0, 8192)
        );
        let partial = frontier.partial_tiles();
        assert_eq!(partial.len(), 1);
        assert_eq!((partial[0].level, partial[0].index), (1, 0));
        assert_eq!(partial[0].hashes, frontier.root().0);
    }

    #[test]
    fn equal_sizes_need_equal_roots() {
        assert!(verify_consistency((5, &leaf(1)), (5, &leaf(1)), &[]));
        assert!(!verify_consistency((5, &leaf(1)), (5, &leaf(2)), &[]));
        assert!(!verify_consistency(
            (u64::MAX, &leaf(1)),
            (u64::MAX - 1, &leaf(2)),
            &[leaf(3)]
        ));
    }
}
