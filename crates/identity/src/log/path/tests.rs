use super::*;
use crate::log::StoredTile;
use crate::log::tile::bytes_to_hashes;
use crate::log::tree::{Frontier, leaf_hash, root_from_path, verify_consistency, verify_inclusion};
use async_trait::async_trait;
use crypto::digest::sm3;
use proptest::prelude::*;
use std::convert::Infallible;
use std::sync::LazyLock;

fn leaf(index: u64) -> Digest {
    sm3(&[b"leaf", &index.to_be_bytes()])
}

/// A tree in memory: the fullest tiles by level and index, and the roots of chosen sizes.
struct Grown {
    tiles: HashMap<(u8, u64), Vec<Digest>>,
    roots: HashMap<u64, Digest>,
}

impl Grown {
    fn of(size: u64, roots_at: impl Fn(u64) -> bool) -> Self {
        let mut frontier = Frontier::new();
        let mut grown = Self {
            tiles: HashMap::new(),
            roots: HashMap::new(),
        };
        for index in 0..size {
            let full = frontier.push(leaf_hash(&leaf(index)));
            grown.keep(full);
            if roots_at(index + 1) {
                grown.roots.insert(index + 1, frontier.root());
            }
        }
        grown.keep(frontier.partial_tiles());
        grown
    }

    fn keep(&mut self, tiles: Vec<StoredTile>) {
        for tile in tiles {
            let hashes = bytes_to_hashes(&tile.hashes).unwrap();
            self.tiles.insert((tile.level, tile.index), hashes);
        }
    }
}

static SIX_HUNDRED: LazyLock<Grown> = LazyLock::new(|| Grown::of(600, |_| true));

#[async_trait]
impl TileSource for Grown {
    type Error = Infallible;

    async fn hashes(&self, address: TileAddress) -> Result<Option<Vec<Digest>>, Infallible> {
        let tile = self.tiles.get(&(address.level, address.index));
        Ok(tile.and_then(|tile| tile.get(..usize::from(address.width)).map(<[_]>::to_vec)))
    }
}

#[tokio::test]
async fn c6_every_leaf_of_every_tree_up_to_600_is_proven_and_no_other() {
    let grown = &*SIX_HUNDRED;
    for size in 1..=600 {
        let mut reader = TileReader::new(grown, size);
        let root = grown.roots[&size];
        assert_eq!(reader.root(size).await.unwrap(), Some(root));
        // All leaves of small trees; of larger ones the edges and a few between.
        let step = if size <= 70 { 1 } else { 37 };
        for index in (0..size).step_by(step).chain([size - 1, size / 2]) {
            let path = reader.inclusion_path(index).await.unwrap();
            assert!(
                verify_inclusion(&leaf(index), index, size, &root, &path),
                "{index} of {size}"
            );
            let hash = leaf_hash(&leaf(index));
            assert_eq!(root_from_path(hash, index, size, &path), Some(root));
            assert!(!verify_inclusion(
                &leaf(index + 1),
                index,
                size,
                &root,
                &path
            ));
            assert!(!verify_inclusion(
                &leaf(index),
                index,
                size,
                &leaf(0),
                &path
            ));
            if size > 1 {
                let other = (index + 1) % size;
                assert!(!verify_inclusion(&leaf(index), other, size, &root, &path));
                assert!(!verify_inclusion(
                    &leaf(index),
                    index,
                    size,
                    &root,
                    &path[1..]
                ));
            }
        }
        assert!(matches!(
            reader.inclusion_path(size).await,
            Err(PathError::Outside)
        ));
    }
}

#[tokio::test]
async fn c6_consistency_holds_between_all_pairs_and_fails_for_other_trees() {
    let grown = &*SIX_HUNDRED;
    let sizes: Vec<u64> = (1..=66)
        .chain([127, 128, 255, 256, 257, 300, 511, 512, 513, 600])
        .collect();
    for &new in &sizes {
        let mut reader = TileReader::new(grown, new);
        let new_root = grown.roots[&new];
        for &old in sizes.iter().filter(|old| **old <= new) {
            let path = reader.consistency_path(old).await.unwrap();
            let old_root = grown.roots[&old];
            assert!(
                verify_consistency((old, &old_root), (new, &new_root), &path),
                "{old} in {new}"
            );
            assert!(!verify_consistency(
                (old, &leaf(0)),
                (new, &new_root),
                &path
            ));
            assert!(!verify_consistency(
                (old, &old_root),
                (new, &leaf(0)),
                &path
            ));
            if old < new {
                assert!(!verify_consistency(
                    (old, &old_root),
                    (new, &new_root),
                    &path[1..]
                ));
            }
        }
    }
}

#[tokio::test]
async fn a_missing_tile_is_named() {
    let mut grown = Grown::of(600, |_| false);
    grown.tiles.remove(&(0, 1));
    let error = TileReader::new(&grown, 600)
        .inclusion_path(300)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "tile 0/001 is missing");
}

#[tokio::test]
async fn paths_cross_three_levels_of_tiles() {
    let olds = [1, 256, 65_535, 65_536, 65_537];
    let grown = Grown::of(66_000, |size| size == 66_000 || olds.contains(&size));
    let mut reader = TileReader::new(&grown, 66_000);
    for index in [0, 255, 256, 65_535, 65_536, 65_999] {
        let path = reader.inclusion_path(index).await.unwrap();
        assert!(verify_inclusion(
            &leaf(index),
            index,
            66_000,
            &grown.roots[&66_000],
            &path
        ));
    }
    for old in olds {
        let path = reader.consistency_path(old).await.unwrap();
        let (old_root, new_root) = (&grown.roots[&old], &grown.roots[&66_000]);
        assert!(verify_consistency(
            (old, old_root),
            (66_000, new_root),
            &path
        ));
    }
}

proptest! {
    /// A path changed in any bit, or for another index or size, proves nothing.
    #[test]
    fn c6_a_changed_path_proves_nothing(size in 2_u64..600, at in any::<u64>(), place in any::<prop::sample::Index>(), bit in 0_usize..256) {
        let grown = &*SIX_HUNDRED;
        let index = at % size;
        let mut path = now(TileReader::new(grown, size).inclusion_path(index)).unwrap();
        prop_assert!(verify_inclusion(&leaf(index), index, size, &grown.roots[&size], &path));
        let place = place.index(path.len());
        path[place].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion(&leaf(index), index, size, &grown.roots[&size], &path));
    }
}

fn now<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
