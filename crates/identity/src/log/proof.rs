//! Proof that a receipt's event is in the log (C1, C6): what `/log/proof` gives, and how its holder checks it.

use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, CheckpointError};
use super::keys::LogKeys;
use super::path::{PathError, TileReader};
use super::tile::StoreTiles;
use super::tree::verify_inclusion;
use super::{Leaf, LogStore};
use crate::store::StoreError;

/// Proof for one leaf. Digests are in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofDocument {
    /// Position of the leaf, from 0.
    pub leaf_index: u64,
    /// Size of the tree that `checkpoint` signs.
    pub tree_size: u64,
    /// The leaf: `SM3("wangzheng-leaf" ‖ commitment ‖ blinded)`.
    pub leaf: Digest,
    /// The part of the leaf that its holder cannot compute.
    pub blinded: Digest,
    /// Siblings from the leaf to the root (RFC 9162 §2.1.3).
    pub path: Vec<Digest>,
    /// The signed head.
    pub checkpoint: String,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The head is not signed by the log.
    #[error("the checkpoint {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The head is of another size.
    #[error("the checkpoint is of another tree size")]
    OtherSize,
    /// The leaf is not made of the commitment of the receipt.
    #[error("the leaf is not that of the commitment")]
    OtherLeaf,
    /// The path does not lead to the signed root.
    #[error("the path does not lead to the root of the checkpoint")]
    Path,
}

/// The proof for a commitment against the newest head; `None` when the log has no such leaf (yet).
pub async fn inclusion_proof<S: LogStore + ?Sized>(
    store: &S,
    commitment: &Digest,
) -> Result<Option<ProofDocument>, StoreError> {
    let Some(found) = store.leaf_of(commitment).await? else {
        return Ok(None);
    };
    let Some(note) = store.checkpoint().await? else {
        return Ok(None);
    };
    let head = Checkpoint::parse_unverified(&note).ok_or(StoreError::Corrupt {
        table: "log_checkpoint",
    })?;
    if found.index >= head.tree_size {
        return Ok(None);
    }
    let tiles = StoreTiles(store);
    let path = TileReader::new(&tiles, head.tree_size)
        .inclusion_path(found.index)
        .await;
    let path = path.map_err(|error| match error {
        PathError::Source(error) => error,
        PathError::Missing(_) | PathError::Outside => StoreError::Corrupt { table: "log_tile" },
    })?;
    Ok(Some(ProofDocument {
        leaf_index: found.index,
        tree_size: head.tree_size,
        leaf: found.leaf.digest(),
        blinded: found.leaf.blinded,
        path,
        checkpoint: note,
    }))
}

/// Checks that the leaf of `commitment` is in the log of `keys`; gives the head that says so.
pub fn verify_proof(
    proof: &ProofDocument,
    keys: &LogKeys,
    commitment: &Digest,
) -> Result<Checkpoint, ProofError> {
    let head = Checkpoint::verify(&proof.checkpoint, keys)?;
    if head.tree_size != proof.tree_size {
        return Err(ProofError::OtherSize);
    }
    let leaf = Leaf {
        commitment: *commitment,
        blinded: proof.blinded,
    }
    .digest();
    if leaf != proof.leaf {
        return Err(ProofError::OtherLeaf);
    }
    if !verify_inclusion(
        &leaf,
        proof.leaf_index,
        head.tree_size,
        &head.root,
        &proof.path,
    ) {
        return Err(ProofError::Path);
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::{AuditEvent, EventDraft};
    use crate::clock::Timestamp;
    use crate::id::Bucket;
    use crate::log::fake::FakeStore;
    use crate::log::sequencer::Sequencer;
    use crypto::digest::sm3;
    use crypto::keystore::MemoryKeys;
    use crypto::random::SeededRandom;

    #[tokio::test]
    async fn c6_a_receipt_finds_its_leaf_and_nothing_else_passes() {
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
        let mut drafts = Vec::new();
        for round in 0..3 {
            for number in 0..200 {
                let event = AuditEvent::HandoverChanged {
                    minute: Timestamp(round),
                };
                let draft = EventDraft::new(event, &*random);
                store.put(Bucket::new(number).unwrap(), &draft, None);
                drafts.push(draft);
            }
            assert_eq!(
                inclusion_proof(&*store, &drafts[drafts.len() - 1].commitment())
                    .await
                    .unwrap(),
                None
            );
            sequencer.run_once().await.unwrap().unwrap();
        }
        for draft in drafts.iter().step_by(7) {
            let commitment = draft.commitment();
            let proof = inclusion_proof(&*store, &commitment)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(
                verify_proof(&proof, &known, &commitment).unwrap().tree_size,
                600
            );
        }
        let commitment = drafts[0].commitment();
        let good = inclusion_proof(&*store, &commitment)
            .await
            .unwrap()
            .unwrap();
        let json = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<ProofDocument>(&json).unwrap(), good);

        assert_eq!(
            verify_proof(&good, &known, &drafts[1].commitment()),
            Err(ProofError::OtherLeaf)
        );
        let refused = |change: fn(&mut ProofDocument)| {
            let mut proof = good.clone();
            change(&mut proof);
            verify_proof(&proof, &known, &commitment).unwrap_err()
        };
        assert_eq!(refused(|proof| proof.leaf_index ^= 1), ProofError::Path);
        assert_eq!(refused(|proof| proof.tree_size += 1), ProofError::OtherSize);
        assert_eq!(
            refused(|proof| proof.leaf = sm3(&[b"other"])),
            ProofError::OtherLeaf
        );
        assert_eq!(
            refused(|proof| proof.blinded = sm3(&[b"other"])),
            ProofError::OtherLeaf
        );
        assert_eq!(refused(|proof| proof.path.truncate(1)), ProofError::Path);
        assert_eq!(refused(|proof| proof.path[4].0[0] ^= 1), ProofError::Path);
        assert!(matches!(
            refused(|proof| proof.checkpoint.push('x')),
            ProofError::Checkpoint(_)
        ));
        assert_eq!(
            inclusion_proof(&*store, &sm3(&[b"unknown"])).await.unwrap(),
            None
        );
    }
}
