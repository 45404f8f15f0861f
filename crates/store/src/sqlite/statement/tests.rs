//! The distribution rule, read back from the database itself.

use identity::inventory::{self, Kept};
use rusqlite::Connection;

use super::{Kind, Statement, all};
use crate::sqlite::{erasure, schema};

const REFERENCE: &[&str] = &[
    "platform",
    "over_asking",
    "outbox",
    "staff",
    "proposal",
    "platform_standing",
    "case_key",
    "case_file",
    "counter",
    "legal_request",
    "submission",
    "incident",
    "deferral",
    "notice",
];
/// What columns that name a person are called.
const PERSONS: [&str; 6] = [
    "person",
    "child",
    "ward",
    "guardian",
    "minor",
    "complainant",
];
const LOG: [&str; 3] = ["log_leaf", "log_tile", "log_checkpoint"];

fn database() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    connection
}

fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut statement = connection.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

/// Steps of the plan, such as `SEARCH p USING PRIMARY KEY (bucket=? AND person=?)`.
fn plan(connection: &Connection, statement: &Statement) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let mut prepared = connection.prepare(&sql).unwrap();
    let mut rows = prepared.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>("detail").unwrap());
    }
    steps
}

#[test]
fn b3_every_key_of_every_bucket_table_begins_with_the_bucket() {
    let connection = database();
    let mut keys = 0;
    for table in tables(&connection) {
        if REFERENCE.contains(&table.as_str()) || LOG.contains(&table.as_str()) {
            continue;
        }
        // A table WITHOUT ROWID lists its primary key among its indexes, as any other.
        let mut indexes = connection
            .prepare("SELECT name FROM pragma_index_list(?1)")
            .unwrap();
        let names = indexes
            .query_map([&table], |row| row.get::<_, String>(0))
            .unwrap();
        let names: Vec<String> = names.map(Result::unwrap).collect();
        assert!(!names.is_empty(), "{table} has no key");
        for index in names {
            let first: String = connection
                .query_row(
                    "SELECT name FROM pragma_index_info(?1) WHERE seqno = 0",
                    [&index],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(first, "bucket", "index {index} of {table}");
            keys += 1;
        }
    }
    assert!(keys > 15, "the test reads no keys: {keys}");
}

#[test]
fn b3_no_sequences_and_no_foreign_keys() {
    let connection = database();
    for table in tables(&connection) {
        let foreign: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_foreign_key_list(?1)",
                [&table],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(foreign, 0, "{table}");
    }
    let sequences: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(sequences, 0);
}

#[test]
fn b3_a_single_bucket_statement_names_its_bucket_first() {
    for statement in all().filter(|statement| statement.kind == Kind::SingleBucket) {
        let text = statement
            .sql
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let named = if text.starts_with("INSERT INTO") {
            text.contains("(bucket") && text.contains("VALUES (?1")
        } else {
            text.contains("bucket = ?1")
        };
        assert!(named, "{} does not name its bucket", statement.name);
    }
}

/// The planner says so too: each table of the statement is reached through `bucket=?`, none is scanned.
#[test]
fn b3_a_single_bucket_statement_reaches_nothing_but_its_bucket() {
    let connection = database();
    let mut searched = 0;
    for statement in all().filter(|statement| statement.kind == Kind::SingleBucket) {
        for step in plan(&connection, statement) {
            assert!(!step.starts_with("SCAN"), "{}: {step}", statement.name);
            if step.starts_with("SEARCH") {
                assert!(step.contains("(bucket=?"), "{}: {step}", statement.name);
                searched += 1;
            }
        }
    }
    assert!(searched > 25, "the test reads no plans: {searched}");
}

/// R9.5: a table with rows of a person is in the list of the erasure, whatever the column is called there.
#[test]
fn r9_5_erasing_reaches_every_table_that_names_a_person() {
    let connection = database();
    let erased: Vec<&str> = erasure::OF_A_PERSON
        .iter()
        .map(|statement| statement.table)
        .collect();
    let mut forgotten = Vec::new();
    for table in tables(&connection) {
        let mut columns = connection
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        let mut found = columns
            .query_map([&table], |row| row.get::<_, String>(0))
            .unwrap()
            .map(Result::unwrap);
        // A column kept for life, by the inventory, is one the erasure deletes.
        let for_life = inventory::columns()
            .iter()
            .filter(|column| column.kept == Kept::Life)
            .any(|column| column.name.split('.').next() == Some(&table));
        if for_life && !erased.contains(&table.as_str()) {
            forgotten.push(table);
            continue;
        }
        if found.any(|name| PERSONS.contains(&name.as_str())) && !erased.contains(&table.as_str()) {
            forgotten.push(table);
        }
    }
    assert!(
        forgotten.is_empty(),
        "add them to sqlite/erasure.rs OF_A_PERSON: {forgotten:?}"
    );
    assert!(erased.len() > 8);
    for statement in erasure::OF_A_PERSON {
        let text = statement.sql;
        assert!(text.contains("?1") && text.contains("?2"), "{text}");
        assert!(text.starts_with("DELETE FROM "), "{text}");
    }
}

/// Reference statements stay with reference tables, log statements with the log and what waits for it.
#[test]
fn b3_reference_and_log_statements_keep_to_their_tables() {
    let connection = database();
    let person_tables: Vec<String> = tables(&connection)
        .into_iter()
        .filter(|table| {
            !REFERENCE.contains(&table.as_str())
                && !LOG.contains(&table.as_str())
                && !["audit_event", "pending_leaf"].contains(&table.as_str())
        })
        .collect();
    for statement in all().filter(|statement| statement.kind != Kind::SingleBucket) {
        let words: Vec<&str> = statement.sql.split_whitespace().collect();
        let named: Vec<&str> = words
            .windows(2)
            .filter(|pair| ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]))
            .map(|pair| pair[1])
            .collect();
        assert!(!named.is_empty(), "{}", statement.name);
        for table in &person_tables {
            assert!(
                !named.contains(&table.as_str()),
                "{} touches {table}",
                statement.name
            );
        }
    }
}

#[test]
fn every_statement_prepares_and_names_a_table_there_is() {
    let connection = database();
    let tables = tables(&connection);
    for statement in all() {
        assert!(
            connection.prepare(statement.sql).is_ok(),
            "{}",
            statement.name
        );
        assert!(
            tables.iter().any(|table| table == statement.table),
            "{}",
            statement.name
        );
    }
}
