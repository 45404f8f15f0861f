//! What platforms did not carry out in time: platform, kind, day and a count, never a person (R8.3, R9.5, R3.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use identity::clock::Timestamp;
use identity::oversight::counts::Shown;
use identity::platform::Platform;
use identity::service::Fault;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;
use super::{withdrawals, words};

/// The table of these platforms; small counts are hidden, that something is late is not.
pub(super) async fn block(
    app: &App,
    desk: &Desk,
    platforms: &[Arc<Platform>],
) -> Result<Block, Fault> {
    let mut late: BTreeMap<(String, String), (Timestamp, u64)> = BTreeMap::new();
    for one in app.service.overdue().await? {
        if platforms.iter().any(|platform| platform.id == one.platform) {
            let what = withdrawals::what(desk, one.kind);
            let entry = late
                .entry((one.platform.to_string(), what))
                .or_insert((one.due_at, 0));
            entry.0 = entry.0.min(one.due_at);
            entry.1 += 1;
        }
    }
    let rows = late.into_iter().map(|((platform, what), (due, count))| {
        vec![
            Cell::text(platform),
            Cell::text(what),
            Cell::text(Shown::of(count)),
            Cell::state(words::moment(due), Tone::Bad),
        ]
    });
    Ok(Block::Table(Table {
        rows: rows.collect(),
        caption: desk.say("withdrawal.overdue_all"),
        heads: desk.says([
            "staff.platform",
            "withdrawal.what",
            "withdrawal.count",
            "withdrawal.due_first",
        ]),
        empty: desk.say("staff.none"),
    }))
}
