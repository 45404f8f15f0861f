use super::{Report, Subject};
use crate::log::StoredTile;
use crate::log::tile::{TileAddress, TileSource, bytes_to_hashes};
use crate::log::tree::Frontier;
use crypto::digest::Digest;

/// A walk through the leaves of a tree that computes every tile above them and compares it with the
/// one that is kept.
pub(super) struct Walk<'a, T: ?Sized> {
    tiles: &'a T,
    frontier: Frontier,
}

impl<'a, T: TileSource + ?Sized> Walk<'a, T> {
    pub(super) fn new(tiles: &'a T) -> Self {
        Self {
            tiles,
            frontier: Frontier::new(),
        }
    }

    /// Leaves walked past.
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Root of the leaves walked past.
    pub(super) fn root(&self) -> Digest {
        self.frontier.root()
    }

    /// Walks past a leaf by its hash; checks the tiles above level 0 that it completes.
    pub(super) async fn push(&mut self, hash: Digest, report: &mut Report) -> Result<(), T::Error> {
        for computed in self.frontier.push(hash) {
            self.compare(&computed, report).await?;
        }
        Ok(())
    }

    /// Checks the partial tiles at the right edge above level 0.
    pub(super) async fn finish(self, report: &mut Report) -> Result<(), T::Error> {
        for computed in self.frontier.partial_tiles() {
            self.compare(&computed, report).await?;
        }
        Ok(())
    }

    /// Level 0 is what the walk goes by.
    async fn compare(&self, computed: &StoredTile, report: &mut Report) -> Result<(), T::Error> {
        let StoredTile {
            level,
            index,
            ref hashes,
        } = *computed;
        let Some(computed) = bytes_to_hashes(hashes).filter(|_| level > 0) else {
            return Ok(());
        };
        report.counts.tiles += 1;
        let subject = Subject::Tile { level, index };
        let width = u16::try_from(computed.len()).unwrap_or(u16::MAX);
        let Some(kept) = self
            .tiles
            .hashes(TileAddress {
                level,
                index,
                width,
            })
            .await?
        else {
            report.add(subject, "is missing or too short");
            return Ok(());
        };
        for (at, _) in (0_u64..)
            .zip(computed.iter().zip(&kept))
            .filter(|(_, (a, b))| a != b)
        {
            let below = index * 256 + at;
            report.add(
                subject,
                format!("hash {at} is not the root of tile {}/{below}", level - 1),
            );
        }
        Ok(())
    }
}
