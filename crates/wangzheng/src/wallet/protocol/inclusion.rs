//! Whether a receipt's commitment stands in the public log, recomputed by the holder (C1, C6).

use crypto::digest::Digest;
use identity::log::{
    keys::LogKeys,
    proof::{ProofDocument, verify_proof},
};
use serde::Serialize;

use super::{Failed, Service, transport::Transport};

/// Where a commitment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum Inclusion {
    /// Proven to be in the tree of a signed head.
    Included {
        /// Position.
        index: u64,
        /// Size of the tree it was proven in.
        tree_size: u64,
    },
    /// The log does not have it yet; it is built in batches.
    Pending,
    /// The proof does not hold: show it to somebody.
    Broken,
}

/// The keys that sign heads of the log.
pub(super) async fn log_keys<T: Transport>(service: &Service<'_, T>) -> Result<LogKeys, Failed> {
    let body = service.ask("/log/keys").await?.accepted()?;
    LogKeys::from_json(body.to_string().as_bytes())
        .map_err(|_| Failed::NotUnderstood("keys of the log"))
}

/// Asks for the proof and recomputes it: leaf, path, root, signed head.
pub(super) async fn of<T: Transport>(
    service: &Service<'_, T>,
    commitment: &Digest,
    keys: &LogKeys,
) -> Result<Inclusion, Failed> {
    let text = serde_json::to_value(commitment).unwrap_or_default();
    let path = format!(
        "/log/proof?commitment={}",
        text.as_str().unwrap_or_default()
    );
    let answer = service.ask(&path).await?;
    if answer.status == 404 {
        return Ok(Inclusion::Pending);
    }
    let proof = serde_json::from_value::<ProofDocument>(answer.accepted()?).ok();
    Ok(match proof {
        Some(proof) if verify_proof(&proof, keys, commitment).is_ok() => Inclusion::Included {
            index: proof.leaf_index,
            tree_size: proof.tree_size,
        },
        _ => Inclusion::Broken,
    })
}
