//! SQLite in a temporary folder, for the suite.

use std::sync::Arc;

use identity::store::Store;
use rusqlite::types::Value;
use store::{Options, Sqlite};
use tempfile::TempDir;

use crate::conformance::{Backend, Rows};

/// Tables every verb writes its event to.
const AUDIT: [&str; 3] = ["audit_event", "audit_sequence", "pending_leaf"];

/// A folder with one database file.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A connection of its own, as somebody with the file has it.
    fn connection(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.0.path().join("store.db")).unwrap();
        connection
            .busy_timeout(std::time::Duration::from_secs(10))
            .unwrap();
        connection
    }
}

impl Backend for Folder {
    async fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn open(&self) -> Arc<dyn Store> {
        let path = self.0.path().join("store.db");
        Arc::new(Sqlite::open(path, &Options::default()).unwrap())
    }

    async fn refuse_events(&self, refuse: bool) {
        let sql = if refuse {
            "CREATE TRIGGER refuse BEFORE INSERT ON audit_event
             BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
        } else {
            "DROP TRIGGER refuse"
        };
        self.connection().execute_batch(sql).unwrap();
    }

    async fn damage(&self, table: &str, column: &str) {
        // A blob too short for anything, a text that names nothing, a number out of every range.
        let connection = self.connection();
        let kind: String = connection
            .query_row(
                "SELECT type FROM pragma_table_info(?1) WHERE name = ?2",
                [table, column],
                |row| row.get(0),
            )
            .unwrap();
        let wrong = match kind.as_str() {
            "BLOB" => Value::Blob(vec![7]),
            "TEXT" => Value::Text("不对".to_owned()),
            _ => Value::Integer(i64::MIN),
        };
        let sql = format!("UPDATE {table} SET {column} = ?1");
        assert!(
            connection.execute(&sql, [wrong]).unwrap() > 0,
            "{table} has no row to damage"
        );
    }

    async fn rows(&self) -> Rows {
        let connection = self.connection();
        let mut rows = Rows::default();
        let tables: Vec<String> = connection
            .prepare(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for table in tables {
            let mut statement = connection
                .prepare(&format!("SELECT * FROM {table}"))
                .unwrap();
            let columns = statement.column_count();
            let mut found = statement.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                let values: Vec<Value> = (0..columns).map(|i| row.get(i).unwrap()).collect();
                if table == "audit_event" {
                    rows.events += 1;
                } else if table == "pending_leaf" {
                    rows.pending_leaves += 1;
                } else if !AUDIT.contains(&table.as_str()) {
                    rows.others.insert(format!("{table} {values:?}"));
                }
            }
        }
        rows
    }
}
