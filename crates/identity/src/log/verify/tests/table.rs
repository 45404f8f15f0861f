//! One change at a time, and what `audit verify` has to say first.

use super::bucket;
use crate::audit::EventRow;
use crate::clock::Day;
use crate::id::PersonId;
use crate::log::fake::Tables;
use crate::log::{IndexedLeaf, StoredTile};
use crate::receipt::SealedReceipt;

pub(super) type Tamper = fn(&mut Tables);

fn event(tables: &mut Tables, sequence: u64) -> &mut EventRow {
    tables.events.get_mut(&(bucket(12), sequence)).unwrap()
}

fn tile(tables: &mut Tables, level: u8, index: u64) -> &mut Vec<u8> {
    &mut tables.tiles.get_mut(&(level, index)).unwrap().hashes
}

fn note(tables: &mut Tables, change: impl Fn(&str) -> String) {
    let note = tables.checkpoints.get_mut(&256).unwrap();
    *note = change(note);
}

pub(super) const TABLE: &[(Tamper, &str)] = &[
    // Event rows.
    (
        |t| event(t, 5).body[0] ^= 1,
        "event 5 of bucket 12: body is not an event",
    ),
    (
        // A digit of the day: still an event.
        |t| {
            let body = &mut event(t, 5).body;
            let at = body.windows(5).position(|text| text == b"20000").unwrap();
            body[at + 4] ^= 1;
        },
        "receipt of event 5 of bucket 12: day column is not the day of its event",
    ),
    (
        |t| {
            let body = &mut event(t, 5).body;
            let at = body.windows(4).position(|text| text == b"done").unwrap();
            body[at] ^= 1;
        },
        "event 5 of bucket 12: body does not match its leaf (leaf ",
    ),
    (
        |t| event(t, 5).salt[31] ^= 1,
        "event 5 of bucket 12: salt is that of no leaf in the log",
    ),
    (
        |t| event(t, 5).receipt.0[0] ^= 1,
        "event 5 of bucket 12: digest of the receipt does not match its leaf (leaf ",
    ),
    (
        |t| event(t, 5).person = Some(PersonId::from_bytes([0; 12])),
        "event 5 of bucket 12: person column is not the person of the body",
    ),
    (
        |t| event(t, 5).person = None,
        "event 5 of bucket 12: person column is not the person of the body",
    ),
    (
        |t| drop(t.events.remove(&(bucket(12), 5))),
        "event 5 of bucket 12: row is missing",
    ),
    (|t| drop(t.events.pop_last()), "event "),
    (
        // The last row and the counter with it: the leaf still tells.
        |t| {
            let ((bucket, sequence), _) = t.events.pop_last().unwrap();
            t.receipts.remove(&(bucket, sequence));
            t.last_sequences.insert(bucket, sequence - 1);
        },
        "leaf ",
    ),
    (
        // Two rows change places.
        |t| {
            let (fourth, fifth) = (event(t, 4).clone(), event(t, 5).clone());
            t.events.insert(
                (bucket(12), 4),
                EventRow {
                    sequence: 4,
                    ..fifth
                },
            );
            t.events.insert(
                (bucket(12), 5),
                EventRow {
                    sequence: 5,
                    ..fourth
                },
            );
        },
        "event 4 of bucket 12: body names another bucket or sequence",
    ),
    (
        // A row more, which no verb wrote.
        |t| {
            let sequence = t.last_sequences[&bucket(12)] + 1;
            let extra = EventRow {
                sequence,
                ..event(t, 5).clone()
            };
            t.events.insert((bucket(12), sequence), extra);
        },
        "event 19 of bucket 12: is beyond the last sequence of its bucket, 18",
    ),
    (
        |t| {
            t.last_sequences.insert(bucket(12), 5_000_000);
        },
        "event 19 of bucket 12: row is missing",
    ),
    // Receipts.
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().sealed[89] ^= 1,
        "receipt of event 5 of bucket 12: does not match the digest in its event",
    ),
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().day = Day(20_001),
        "receipt of event 5 of bucket 12: day column is not the day of its event",
    ),
    (
        |t| t.receipts.get_mut(&(bucket(12), 5)).unwrap().person = PersonId::from_bytes([0; 12]),
        "receipt of event 5 of bucket 12: person column is not the person of its event",
    ),
    (
        |t| drop(t.receipts.remove(&(bucket(12), 5))),
        "receipt of event 5 of bucket 12: is missing",
    ),
    (
        |t| {
            let person = t.events[&(bucket(13), 5)].person.unwrap();
            let receipt = SealedReceipt {
                sequence: 5,
                person,
                day: Day(20_000),
                sealed: vec![1],
            };
            t.receipts.insert((bucket(13), 5), receipt);
        },
        "receipt of event 5 of bucket 13: belongs to an event that has none",
    ),
    // Leaf rows.
    (
        |t| t.leaves.get_mut(&300).unwrap().leaf.blinded.0[0] ^= 1,
        "leaf 300: row is not what was signed (tile 0/1 hash 44)",
    ),
    (
        |t| t.leaves.get_mut(&601).unwrap().leaf.commitment.0[9] ^= 1,
        "leaf 601: row is not what was signed (tile 0/2 hash 89)",
    ),
    (
        |t| t.leaves.retain(|index, _| *index != 300),
        "leaf 300: row is missing (tile 0/1 hash 44)",
    ),
    (
        |t| {
            let leaf = t.leaves[&0].leaf;
            t.leaves.insert(602, IndexedLeaf { index: 602, leaf });
        },
        "leaf 602: row is beyond the tree of 602 leaves",
    ),
    // Tiles.
    (
        |t| tile(t, 0, 0)[5] ^= 1,
        "tile 0/0: hash 0 is not that of leaf 0",
    ),
    (
        |t| tile(t, 0, 1)[44 * 32] ^= 1,
        "tile 0/1: hash 44 is not that of leaf 300",
    ),
    (
        |t| tile(t, 0, 2)[89 * 32 + 31] ^= 1,
        "tile 0/2: hash 89 is not that of leaf 601",
    ),
    (
        |t| tile(t, 1, 0)[33] ^= 1,
        "tile 1/0: hash 1 is not the root of tile 0/1",
    ),
    (
        |t| tile(t, 0, 2).truncate(32),
        "tile 0/2: is missing or too short",
    ),
    (
        |t| tile(t, 0, 2).extend([0; 32]),
        "tile 0/2: has more than its 90 hashes",
    ),
    (
        |t| tile(t, 0, 0).push(0),
        "tile 0/0: has more than its 256 hashes",
    ),
    (
        |t| tile(t, 0, 2).push(0),
        "tile 0/2: has more than its 90 hashes",
    ),
    (
        |t| drop(t.tiles.remove(&(0, 1))),
        "tile 0/1: is missing or too short",
    ),
    (
        |t| drop(t.tiles.remove(&(1, 0))),
        "tile 1/0: is missing or too short",
    ),
    (
        |t| {
            let hashes = tile(t, 0, 0).clone();
            t.tiles.insert(
                (2, 0),
                StoredTile {
                    level: 2,
                    index: 0,
                    hashes,
                },
            );
        },
        "tile 2/0: is beyond the tree of 602 leaves",
    ),
    // Checkpoints.
    (
        |t| note(t, |note| note.replace("/log\n256", "/log\n255")),
        "checkpoint of size 256: SM2 signature of key ",
    ),
    (
        |t| note(t, |note| note.replacen("id.", "ie.", 1)),
        "checkpoint of size 256: is of another log",
    ),
    (
        |t| note(t, |note| flip(note, 2, 9)),
        "checkpoint of size 256: ",
    ),
    (
        |t| note(t, |note| flip(note, 4, 60)),
        "checkpoint of size 256: SM2 signature of key ",
    ),
    (
        |t| note(t, |note| flip(note, 5, 60)),
        "checkpoint of size 256: ES256 signature of key ",
    ),
    (
        |t| note(t, |note| note.split_inclusive('\n').take(5).collect()),
        "checkpoint of size 256: has no ES256 signature of a known key",
    ),
    (
        |t| {
            let note = t.checkpoints.remove(&256).unwrap();
            t.checkpoints.insert(257, note);
        },
        "checkpoint of size 257: names the size 256",
    ),
    (
        // Back to an earlier head, without the rows.
        |t| drop(t.checkpoints.pop_last()),
        "leaf 556: row is beyond the tree of 556 leaves",
    ),
];

/// Changes one letter of the base64 on a line.
fn flip(note: &str, line: usize, at: usize) -> String {
    let start: usize = note.split_inclusive('\n').take(line).map(str::len).sum();
    let mut bytes = note.as_bytes().to_vec();
    let at = start + at;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}
