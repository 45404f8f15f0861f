//! A thief with the database: every row, no key (C1).

use std::collections::{BTreeMap, BTreeSet};

use identity::id::PersonId;
use testkit::StolenRow;

use super::{TEXT, a_busy_day, spellings};

/// Values shorter than this are counts, days and names of states: everybody shares them.
const LONG: usize = 10;

/// Cells that could lead from one row to another: long, and not the zeros that say "none".
fn telling(row: &StolenRow) -> impl Iterator<Item = &(String, Vec<u8>)> {
    let cells = row.cells.iter();
    cells.filter(|(_, cell)| cell.len() >= LONG && cell.iter().any(|byte| *byte != 0))
}

/// The ids of all persons, as they stand in rows and in events.
fn persons(rows: &[StolenRow]) -> Vec<Vec<u8>> {
    let rows = rows.iter().filter(|row| row.table == "person");
    rows.map(|row| row.cell("person").to_vec()).collect()
}

fn names(row: &StolenRow, spellings: &[(String, Vec<Vec<u8>>)]) -> Option<String> {
    let whole = |platform: &str| {
        row.cells
            .iter()
            .any(|(_, cell)| cell == platform.as_bytes())
    };
    spellings
        .iter()
        .find(|(platform, texts)| whole(platform) || texts.iter().any(|text| row.holds(text)))
        .map(|(platform, _)| platform.clone())
}

fn is_of(row: &StolenRow, person: &[u8]) -> bool {
    let id = person
        .try_into()
        .map(PersonId::from_bytes)
        .expect("12 bytes");
    let text = serde_json::to_string(&id).expect("a text");
    row.holds(person) || row.holds(text.trim_matches('"').as_bytes())
}

/// No row names a person and a platform, and no value leads from a row of a person to a row that names a platform:
/// not in complaints, consents, queues, or whatever table comes next.
#[tokio::test]
async fn c1_a_thief_finds_no_row_and_no_join_from_a_person_to_a_platform() {
    let (world, people) = a_busy_day().await;
    let (rows, spellings) = (world.stolen_rows(), spellings(&world));
    let persons = persons(&rows);
    assert_eq!(persons.len(), people.len());
    // 1. Rows that name a platform, and everything long that stands in them.
    let mut doors: BTreeMap<&[u8], &StolenRow> = BTreeMap::new();
    let mut naming = BTreeSet::new();
    for row in &rows {
        if names(row, &spellings).is_none() {
            continue;
        }
        naming.insert(row.table.as_str());
        for (_, cell) in telling(row) {
            doors.insert(cell, row);
        }
    }
    // The control: there are such rows, and the thief sees them.
    for table in ["platform", "case_file", "audit_event"] {
        assert!(
            naming.contains(table),
            "{table} names platforms: {naming:?}"
        );
    }
    // 2. Rows of persons: none of them is one, none shares a value with one.
    let mut of_persons = 0;
    for row in &rows {
        if !persons.iter().any(|person| is_of(row, person)) {
            continue;
        }
        of_persons += 1;
        assert_eq!(
            names(row, &spellings),
            None,
            "a person beside a platform: {row:?}"
        );
        for (column, cell) in telling(row) {
            let door = doors.get(cell.as_slice());
            assert!(door.is_none(), "{}.{column} leads to {door:?}", row.table);
        }
    }
    assert!(
        of_persons > 40,
        "{of_persons} rows of persons were looked at"
    );
}

/// What complaints, cases and legal requests say is sealed; what the thief learns is counts and days.
#[tokio::test]
async fn c1_a_thief_reads_no_complaint_and_learns_counts() {
    let (world, people) = a_busy_day().await;
    let rows = world.stolen_rows();
    for row in &rows {
        assert!(!row.holds(TEXT.as_bytes()), "the text in {}", row.table);
        assert!(
            !row.holds("市公刑".as_bytes()),
            "a reference in {}",
            row.table
        );
    }
    let complaints: Vec<_> = rows.iter().filter(|row| row.table == "complaint").collect();
    let kinds: BTreeMap<String, usize> =
        complaints.iter().fold(BTreeMap::new(), |mut kinds, row| {
            let kind = String::from_utf8_lossy(row.cell("kind")).into_owned();
            *kinds.entry(kind).or_default() += 1;
            kinds
        });
    // As docs/threats.md says: how many of which kind, and which cases there are.
    assert_eq!(
        kinds,
        BTreeMap::from([("leak".to_owned(), 2), ("unequal_service".to_owned(), 2)])
    );
    assert!(
        rows.iter()
            .any(|row| row.table == "case_file" && row.holds(b"forum"))
    );
    for row in complaints {
        for person in persons(&rows) {
            assert!(!is_of(row, &person));
        }
    }
    // The counters know nobody.
    for row in rows.iter().filter(|row| row.table == "counter") {
        let columns: Vec<_> = row.cells.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(columns, ["month", "name", "count"]);
    }
    assert_eq!(people.len(), 4);
}
