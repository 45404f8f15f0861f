//! Tiles: the published form of the tree (C2SP tlog-tiles, height 8).
//!
//! Tile `n` of level `l` holds the roots of the subtrees of `256^l` leaves from the `256·n`-th on, up
//! to 256 of them. The last tile of a level may be partial. A partial tile is the beginning of every
//! fuller one, so the store keeps the fullest and gives any width up to it.

use async_trait::async_trait;
use crypto::digest::Digest;

use super::{LogStore, StoredTile};
use crate::store::StoreError;

/// Hashes in a full tile.
pub const HASHES_PER_TILE: u64 = TILE_WIDTH as u64;
/// The width of a full tile.
pub const TILE_WIDTH: u16 = 256;

/// Which tile, and how many hashes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileAddress {
    /// Level, 0 for leaf hashes, at most 63.
    pub level: u8,
    /// Index within the level.
    pub index: u64,
    /// 1 to 256 hashes.
    pub width: u16,
}

impl TileAddress {
    /// The tile of a tree of `size` at a level and index, as wide as that tree has it.
    /// `None` when that tree has no such tile.
    pub fn in_tree(size: u64, level: u8, index: u64) -> Option<Self> {
        let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
        let before = index.checked_mul(HASHES_PER_TILE)?;
        let rest = hashes.checked_sub(before)?.min(HASHES_PER_TILE);
        let width = u16::try_from(rest).ok()?;
        (width > 0).then_some(Self {
            level,
            index,
            width,
        })
    }

    /// Reads `<level>/<index>[.p/<width>]`, what follows `tile/` in a path. Only the one spelling
    /// of tlog-tiles is taken.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, width) = match text.split_once(".p/") {
            Some((path, width)) => (path, decimal::<u16>(width)?.clamp(1, TILE_WIDTH - 1)),
            None => (text, TILE_WIDTH),
        };
        let (level, index) = path.split_once('/')?;
        let mut number = 0_u64;
        for part in index.split('/') {
            let digits = part.strip_prefix('x').unwrap_or(part);
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            number = number
                .checked_mul(1000)?
                .checked_add(digits.parse().ok()?)?;
        }
        // What was clamped prints differently, as do leading zeroes.
        let address = Self {
            level: decimal::<u8>(level)?.min(63),
            index: number,
            width,
        };
        (address.to_string() == text).then_some(address)
    }
}

impl std::fmt::Display for TileAddress {
    /// Prints `<level>/<index>[.p/<width>]`, the index as in `x001/x234/067`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/", self.level)?;
        let mut divisor = 1;
        while self.index / divisor >= 1000 {
            divisor *= 1000;
        }
        while divisor > 1 {
            write!(formatter, "x{:03}/", self.index / divisor % 1000)?;
            divisor /= 1000;
        }
        write!(formatter, "{:03}", self.index % 1000)?;
        if self.width < TILE_WIDTH {
            write!(formatter, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// A decimal number without sign.
fn decimal<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Every tile of a tree of `size`, level 0 first, by index.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TileAddress> {
    (0..8_u8).flat_map(move |level| {
        (0..).map_while(move |index| TileAddress::in_tree(size, level, index))
    })
}

/// Concatenates hashes.
pub fn hashes_to_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Takes the bytes of a tile apart. `None` unless there are 1 to 256 whole hashes.
pub fn bytes_to_hashes(bytes: &[u8]) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let count = hashes.len() as u64;
    (rest.is_empty() && (1..=HASHES_PER_TILE).contains(&count))
        .then(|| hashes.iter().copied().map(Digest).collect())
}

/// The bytes a tile address names, for publication: 32 for each hash. `None` when the store has no
/// such tile, or not so wide.
pub async fn published_tile<S: LogStore + ?Sized>(
    store: &S,
    address: TileAddress,
) -> Result<Option<Vec<u8>>, StoreError> {
    let tile = store.tile(address.level, address.index).await?;
    let width = usize::from(address.width) * 32;
    Ok(tile.and_then(|StoredTile { mut hashes, .. }| {
        (hashes.len() >= width).then(|| {
            hashes.truncate(width);
            hashes
        })
    }))
}

/// Where tiles are read from: a store, or a log over HTTP.
#[async_trait]
pub trait TileSource: Send + Sync {
    /// Why a tile could not be read at all.
    type Error: Send;

    /// The hashes of a tile, exactly as many as the address says; `None` when there is no such tile.
    async fn hashes(&self, address: TileAddress) -> Result<Option<Vec<Digest>>, Self::Error>;
}

/// The tiles of a store, as others see them.
pub struct StoreTiles<'a, S: ?Sized>(pub &'a S);

#[async_trait]
impl<S: LogStore + ?Sized> TileSource for StoreTiles<'_, S> {
    type Error = StoreError;

    async fn hashes(&self, address: TileAddress) -> Result<Option<Vec<Digest>>, StoreError> {
        let bytes = published_tile(self.0, address).await?;
        Ok(bytes.as_deref().and_then(bytes_to_hashes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for (text, level, index, width) in [
            ("0/000", 0, 0, 256),
            ("0/x001/x234/067", 0, 1_234_067, 256),
            ("3/x018/x446/x744/x073/x709/x551/615.p/7", 3, u64::MAX, 7),
            ("63/999.p/255", 63, 999, 255),
        ] {
            let address = TileAddress {
                level,
                index,
                width,
            };
            assert_eq!(address.to_string(), text);
            assert_eq!(TileAddress::parse(text), Some(address));
        }
        for text in [
            "",
            "0",
            "0/",
            "0/0",
            "0/00",
            "0/0000",
            "00/000",
            "64/000",
            "-1/000",
            "0/x000/001",
            "0/001/x234",
            "0/001/234",
            "0/x001",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/",
            "0/000.p/+1",
            "0/+01",
            "0/x018/x446/x744/x073/x709/x551/616",
            "0/000/",
            "0/000.p/1/",
            "0/../001",
            "entries/000",
        ] {
            assert_eq!(TileAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_tree_has_the_tiles_of_the_specification() {
        let widths = |size: u64, level| -> Vec<u16> {
            tiles_of(size)
                .filter(|tile| tile.level == level)
                .map(|tile| tile.width)
                .collect()
        };
        assert_eq!(widths(70_000, 0).len(), 274);
        assert_eq!(widths(70_000, 0).last(), Some(&112));
        assert_eq!(widths(70_000, 1), [256, 17]);
        assert_eq!(widths(70_000, 2), [1]);
        assert_eq!(widths(256, 0), [256]);
        assert_eq!(widths(256, 1), [1]);
        assert_eq!(tiles_of(0).count(), 0);
        assert_eq!(TileAddress::in_tree(u64::MAX, 0, u64::MAX), None);
    }

    #[test]
    fn bytes_of_a_tile_are_whole_hashes() {
        assert_eq!(bytes_to_hashes(&[]), None);
        assert_eq!(bytes_to_hashes(&[0; 33]), None);
        assert_eq!(bytes_to_hashes(&[0; 257 * 32]), None);
        assert_eq!(bytes_to_hashes(&[7; 64]), Some(vec![Digest([7; 32]); 2]));
    }
}
