//! One byte changed in a real database, column by column, and what the command says (C6).

use std::collections::BTreeSet;

use crypto::random;
use identity::clock::Day;
use identity::id::PersonId;
use identity::receipt::{InboxEntry, ReceiptStore};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::*;

const ISSUER: &str = "http://localhost:8080";

/// One row: its table, the condition that finds it, and whose name the findings must bear.
struct Row {
    table: &'static str,
    condition: &'static str,
    named: &'static str,
}

const ROWS: [Row; 9] = [
    Row {
        table: "audit_event",
        condition: "bucket = 12 AND sequence = 3",
        named: "event 3 of bucket 12",
    },
    Row {
        table: "audit_event",
        condition: "bucket = 13 AND sequence = 1",
        named: "event 1 of bucket 13",
    },
    Row {
        table: "log_leaf",
        condition: "leaf_index = 0",
        named: "leaf 0",
    },
    Row {
        table: "log_leaf",
        condition: "leaf_index = 300",
        named: "leaf 300",
    },
    Row {
        table: "log_tile",
        condition: "level = 0 AND tile_index = 0",
        named: "tile 0/0",
    },
    Row {
        table: "log_tile",
        condition: "level = 0 AND tile_index = 1",
        named: "tile 0/1",
    },
    Row {
        table: "log_tile",
        condition: "level = 1 AND tile_index = 0",
        named: "tile 1/0",
    },
    Row {
        table: "log_checkpoint",
        condition: "tree_size = 300",
        named: "checkpoint of size ",
    },
    Row {
        table: "log_checkpoint",
        condition: "tree_size = 333",
        named: "checkpoint of size ",
    },
];

/// 333 leaves in two epochs; the first 30 are of persons in bucket 12, with receipts.
async fn folder() -> Folder {
    let folder = Folder::opened(ISSUER);
    let random = SeededRandom::new(3);
    let bucket = Bucket::new(12).unwrap();
    for _ in 0..30 {
        let person = PersonId::generate(bucket, &random);
        let event = AuditEvent::VerificationRefused {
            person,
            day: Day(20_000),
        };
        let sealed = random::array::<300>(&random).to_vec();
        let entry = InboxEntry {
            person,
            day: Day(20_000),
            sealed,
        };
        folder
            .store
            .put_receipt(entry, EventDraft::new(event, &random))
            .await
            .unwrap();
    }
    folder.grow(270, ISSUER).await;
    folder.grow(33, ISSUER).await;
    folder
}

/// The values a changed cell may have: one bit of a byte of text or blob, one byte
/// less, another number.
fn changed(column: &str, value: &Value, random: &dyn random::Random) -> Vec<Value> {
    let places = |length: usize| -> BTreeSet<usize> {
        let mut places: BTreeSet<usize> = (0..6)
            .map(|_| usize::from(u16::from_be_bytes(random::array(random))) % length)
            .collect();
        places.extend([0, length - 1]);
        places
    };
    match value {
        Value::Null | Value::Real(_) => Vec::new(),
        Value::Integer(_) if column == "bucket" => vec![Value::Integer(4_000)],
        Value::Integer(number) => vec![Value::Integer(number + 1_000_000)],
        Value::Blob(bytes) => {
            let flipped = places(bytes.len()).into_iter().map(|place| {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1 << (place % 8);
                Value::Blob(bytes)
            });
            let shorter = Value::Blob(bytes[..bytes.len() - 1].to_vec());
            flipped.chain([shorter]).collect()
        }
        Value::Text(text) => {
            let flipped = places(text.len()).into_iter().filter_map(|place| {
                let mut bytes = text.clone().into_bytes();
                bytes[place] ^= 1;
                String::from_utf8(bytes).ok().map(Value::Text)
            });
            flipped.collect()
        }
    }
}

#[tokio::test]
async fn c6_any_byte_changed_in_the_database_is_found_and_named() {
    let folder = folder().await;
    let (database, sound) = (
        folder.path().join("wangzheng.db"),
        folder.path().join("sound.db"),
    );
    Connection::open(&database)
        .unwrap()
        .execute("VACUUM INTO ?1", [sound.to_str().unwrap()])
        .unwrap();
    let folder = folder.closed();
    let put_back = || {
        for leftover in ["wangzheng.db-wal", "wangzheng.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(leftover));
        }
        std::fs::copy(&sound, &database).unwrap();
        Connection::open(&database).unwrap()
    };
    drop(put_back());
    assert_eq!(
        audit(folder.path(), None).await.0,
        status(0),
        "the copy is sound"
    );

    let random = SeededRandom::new(7);
    let mut tried = 0;
    for Row {
        table,
        condition,
        named,
    } in ROWS
    {
        let columns: Vec<String> = {
            let connection = put_back();
            let mut names = connection
                .prepare("SELECT name FROM pragma_table_info(?1)")
                .unwrap();
            let names = names.query_map([table], |row| row.get(0)).unwrap();
            names.collect::<Result<_, _>>().unwrap()
        };
        for column in columns {
            let read = format!("SELECT {column} FROM {table} WHERE {condition}");
            let before: Value = put_back().query_row(&read, [], |row| row.get(0)).unwrap();
            for after in changed(&column, &before, &random) {
                let write = format!("UPDATE {table} SET {column} = ?1 WHERE {condition}");
                assert_eq!(put_back().execute(&write, [&after]).unwrap(), 1);
                let (code, json, err) = audit(folder.path(), None).await;
                let what =
                    format!("{table}.{column} where {condition}, to {after:?}: {json} {err}");
                assert_eq!(code, status(1), "{what}");
                let subject = json["findings"][0]["subject"].as_str().unwrap();
                assert!(subject.contains(named), "{what}");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}
