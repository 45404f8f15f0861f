//! R9.1, S3: every stored column and every field of the log has its purpose, basis, class and retention in
//! `identity::inventory`, and `docs/data-inventory.md` says the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use identity::inventory::{self, Class, LOG_FIELDS};

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
fn r9_1_every_column_has_its_entry_and_every_entry_its_column() {
    let mut listed = BTreeSet::new();
    for column in inventory::columns() {
        for cell in [column.purpose, column.basis] {
            assert!(!cell.is_empty(), "{}", column.name);
        }
        assert!(
            listed.insert(column.name.to_owned()),
            "{} twice",
            column.name
        );
    }
    let stored = columns();
    assert!(stored.len() > 50, "the migrations were read");
    let without_entry: Vec<_> = stored.difference(&listed).collect();
    assert!(
        without_entry.is_empty(),
        "columns without an entry in crates/identity/src/inventory/columns.rs: {without_entry:?}"
    );
    let without_column: Vec<_> = listed.difference(&stored).collect();
    assert!(
        without_column.is_empty(),
        "entries of crates/identity/src/inventory/columns.rs without a column: {without_column:?}"
    );
}

/// The page is printed from the code. `WANGZHENG_WRITE_DOCS=1` prints it again.
#[test]
fn r9_1_the_page_says_what_the_code_says() {
    let path = repository("docs/data-inventory.md");
    let expected = inventory::render();
    let page = fs::read_to_string(&path).unwrap();
    let writing = std::env::var_os("WANGZHENG_WRITE_DOCS").is_some();
    // A row somebody wrote into the page alone is not lost: it is a line of code.
    let known: BTreeSet<&str> = inventory::columns()
        .iter()
        .map(|column| column.name)
        .collect();
    let lost: Vec<String> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line_of_code(line, &known))
        .collect();
    if writing && !lost.is_empty() {
        let code = repository("crates/identity/src/inventory/columns.rs");
        let before = fs::read_to_string(&code).unwrap();
        let after = before.replace("\n];\n", &format!("\n{}\n];\n", lost.join("\n")));
        fs::write(&code, after).unwrap();
        panic!(
            "{} entries taken over from the page; run this again",
            lost.len()
        );
    }
    assert!(
        lost.is_empty(),
        "in the page only; WANGZHENG_WRITE_DOCS=1 takes them over into the code: {lost:#?}"
    );
    if writing {
        fs::write(&path, &expected).unwrap();
        return;
    }
    assert_eq!(
        page, expected,
        "run WANGZHENG_WRITE_DOCS=1 cargo test -p web --test main inventory"
    );
}

/// The entry a row of the page stands for, if the code has none.
fn line_of_code(line: &str, known: &BTreeSet<&str>) -> Option<String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [name, purpose, basis, class, kept] = cells.as_slice() else {
        panic!("a row has five cells: {line}");
    };
    let name = name.trim_matches('`');
    if known.contains(name) {
        return None;
    }
    let class = Class::ALL.into_iter().find(|one| one.as_str() == *class);
    let class = class.unwrap_or_else(|| panic!("no known class: {line}"));
    let kept = match *kept {
        "life" => "Kept::Life".to_owned(),
        text => format!("Kept::Text({text:?})"),
    };
    Some(format!(
        "    column({name:?}, {purpose:?}, {basis:?}, Class::{class:?}, {kept}),"
    ))
}

/// R9.1, R8.1: a field of the log is a place where something of a person could lie.
#[test]
fn r9_1_every_field_of_the_log_has_its_entry() {
    let mut fields = BTreeSet::new();
    for name in [
        "crypto",
        "jose",
        "openid",
        "identity",
        "store",
        "web",
        "wangzheng",
    ] {
        gather(&repository(&format!("crates/{name}/src")), &mut fields);
    }
    let listed: BTreeSet<String> = LOG_FIELDS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert!(fields.len() > 5, "the sources were read");
    assert_eq!(
        fields, listed,
        "fields logged and fields listed in crates/identity/src/inventory.rs LOG_FIELDS"
    );
}

fn gather(folder: &Path, fields: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, fields);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for level in ["trace", "debug", "info", "warn", "error"] {
                for call in text.split(&format!("tracing::{level}!(")).skip(1) {
                    fields.extend(fields_of(call));
                }
            }
        }
    }
}

/// What stands before the message: `%error`, `count = rows.len()`, `erased`.
fn fields_of(call: &str) -> Vec<String> {
    let before = call.split('"').next().unwrap_or_default();
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in before.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        if c != ',' || depth != 0 {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts
        .iter()
        .map(|part| part.split('=').next().unwrap_or_default().trim())
        .map(|part| part.trim_start_matches(['%', '?']).to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

#[test]
fn fields_are_read_out_of_a_call() {
    assert_eq!(
        fields_of("%error, n = list.len(), \"text\");"),
        ["error", "n"]
    );
    assert_eq!(
        fields_of("\n  erased = f(a, b), ?other, \"text\""),
        ["erased", "other"]
    );
    assert_eq!(fields_of("\"text\""), [""; 0]);
}
