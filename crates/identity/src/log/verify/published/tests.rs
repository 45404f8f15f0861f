use std::collections::HashMap;
use std::convert::Infallible;

use super::*;
use crate::log::tile::bytes_to_hashes;
use crate::log::tree::{Frontier, leaf_hash};
use async_trait::async_trait;
use crypto::digest::{Digest, sm3};
use crypto::keystore::MemoryKeys;
use crypto::random::SeededRandom;

const ORIGIN: &str = "id.example/log";

/// A published log of more than 65,536 leaves: three levels of tiles.
#[derive(Clone)]
struct Published(HashMap<(u8, u64), Vec<Digest>>);

#[async_trait]
impl TileSource for Published {
    type Error = Infallible;

    async fn hashes(&self, address: TileAddress) -> Result<Option<Vec<Digest>>, Infallible> {
        let tile = self.0.get(&(address.level, address.index));
        Ok(tile.and_then(|tile| tile.get(..usize::from(address.width)).map(<[_]>::to_vec)))
    }
}

/// The log at `size`, and the heads at the sizes asked for.
fn grown(size: u64, heads: &[u64], text: &[u8]) -> (Published, Vec<Checkpoint>) {
    let mut frontier = Frontier::new();
    let mut published = Published(HashMap::new());
    let mut signed = Vec::new();
    let mut keep = |tiles: Vec<crate::log::StoredTile>| {
        for tile in tiles {
            published.0.insert(
                (tile.level, tile.index),
                bytes_to_hashes(&tile.hashes).unwrap(),
            );
        }
    };
    for index in 0..size {
        keep(frontier.push(leaf_hash(&sm3(&[text, &index.to_be_bytes()]))));
        if heads.contains(&(index + 1)) {
            let root = frontier.root();
            signed.push(Checkpoint {
                origin: ORIGIN.to_owned(),
                tree_size: index + 1,
                root,
            });
        }
    }
    keep(frontier.partial_tiles());
    (published, signed)
}

async fn findings(log: &Published, head: &Checkpoint, seen: Option<&Checkpoint>) -> Vec<String> {
    let keys = MemoryKeys::generate(&SeededRandom::new(1));
    let note = head.sign(&keys).unwrap();
    let known = LogKeys::of_store(ORIGIN, &keys);
    let (report, verified) = verify_published(log, &note, &known, seen, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(verified.as_ref(), Some(head));
    report.findings.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn c6_anyone_recomputes_the_log_and_what_was_seen_before() {
    let (log, heads) = grown(66_100, &[1, 300, 65_536, 66_100], b"leaf");
    for seen in &heads {
        assert_eq!(findings(&log, &heads[3], Some(seen)).await, [""; 0]);
    }
    assert_eq!(findings(&log, &heads[3], None).await, [""; 0]);
    // A smaller head than the one seen: something was taken back.
    assert_eq!(
        findings(&log, &heads[1], Some(&heads[2])).await,
        ["checkpoint of size 300: is older than one seen before, of size 65536"]
    );
    // A log that was rewritten from the beginning.
    let (other, others) = grown(66_100, &[66_100], b"other");
    let found = findings(&other, &others[0], Some(&heads[1])).await;
    assert_eq!(
        found,
        [
            "checkpoint of size 66100: is not consistent with the one seen before, of size 300",
            "checkpoint of size 300: was seen before with another root: the log was rewritten"
        ]
    );
}

#[tokio::test]
async fn c6_a_changed_hash_is_named_on_every_level_of_tiles() {
    let (log, heads) = grown(66_100, &[66_100], b"leaf");
    for ((level, index, hash), named) in [
        ((0, 3, 17), "tile 1/0: hash 3 is not the root of tile 0/3"),
        (
            (0, 258, 51),
            "checkpoint of size 66100: root is not that of the tiles",
        ),
        (
            (1, 0, 200),
            "tile 1/0: hash 200 is not the root of tile 0/200",
        ),
        ((1, 1, 1), "tile 1/1: hash 1 is not the root of tile 0/257"),
        ((2, 0, 0), "tile 2/0: hash 0 is not the root of tile 1/0"),
    ] {
        let mut log = log.clone();
        log.0.get_mut(&(level, index)).unwrap()[hash].0[31] ^= 1;
        let found = findings(&log, &heads[0], None).await;
        assert_eq!(found.first().map(String::as_str), Some(named), "{found:?}");
    }
    for (level, index) in [(0, 3), (0, 258), (1, 0), (1, 1), (2, 0)] {
        let mut log = log.clone();
        log.0.remove(&(level, index));
        let found = findings(&log, &heads[0], None).await;
        assert_eq!(
            found[0],
            format!("tile {level}/{index}: is missing or too short")
        );
    }
}

#[tokio::test]
async fn a_head_with_a_bad_signature_ends_it() {
    let (log, heads) = grown(3, &[3], b"leaf");
    let keys = MemoryKeys::generate(&SeededRandom::new(1));
    let note = heads[0].sign(&keys).unwrap().replacen("\n3\n", "\n2\n", 1);
    let known = LogKeys::of_store(ORIGIN, &keys);
    let (report, head) = verify_published(&log, &note, &known, None, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(head, None);
    assert!(
        report.findings[0]
            .to_string()
            .starts_with("checkpoint of size 2: SM2 signature of key ")
    );
}
