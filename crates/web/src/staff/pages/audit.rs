//! What the audit administrator reads.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Cell, Table};

use super::desk::Desk;
use super::proposal::MOST;
use super::words;

/// What the audit administrator reads: every act and every look of staff, newest first.
pub(super) async fn audit(State(app): State<Arc<App>>, desk: Desk) -> Response {
    if !desk.staff.may(Duty::ReadAudit) {
        return desk.not_yours(|role| role.has(Duty::ReadAudit));
    }
    let events = match app.service.staff_events(&desk.staff, MOST).await {
        Ok(events) => events,
        Err(fault) => return desk.fault(&fault),
    };
    let rows = events.iter().map(|event| {
        let value = serde_json::to_value(&event.event).unwrap_or_default();
        let facts = words::facts(&value).into_iter();
        let facts = facts.filter(|(name, _)| name != "event" && name != "at");
        let facts: Vec<String> = facts
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let at = value["at"].as_i64().map(identity::clock::Timestamp);
        vec![
            Cell::text(at.map(words::moment).unwrap_or_default()),
            Cell::text(value["event"].as_str().unwrap_or_default()),
            Cell::text(&event.outcome),
            Cell::text(facts.join(" · ")),
        ]
    });
    let table = Table {
        rows: rows.collect(),
        caption: desk.say("staff.audit"),
        heads: ["staff.at", "staff.what", "staff.result", "staff.details"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    };
    let title = desk.say("staff.audit");
    desk.page(title, vec![Block::Table(table)])
}
