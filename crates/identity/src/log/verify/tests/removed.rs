//! Rows that went by right, and rows that went otherwise (C6, R9.5).

use super::{World, bucket};
use crate::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};
use crate::clock::Day;
use crate::log::verify::Report;

impl World {
    fn tombstone(&self, what: Removed, sequences: &[u64]) -> EventDraft {
        let event = AuditEvent::RowsRemoved {
            day: Day(20_001),
            what,
            why: RemovedBy::Erasure,
            sequences: Sequences::default(),
        };
        EventDraft::new(event, &*self.random).naming(sequences.iter().copied().collect())
    }

    /// What an erasure does: rows and receipts go, a tombstone comes.
    fn erases(&self, sequences: &[u64]) {
        for sequence in sequences {
            let mut tables = self.store.tables();
            tables.events.remove(&(bucket(12), *sequence)).unwrap();
            tables.receipts.remove(&(bucket(12), *sequence));
        }
        let draft = self.tombstone(Removed::Events, sequences);
        self.store.put(bucket(12), &draft, None);
    }

    async fn epoch(&self) {
        self.sequencer.run_once().await.unwrap().unwrap();
    }
}

fn named(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn c6_a_row_may_be_missing_when_a_tombstone_in_the_log_names_it() {
    let world = World::new().await;
    world.erases(&[4, 5, 9]);
    world.epoch().await;
    let report = world.verify().await;
    assert_eq!(named(&report), [""; 0]);
    assert_eq!((report.counts.removed, report.counts.leaves), (3, 603));
}

#[tokio::test]
async fn c6_any_other_missing_row_is_still_found_and_named() {
    let world = World::new().await;
    world.erases(&[4, 5, 9]);
    world.epoch().await;
    world.store.tables().events.remove(&(bucket(12), 7));
    world.store.tables().receipts.remove(&(bucket(12), 7));
    let found = named(&world.verify().await);
    assert_eq!(found[0], "event 7 of bucket 12: row is missing");
    assert!(
        found[1].contains("4 leaves in all") && found[1].contains("name 3 rows"),
        "{found:?}"
    );
}

/// The last row and its number go as if they had never been: the leaf is one too many.
#[tokio::test]
async fn c6_a_cut_end_is_found_beside_a_tombstone() {
    let world = World::new().await;
    world.erases(&[4]);
    world.epoch().await;
    {
        let mut tables = world.store.tables();
        let ((of, sequence), _) = tables.events.pop_last().unwrap();
        tables.receipts.remove(&(of, sequence));
        tables.last_sequences.insert(of, sequence - 1);
    }
    assert!(named(&world.verify().await)[0].contains("2 leaves in all"));
}

/// Who has the file writes a tombstone to excuse what is gone: as a row alone, or waiting for the log as well.
#[tokio::test]
async fn c6_a_forged_tombstone_is_found() {
    let world = World::new().await;
    world.erases(&[4, 5]);
    let waiting = named(&world.verify().await);
    assert!(
        waiting[0]
            .starts_with("event 4 of bucket 12: row is missing, and the tombstone that names it"),
        "{waiting:?}"
    );
    world.store.tables().pending.clear();
    let found = named(&world.verify().await);
    assert!(found[0].starts_with("event 4 of bucket 12"), "{found:?}");
    assert!(
        found
            .iter()
            .any(|text| text.starts_with("event 19 of bucket 12: salt is that of no leaf")),
        "{found:?}"
    );
}

/// A good tombstone changed to name one row more.
#[tokio::test]
async fn c6_a_changed_tombstone_excuses_nothing() {
    let world = World::new().await;
    world.erases(&[4]);
    world.epoch().await;
    {
        let mut tables = world.store.tables();
        tables.events.remove(&(bucket(12), 6));
        tables.receipts.remove(&(bucket(12), 6));
        let row = tables.events.get_mut(&(bucket(12), 19)).unwrap();
        let body = String::from_utf8(row.body.clone()).unwrap();
        row.body = body.replace("[[4,4]]", "[[4,6]]").into_bytes();
    }
    let found = named(&world.verify().await);
    assert!(
        found[0].starts_with("event 4 of bucket 12: row is missing"),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|text| text.starts_with("event 19 of bucket 12: body does not match its leaf")),
        "{found:?}"
    );
}

#[tokio::test]
async fn r9_1_a_receipt_past_its_time_may_be_missing_and_no_other() {
    let world = World::new().await;
    let draft = world.tombstone(Removed::Receipts, &[5]);
    world.store.tables().receipts.remove(&(bucket(12), 5));
    world.store.put(bucket(12), &draft, None);
    world.epoch().await;
    assert_eq!(named(&world.verify().await), [""; 0]);
    world.store.tables().receipts.remove(&(bucket(12), 6));
    assert_eq!(
        named(&world.verify().await),
        ["receipt of event 6 of bucket 12: is missing"]
    );
}
