//! The database as a thief reads it: every cell of every table, without a key.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::world::World;

/// One row of one table: its columns with their bytes; numbers as decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StolenRow {
    /// Which table.
    pub table: String,
    /// Column and bytes.
    pub cells: Vec<(String, Vec<u8>)>,
}

impl StolenRow {
    /// The bytes of a column; empty when it is not there.
    pub fn cell(&self, column: &str) -> &[u8] {
        let found = self.cells.iter().find(|(name, _)| name == column);
        found.map_or(&[], |(_, bytes)| bytes)
    }

    /// Whether any cell holds these bytes.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        self.cells.iter().any(|(_, cell)| {
            cell.len() >= bytes.len() && cell.windows(bytes.len()).any(|window| window == bytes)
        })
    }
}

impl World {
    /// Every row of every table, as somebody reads it who has the file and no key.
    pub fn stolen_rows(&self) -> Vec<StolenRow> {
        let path = self.folder().join("store.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let file = Connection::open_with_flags(path, flags).expect("the file opens");
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let mut names = file.prepare(sql).expect("the schema");
        let names = names.query_map([], |row| row.get::<_, String>(0));
        let names: Vec<String> = names
            .expect("names")
            .map(|name| name.expect("a name"))
            .collect();
        names.iter().flat_map(|table| rows(&file, table)).collect()
    }
}

fn rows(file: &Connection, table: &str) -> Vec<StolenRow> {
    let mut all = file
        .prepare(&format!("SELECT * FROM {table}"))
        .expect("a table");
    let columns: Vec<String> = all
        .column_names()
        .iter()
        .map(|&name| name.to_owned())
        .collect();
    let mut found = all.query([]).expect("rows");
    let mut rows = Vec::new();
    while let Some(row) = found.next().expect("a row") {
        let cell = |at: usize| match row.get_ref(at).expect("a cell") {
            ValueRef::Null => Vec::new(),
            ValueRef::Integer(number) => number.to_string().into_bytes(),
            ValueRef::Real(number) => number.to_string().into_bytes(),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
        };
        let cells = columns.iter().cloned().enumerate();
        rows.push(StolenRow {
            table: table.to_owned(),
            cells: cells.map(|(at, name)| (name, cell(at))).collect(),
        });
    }
    rows
}
