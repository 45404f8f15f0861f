//! The sequencer: takes the new leaves of all buckets, shuffles them, appends them to the public tree
//! and signs its head (design §4, C1, C6). Off the request path; one epoch at a time.

use std::sync::Arc;

use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore};
use crypto::random::{self, Random};

use super::checkpoint::{Checkpoint, CheckpointError};
use super::keys::LogKeys;
use super::tile::{StoreTiles, TileAddress, TileSource};
use super::tree::{Frontier, leaf_hash, level_count};
use super::{Epoch, Integration, LogStore};
use crate::store::StoreError;

/// Most leaves of one epoch, if nothing else is said: one transaction has to hold them.
pub const EPOCH_LIMIT: u32 = 16_384;

/// Appends epochs to one log.
pub struct Sequencer {
    store: Arc<dyn LogStore>,
    keys: Arc<dyn KeyStore>,
    random: Arc<dyn Random>,
    origin: String,
    limit: u32,
}

/// What one epoch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochSummary {
    /// Leaves added.
    pub added: u64,
    /// The new head.
    pub checkpoint: Checkpoint,
    /// Whether the epoch was as large as it may be: more leaves probably wait.
    pub full: bool,
}

/// Why an epoch could not be appended.
#[derive(Debug, thiserror::Error)]
pub enum SequencerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key store failed.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The last head is not one of ours.
    #[error("the last checkpoint {0}")]
    Head(#[from] CheckpointError),
    /// The stored tree is not the one that was signed last: nothing more is signed on top of it.
    #[error("the stored tree of {tree_size} leaves is not what the last checkpoint signed")]
    Inconsistent {
        /// Size of the stored tree.
        tree_size: u64,
    },
}

impl Sequencer {
    /// A sequencer for the log named `origin` ([`origin_of`](super::keys::origin_of) the issuer).
    pub fn new(
        store: Arc<dyn LogStore>,
        keys: Arc<dyn KeyStore>,
        random: Arc<dyn Random>,
        origin: String,
    ) -> Self {
        Self {
            store,
            keys,
            random,
            origin,
            limit: EPOCH_LIMIT,
        }
    }

    /// The same with another limit of leaves for an epoch.
    #[must_use]
    pub fn with_limit(self, limit: u32) -> Self {
        Self { limit, ..self }
    }

    /// Appends one epoch. `None` when no leaf waits, or another sequencer was faster: then the head
    /// signed here is dropped, it never leaves this function.
    pub async fn run_once(&self) -> Result<Option<EpochSummary>, SequencerError> {
        // 1. The tree as it is, and what waits for it.
        let first_index = self.store.tree_size().await?;
        let mut leaves = self.store.pending_leaves(self.limit).await?;
        if leaves.is_empty() {
            return Ok(None);
        }
        // 2. The right edge, which must be what was signed last.
        let mut frontier = self.edge(first_index).await?;
        let before = frontier.partial_tiles();

        // 3. An order that depends on the set of leaves and on chance alone: neither bucket nor
        //    sequence shows in it, whatever the quality of the chance.
        leaves.sort_unstable_by_key(|pending| pending.leaf.digest());
        shuffle(&mut leaves, &*self.random);

        // 4. Append and sign.
        let mut tiles = Vec::new();
        for pending in &leaves {
            tiles.extend(frontier.push(leaf_hash(&pending.leaf.digest())));
        }
        tiles.extend(
            frontier
                .partial_tiles()
                .into_iter()
                .filter(|tile| !before.contains(tile)),
        );
        let checkpoint = Checkpoint {
            origin: self.origin.clone(),
            tree_size: frontier.size(),
            root: frontier.root(),
        };
        let signed = checkpoint.sign(&*self.keys)?;

        // 5. All of it, or nothing.
        let added = leaves.len() as u64;
        let epoch = Epoch {
            first_index,
            leaves,
            tiles,
            checkpoint: signed,
        };
        match self.store.integrate(epoch).await? {
            Integration::Overtaken => Ok(None),
            Integration::Integrated => {
                let full = added >= u64::from(self.limit);
                Ok(Some(EpochSummary {
                    added,
                    checkpoint,
                    full,
                }))
            }
        }
    }

    /// The edge of the stored tree, checked against the last signed head. A log must never sign a
    /// head that is inconsistent with an earlier one (C2SP tlog-checkpoint, Signatures).
    async fn edge(&self, size: u64) -> Result<Frontier, SequencerError> {
        let inconsistent = || SequencerError::Inconsistent { tree_size: size };
        let Some(head) = self.store.checkpoint().await? else {
            return (size == 0).then(Frontier::new).ok_or_else(inconsistent);
        };
        let head = Checkpoint::verify(&head, &LogKeys::of_store(&self.origin, &*self.keys))?;
        let frontier = self.read_edge(size).await?.ok_or_else(inconsistent)?;
        // A larger head: another sequencer was here since the size was read, and the store will say so.
        let signed =
            head.tree_size > size || (head.tree_size == size && head.root == frontier.root());
        signed.then_some(frontier).ok_or_else(inconsistent)
    }

    async fn read_edge(&self, size: u64) -> Result<Option<Frontier>, StoreError> {
        let mut levels: Vec<Vec<Digest>> = Vec::new();
        for level in (0_u8..).take(level_count(size)) {
            let index = size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
            // A level that ends with a full tile has no partial one.
            let hashes = match TileAddress::in_tree(size, level, index) {
                Some(address) => StoreTiles(&*self.store).hashes(address).await?,
                None => Some(Vec::new()),
            };
            let Some(hashes) = hashes else {
                return Ok(None);
            };
            levels.push(hashes);
        }
        Ok(Frontier::of_tiles(size, levels))
    }
}

/// Every order is as likely as every other (Fisher–Yates, indices without modulo bias).
fn shuffle<T>(items: &mut [T], random: &dyn Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(last + 1, random));
    }
}

/// A uniform index below `bound`: values of the incomplete last stretch of the 64-bit range are drawn again.
fn below(bound: usize, random: &dyn Random) -> usize {
    let bound = bound as u64;
    loop {
        let value = u64::from_be_bytes(random::array(random));
        let index = value % bound;
        if value - index <= u64::MAX - (bound - 1) {
            // Smaller than a usize.
            return usize::try_from(index).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests;
