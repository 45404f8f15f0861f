//! The public log: what waits for it, and what is in it (C6). It knows no person's bucket (C1).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::id::Bucket;
use identity::log::{
    Epoch, IndexedLeaf, Integration, Leaf, LogStore, PendingLeaf, StoredCheckpoint, StoredTile,
};
use identity::store::StoreError;

use super::link::Link;
use super::row::Columns;
use super::statement::{
    CHECKPOINT, CHECKPOINTS, DELETE_PENDING_LEAF, INSERT_LEAF, LEAF_OF, LEAVES, PENDING_IN,
    PENDING_LEAVES, PUT_CHECKPOINT, PUT_TILE, TILE, TILES, TREE_SIZE,
};
use super::{Sqlite, audit};

fn tree_size(link: &Link<'_>) -> Result<u64, StoreError> {
    Ok(link.value(&TREE_SIZE, [])?.unwrap_or(0))
}

/// Appends an epoch whose sequencer saw the tree as it is.
fn append(link: &Link<'_>, epoch: &Epoch) -> Result<(), StoreError> {
    let mut index = epoch.first_index;
    for PendingLeaf {
        bucket,
        sequence,
        leaf,
    } in &epoch.leaves
    {
        if link.execute(&DELETE_PENDING_LEAF, (bucket.number(), sequence))? != 1 {
            // A leaf that does not wait is in the tree already, or was never stored.
            return Err(StoreError::Corrupt {
                table: DELETE_PENDING_LEAF.table,
            });
        }
        let row = (
            leaf.index_bucket().number(),
            leaf.commitment.0,
            leaf.blinded.0,
            index,
        );
        link.execute(&INSERT_LEAF, row)?;
        index += 1;
    }
    for StoredTile {
        level,
        index,
        hashes,
    } in &epoch.tiles
    {
        link.execute(&PUT_TILE, (level, index, hashes))?;
    }
    link.execute(&PUT_CHECKPOINT, (index, &epoch.checkpoint))
        .map(drop)
}

/// The leaf is not stored: it is what the event says. Only of an event that was erased before its epoch the leaf
/// itself waits (R9.5).
fn read_pending(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PendingLeaf> {
    if let Some(leaf) = columns.plain::<Option<[u8; 64]>>()? {
        let (commitment, blinded) = leaf.split_at(32);
        let half = |bytes: &[u8]| Digest(std::array::from_fn(|at| bytes[at]));
        return Ok(PendingLeaf {
            bucket: columns.bucket()?,
            sequence: columns.plain()?,
            leaf: Leaf {
                commitment: half(commitment),
                blinded: half(blinded),
            },
        });
    }
    let row = audit::read(columns)?;
    Ok(PendingLeaf {
        bucket: row.bucket,
        sequence: row.sequence,
        leaf: row.leaf(),
    })
}

fn read_tile(columns: &mut Columns<'_, '_>) -> rusqlite::Result<StoredTile> {
    Ok(StoredTile {
        level: columns.plain()?,
        index: columns.plain()?,
        hashes: columns.plain()?,
    })
}

fn read_leaf(columns: &mut Columns<'_, '_>) -> rusqlite::Result<IndexedLeaf> {
    let leaf = Leaf {
        commitment: columns.digest()?,
        blinded: columns.digest()?,
    };
    Ok(IndexedLeaf {
        index: columns.plain()?,
        leaf,
    })
}

#[async_trait]
impl LogStore for Sqlite {
    async fn pending_leaves(&self, limit: u32) -> Result<Vec<PendingLeaf>, StoreError> {
        self.read(|link| link.all(&PENDING_LEAVES, [limit], read_pending))
    }

    async fn pending_in(
        &self,
        bucket: Bucket,
        from_sequence: u64,
        limit: u32,
    ) -> Result<Vec<PendingLeaf>, StoreError> {
        let Ok(from_sequence) = i64::try_from(from_sequence) else {
            return Ok(Vec::new());
        };
        let parameters = (bucket.number(), from_sequence, limit);
        self.read(|link| link.all(&PENDING_IN, parameters, read_pending))
    }

    async fn tree_size(&self) -> Result<u64, StoreError> {
        self.read(tree_size)
    }

    async fn integrate(&self, epoch: Epoch) -> Result<Integration, StoreError> {
        self.write(move |link| {
            if tree_size(link)? != epoch.first_index {
                return Ok(Integration::Overtaken);
            }
            append(link, &epoch)?;
            Ok(Integration::Integrated)
        })
        .await
    }

    async fn tile(&self, level: u8, index: u64) -> Result<Option<StoredTile>, StoreError> {
        let Ok(index) = i64::try_from(index) else {
            return Ok(None);
        };
        self.read(|link| link.first(&TILE, (level, index), read_tile))
    }

    async fn tiles(
        &self,
        level: u8,
        from_index: u64,
        limit: u32,
    ) -> Result<Vec<StoredTile>, StoreError> {
        let Ok(from_index) = i64::try_from(from_index) else {
            return Ok(Vec::new());
        };
        self.read(|link| link.all(&TILES, (level, from_index, limit), read_tile))
    }

    async fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.read(|link| link.value(&CHECKPOINT, []))
    }

    async fn checkpoints(
        &self,
        from_size: u64,
        limit: u32,
    ) -> Result<Vec<StoredCheckpoint>, StoreError> {
        let Ok(from_size) = i64::try_from(from_size) else {
            return Ok(Vec::new());
        };
        self.read(|link| {
            link.all(&CHECKPOINTS, (from_size, limit), |columns| {
                Ok(StoredCheckpoint {
                    tree_size: columns.plain()?,
                    text: columns.plain()?,
                })
            })
        })
    }

    async fn leaf_of(&self, commitment: &Digest) -> Result<Option<IndexedLeaf>, StoreError> {
        let key = (Bucket::of(commitment).number(), commitment.0);
        self.read(|link| link.first(&LEAF_OF, key, read_leaf))
    }

    async fn leaves(&self, from_index: u64, limit: u32) -> Result<Vec<IndexedLeaf>, StoreError> {
        let Ok(from_index) = i64::try_from(from_index) else {
            return Ok(Vec::new());
        };
        self.read(|link| link.all(&LEAVES, (from_index, limit), read_leaf))
    }
}
