//! Proof paths out of tiles (RFC 9162 §2.1.3, §2.1.4): a path is a list of ranges of leaves, and the
//! hash of a range is computed from at most a few tiles.

use std::collections::HashMap;
use std::ops::Range;

use crypto::digest::Digest;

use super::tile::{HASHES_PER_TILE, TileAddress, TileSource};
use super::tree::{node_hash, root_of, split};

/// Why a path could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum PathError<E> {
    /// The index or the old size is not within the tree.
    #[error("outside of the tree")]
    Outside,
    /// A tile that the tree must have is not there.
    #[error("tile {0} is missing")]
    Missing(TileAddress),
    /// The source failed.
    #[error(transparent)]
    Source(#[from] E),
}

/// Tiles for one tree size, read once each.
pub struct TileReader<'a, T: TileSource + ?Sized> {
    source: &'a T,
    size: u64,
    tiles: HashMap<TileAddress, Vec<Digest>>,
}

impl<'a, T: TileSource + ?Sized> TileReader<'a, T> {
    /// Reads the tree of `size` leaves. The source may hold a larger one.
    pub fn new(source: &'a T, size: u64) -> Self {
        Self {
            source,
            size,
            tiles: HashMap::new(),
        }
    }

    /// The path from the leaf at `index` to the root, sibling of the leaf first.
    pub async fn inclusion_path(&mut self, index: u64) -> Result<Vec<Digest>, PathError<T::Error>> {
        if index >= self.size {
            return Err(PathError::Outside);
        }
        self.hashes(inclusion_ranges(index, 0..self.size)).await
    }

    /// The proof that the tree begins with the tree of `old` leaves; empty for `old` 0 or its own size.
    pub async fn consistency_path(&mut self, old: u64) -> Result<Vec<Digest>, PathError<T::Error>> {
        if old > self.size {
            return Err(PathError::Outside);
        }
        if old == 0 {
            return Ok(Vec::new());
        }
        self.hashes(consistency_ranges(old, 0..self.size, true))
            .await
    }

    /// The root of the tree of the first `size` leaves; `None` for the empty tree.
    pub async fn root(&mut self, size: u64) -> Result<Option<Digest>, PathError<T::Error>> {
        if size > self.size {
            return Err(PathError::Outside);
        }
        if size == 0 {
            Ok(None)
        } else {
            Ok(Some(self.hash(0..size).await?))
        }
    }

    async fn hashes(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> Result<Vec<Digest>, PathError<T::Error>> {
        let mut hashes = Vec::with_capacity(ranges.len());
        for range in ranges {
            hashes.push(self.hash(range).await?);
        }
        Ok(hashes)
    }

    /// The hash over a range of leaves that begins where a subtree of its size may begin.
    async fn hash(&mut self, range: Range<u64>) -> Result<Digest, PathError<T::Error>> {
        let mut hash: Option<Digest> = None;
        // Whole subtrees from the smallest, at the right, to the largest.
        for node in subtrees(range).into_iter().rev() {
            let left = self.node(&node).await?;
            hash = Some(match hash {
                Some(right) => node_hash(&left, &right),
                None => left,
            });
        }
        hash.ok_or(PathError::Outside)
    }

    /// The root of a whole subtree of 2^k leaves.
    async fn node(&mut self, range: &Range<u64>) -> Result<Digest, PathError<T::Error>> {
        let height = (range.end - range.start).trailing_zeros();
        // A node of height 8 is a whole hash of the level above.
        let level = u8::try_from(height / 8).map_err(|_| PathError::Outside)?;
        let first = range.start >> (8 * level);
        let hashes = self.tile(level, first / HASHES_PER_TILE).await?;
        let within = usize::try_from(first % HASHES_PER_TILE).map_err(|_| PathError::Outside)?;
        let slice = hashes.get(within..within + (1 << (height % 8)));
        slice.and_then(root_of).ok_or(PathError::Outside)
    }

    async fn tile(&mut self, level: u8, index: u64) -> Result<&[Digest], PathError<T::Error>> {
        let address = TileAddress::in_tree(self.size, level, index).ok_or(PathError::Outside)?;
        if !self.tiles.contains_key(&address) {
            let hashes = self.source.hashes(address).await?;
            let whole = hashes.filter(|hashes| hashes.len() == usize::from(address.width));
            self.tiles
                .insert(address, whole.ok_or(PathError::Missing(address))?);
        }
        Ok(&self.tiles[&address])
    }
}

/// `PATH` of RFC 9162 §2.1.3.1: the ranges beside the way from the leaf up to the whole.
fn inclusion_ranges(index: u64, mut tree: Range<u64>) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    while tree.end - tree.start > 1 {
        let middle = tree.start + split(tree.end - tree.start);
        if index < middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// `SUBPROOF` of RFC 9162 §2.1.4.1; `whole`: the old tree began where `tree` begins.
fn consistency_ranges(old: u64, mut tree: Range<u64>, mut whole: bool) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    while tree.end != old {
        let middle = tree.start + split(tree.end - tree.start);
        if old <= middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(tree);
    }
    ranges.reverse();
    ranges
}

/// The whole subtrees a range falls into, from the left, each smaller than the one before.
fn subtrees(mut range: Range<u64>) -> Vec<Range<u64>> {
    let mut subtrees = Vec::new();
    while range.start < range.end {
        let length = range.end - range.start;
        let size = 1 << (u64::BITS - 1 - length.leading_zeros());
        subtrees.push(range.start..range.start + size);
        range.start += size;
    }
    subtrees
}

#[cfg(test)]
mod tests;
