//! R9.1, S3: every stored field has its purpose, basis, class and retention in `docs/data-inventory.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Classes of data; another one needs a reason here first.
const CLASSES: [&str; 19] = [
    "day",
    "day and identifier",
    "digest",
    "identifier",
    "key, wrapped",
    "keyed digest",
    "personal, sealed",
    "public",
    "public key",
    "public, and a digest of a secret",
    "salted digest",
    "sealed",
    "sealed by the person",
    "sealed to the person",
    "secret, sealed",
    "sensitive, sealed",
    "status",
    "technical",
    "time",
];

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// `table.column` of all migrations, in order: created, added, dropped, renamed.
fn columns() -> BTreeSet<String> {
    let folder = repository("crates/store/src/sqlite/migrations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut columns = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let plain: Vec<&str> = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""))
            .collect();
        for statement in plain.join("\n").split(';') {
            apply(statement.trim(), &mut columns);
        }
    }
    columns
}

fn apply(statement: &str, columns: &mut BTreeSet<String>) {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        [] | ["CREATE", "INDEX" | "UNIQUE", ..] | ["DROP", "INDEX", ..] => {}
        ["CREATE", "TABLE", table, ..] => {
            let inside = statement.split_once('(').expect("columns").1;
            let lines = inside.lines().map(str::trim);
            // Keywords are in capitals: constraints of the table are no columns.
            let named = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            columns.extend(named.map(|line| {
                let column = line.split_whitespace().next().unwrap_or_default();
                format!("{table}.{column}")
            }));
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => {
            columns.insert(format!("{table}.{column}"));
        }
        ["ALTER", "TABLE", table, "DROP", "COLUMN", column] => {
            columns.remove(&format!("{table}.{column}"));
        }
        ["DROP", "TABLE", table] => {
            columns.retain(|column| !column.starts_with(&format!("{table}.")));
        }
        _ => panic!("a migration says something this test does not understand: {statement}"),
    }
}

#[test]
fn r9_1_every_column_has_its_row_and_every_row_its_column() {
    let text = fs::read_to_string(repository("docs/data-inventory.md")).unwrap();
    let mut listed = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [column, purpose, basis, class, kept] = cells.as_slice() else {
            panic!("a row has five cells: {line}");
        };
        for cell in [purpose, basis, kept] {
            assert!(!cell.is_empty(), "{line}");
        }
        assert!(CLASSES.contains(class), "{class} is no known class: {line}");
        assert!(
            listed.insert(column.trim_matches('`').to_owned()),
            "{column} twice"
        );
    }
    let stored = columns();
    assert!(stored.len() > 50, "the migrations were read");
    let without_row: Vec<_> = stored.difference(&listed).collect();
    assert!(
        without_row.is_empty(),
        "columns without a row in docs/data-inventory.md: {without_row:?}"
    );
    let without_column: Vec<_> = listed.difference(&stored).collect();
    assert!(
        without_column.is_empty(),
        "rows of docs/data-inventory.md without a column: {without_column:?}"
    );
}
