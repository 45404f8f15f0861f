//! The public log: salted commitments, no buckets, no order that tells anything (C1, C6).
//!
//! A leaf is `SM3("wangzheng-leaf" ‖ commitment ‖ blinded)`, with
//! `commitment = SM3("wangzheng-commitment" ‖ salt)` and
//! `blinded = SM3("wangzheng-blinded" ‖ salt ‖ event digest ‖ digest of the sealed receipt)`.
//! The signed receipt names the commitment, so its holder finds and checks the leaf without
//! learning the event; an auditor with the row recomputes both halves.

use async_trait::async_trait;
use crypto::digest::{Digest, sm3};

use crate::id::Bucket;
use crate::store::StoreError;

pub mod checkpoint;
pub mod keys;
pub mod note;
pub mod path;
pub mod proof;
pub mod sequencer;
pub mod tile;
pub mod tree;
pub mod verify;

#[cfg(test)]
mod fake;

/// One entry of the public log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// What a receipt carries.
    pub commitment: Digest,
    /// The rest, blinded by the salt.
    pub blinded: Digest,
}

impl Leaf {
    /// The leaf of an event row.
    pub fn new(salt: &[u8; 32], event: &Digest, sealed_receipt: &Digest) -> Self {
        Self {
            commitment: Self::commitment_of(salt),
            blinded: sm3(&[b"wangzheng-blinded", salt, &event.0, &sealed_receipt.0]),
        }
    }

    /// The commitment of a salt.
    pub fn commitment_of(salt: &[u8; 32]) -> Digest {
        sm3(&[b"wangzheng-commitment", salt])
    }

    /// The 32 bytes that go into the tree.
    pub fn digest(&self) -> Digest {
        sm3(&[b"wangzheng-leaf", &self.commitment.0, &self.blinded.0])
    }

    /// The bucket the *index row* of the leaf is kept in: of the commitment, unrelated to the person's.
    pub fn index_bucket(&self) -> Bucket {
        Bucket::of(&self.commitment)
    }
}

/// A leaf that waits for the next epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingLeaf {
    /// Bucket of the event row.
    pub bucket: Bucket,
    /// Its sequence.
    pub sequence: u64,
    /// The leaf.
    pub leaf: Leaf,
}

/// A leaf in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexedLeaf {
    /// Position in the public tree, from 0.
    pub index: u64,
    /// The leaf.
    pub leaf: Leaf,
}

/// One tile of the tree as it is published: up to 256 hashes of one level, 32 bytes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTile {
    /// Level of tiles (0 = leaf hashes).
    pub level: u8,
    /// Index of the tile within its level.
    pub index: u64,
    /// `32 × width` bytes.
    pub hashes: Vec<u8>,
}

/// What one epoch appends, all or nothing.
#[derive(Debug, Clone)]
pub struct Epoch {
    /// Tree size before: the store refuses the epoch when it has moved on.
    pub first_index: u64,
    /// New leaves in public order (shuffled), with the rows they come from.
    pub leaves: Vec<PendingLeaf>,
    /// New and replaced tiles.
    pub tiles: Vec<StoredTile>,
    /// The signed head: C2SP signed note text.
    pub checkpoint: String,
}

/// A signed head as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// The tree size it is kept under; the text names it too.
    pub tree_size: u64,
    /// C2SP signed note text.
    pub text: String,
}

/// What became of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integration {
    /// It is in the log.
    Integrated,
    /// Another sequencer was faster; nothing was written.
    Overtaken,
}

/// The log's part of the store. Its writes carry no audit event: they *are* the log of the events.
#[async_trait]
pub trait LogStore: Send + Sync {
    /// Leaves not yet in the tree, at most `limit`, oldest first within each bucket. When the limit
    /// cuts, it must not cut by bucket: an epoch of low buckets only would tell buckets (C1).
    async fn pending_leaves(&self, limit: u32) -> Result<Vec<PendingLeaf>, StoreError>;
    /// Size of the tree.
    async fn tree_size(&self) -> Result<u64, StoreError>;
    /// Appends one epoch: index rows, tiles and checkpoint in one transaction; the pending rows go.
    async fn integrate(&self, epoch: Epoch) -> Result<Integration, StoreError>;
    /// One tile, whole or partial as stored.
    async fn tile(&self, level: u8, index: u64) -> Result<Option<StoredTile>, StoreError>;
    /// The newest signed head.
    async fn checkpoint(&self) -> Result<Option<String>, StoreError>;
    /// All signed heads, smallest first, from the one of at least this tree size (for `audit verify`).
    async fn checkpoints(
        &self,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError>;
    /// The leaf of a commitment.
    async fn leaf_of(&self, commitment: &Digest) -> Result<Option<IndexedLeaf>, StoreError>;
    /// Index rows in tree order, for `audit verify`.
    async fn leaves(&self, from_index: u64, limit: u32) -> Result<Vec<IndexedLeaf>, StoreError>;
    /// Tiles of one level as stored, by index, from an index on (for `audit verify`).
    async fn tiles(
        &self,
        level: u8,
        from_index: u64,
        limit: u32,
    ) -> Result<Vec<StoredTile>, StoreError>;
    /// Leaves of one bucket not yet in the tree, by sequence, from a sequence on (for `audit verify`).
    async fn pending_in(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<PendingLeaf>, StoreError>;
}
