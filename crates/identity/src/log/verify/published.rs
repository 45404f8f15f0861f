//! What anyone can check of a log: its head, its tiles, and that it still begins with what was seen before.

use super::walk::Walk;
use super::{OnProgress, Progress, Report, Step, Subject};
use crate::log::checkpoint::Checkpoint;
use crate::log::keys::LogKeys;
use crate::log::path::{PathError, TileReader};
use crate::log::tile::{HASHES_PER_TILE, TileAddress, TileSource};
use crate::log::tree::verify_consistency;

/// Recomputes the tree of a published log from its level-0 tiles: every tile above, the root of the
/// signed head, and the root of `seen`, the head remembered from the last time, with the consistency
/// proof from it. Gives the verified head beside the report; `None` when its signatures are bad.
pub async fn verify_published<T: TileSource + ?Sized>(
    tiles: &T,
    note: &str,
    keys: &LogKeys,
    seen: Option<&Checkpoint>,
    on_progress: OnProgress<'_>,
) -> Result<(Report, Option<Checkpoint>), T::Error> {
    let mut report = Report::default();
    report.counts.checkpoints = 1;
    let head = match Checkpoint::verify(note, keys) {
        Ok(head) => head,
        Err(error) => {
            let size = Checkpoint::parse_unverified(note).map_or(0, |head| head.tree_size);
            report.add(Subject::Checkpoint(size), error.to_string());
            return Ok((report, None));
        }
    };
    if let Some(seen) = seen {
        consistent(tiles, seen, &head, &mut report).await?;
    }
    let mut walk = Walk::new(tiles);
    for index in 0..head.tree_size.div_ceil(HASHES_PER_TILE) {
        let address = TileAddress::in_tree(head.tree_size, 0, index);
        let hashes = match address {
            Some(address) => tiles.hashes(address).await?,
            None => None,
        };
        let Some(hashes) = hashes else {
            report.add(Subject::Tile { level: 0, index }, "is missing or too short");
            return Ok((report, Some(head)));
        };
        report.counts.tiles += 1;
        report.counts.leaves += hashes.len() as u64;
        for hash in hashes {
            walk.push(hash, &mut report).await?;
            // Signed then, and still the beginning: the strongest form of consistency.
            if let Some(seen) = seen.filter(|seen| seen.tree_size == walk.size())
                && seen.root != walk.root()
            {
                report.add(
                    Subject::Checkpoint(seen.tree_size),
                    "was seen before with another root: the log was rewritten",
                );
            }
        }
        on_progress(Progress {
            step: Step::Tree,
            done: walk.size(),
            total: Some(head.tree_size),
        });
    }
    if walk.root() != head.root {
        report.add(
            Subject::Checkpoint(head.tree_size),
            "root is not that of the tiles",
        );
    }
    walk.finish(&mut report).await?;
    Ok((report, Some(head)))
}

/// The head must not be smaller than one seen before, nor of another tree.
async fn consistent<T: TileSource + ?Sized>(
    tiles: &T,
    seen: &Checkpoint,
    head: &Checkpoint,
    report: &mut Report,
) -> Result<(), T::Error> {
    let subject = Subject::Checkpoint(head.tree_size);
    if seen.tree_size > head.tree_size {
        report.add(
            subject,
            format!("is older than one seen before, of size {}", seen.tree_size),
        );
        return Ok(());
    }
    match TileReader::new(tiles, head.tree_size)
        .consistency_path(seen.tree_size)
        .await
    {
        Ok(path) => {
            let (old, new) = ((seen.tree_size, &seen.root), (head.tree_size, &head.root));
            if !verify_consistency(old, new, &path) {
                let problem = format!(
                    "is not consistent with the one seen before, of size {}",
                    seen.tree_size
                );
                report.add(subject, problem);
            }
            Ok(())
        }
        Err(PathError::Source(error)) => Err(error),
        // The walk names the tile.
        Err(PathError::Missing(_) | PathError::Outside) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
