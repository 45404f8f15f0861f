use super::window::readable;
use super::{Report, Subject};
use crate::id::Bucket;
use crate::log::tile::TileAddress;
use crate::log::{LogStore, StoredTile};
use crate::store::{AuditStore, StoreError};

const TILES_PAGE: u32 = 64;
const UNREADABLE: &str = "row there, or one after it, cannot be read";

/// What no event of a bucket accounts for. The bucket may have grown since `last` was read, so its
/// last sequence is read again.
pub(super) async fn verify_bucket_end<S: AuditStore + LogStore + ?Sized>(
    store: &S,
    bucket: Bucket,
    last: u64,
    report: &mut Report,
) -> Result<(), StoreError> {
    let after = last.saturating_add(1);
    let event = |sequence| Subject::Event { bucket, sequence };
    let receipt = |sequence| Subject::Receipt { bucket, sequence };
    let mut extra = Vec::new();
    // Sequence 0 is never given out.
    let from = if last == 0 {
        [0].as_slice()
    } else {
        &[0, after]
    };
    for from in from {
        match readable(store.events(bucket, *from, 1).await)? {
            Some(rows) => extra.extend(
                rows.iter()
                    .map(|row| (row.sequence, event(row.sequence), "")),
            ),
            None if *from == after || last == 0 => report.add(event(after), UNREADABLE),
            None => {}
        }
    }
    match readable(store.sealed_receipts(bucket, after, 1).await)? {
        Some(rows) => extra.extend(
            rows.iter()
                .map(|row| (row.sequence, receipt(row.sequence), "")),
        ),
        None => report.add(receipt(after), UNREADABLE),
    }
    let waiting = readable(store.pending_in(bucket, after, 1).await)?.unwrap_or_default();
    extra.extend(
        waiting
            .iter()
            .map(|row| (row.sequence, event(row.sequence), "waits for the log, but ")),
    );

    extra.retain(|(sequence, ..)| *sequence == 0 || *sequence > last);
    if extra.is_empty() {
        return Ok(());
    }
    let grown = store.last_sequence(bucket).await?;
    for (sequence, subject, also) in extra {
        if sequence == 0 || sequence > grown {
            report.add(
                subject,
                format!("{also}is beyond the last sequence of its bucket, {grown}"),
            );
        }
    }
    Ok(())
}

/// What lies beyond the tree: rows, tiles or parts of tiles that no epoch made. The log may have
/// grown since `size` was read, so its size is read again after each.
pub(super) async fn verify_tree_end<S: LogStore + ?Sized>(
    store: &S,
    size: u64,
    report: &mut Report,
) -> Result<(), StoreError> {
    let extra = readable(store.leaves(size, 1).await)?;
    let grown = store.tree_size().await?;
    match extra {
        None => report.add(Subject::Leaf(size), UNREADABLE),
        Some(rows) => {
            for row in rows.iter().filter(|row| row.index >= grown) {
                let problem = format!("row is beyond the tree of {grown} leaves");
                report.add(Subject::Leaf(row.index), problem);
            }
        }
    }
    for level in 0..=u8::MAX {
        let mut from = Some(0);
        while let Some(index) = from {
            let tiles = store.tiles(level, index, TILES_PAGE).await?;
            let grown = store.tree_size().await?;
            from = tiles.last().and_then(|tile| tile.index.checked_add(1));
            for tile in tiles {
                verify_extent(&tile, grown, report);
            }
        }
    }
    Ok(())
}

/// Shorter tiles were named on the way; this names the longer ones and those no tree of `size` has.
fn verify_extent(tile: &StoredTile, size: u64, report: &mut Report) {
    let StoredTile {
        level,
        index,
        ref hashes,
    } = *tile;
    let subject = Subject::Tile { level, index };
    match TileAddress::in_tree(size, level, index) {
        None => report.add(subject, format!("is beyond the tree of {size} leaves")),
        Some(TileAddress { width, .. }) if hashes.len() > usize::from(width) * 32 => {
            report.add(subject, format!("has more than its {width} hashes"));
        }
        Some(_) => {}
    }
}
