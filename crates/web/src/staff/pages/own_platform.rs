//! A platform's own console: R1 where it stands, R3 apps, R5 scenarios, R8 counts, and what it submitted.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::id::PlatformId;
use identity::oversight::review::ReviewError;
use identity::platform::Client;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;
use super::{register, words};

/// R1, R3, R5, R8 on one page: short, because everything on it is this platform's own.
pub(super) async fn home(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let submissions = match app.service.submissions(&desk.staff).await {
        Ok(rows) => rows,
        Err(ReviewError::Fault(fault)) => return desk.fault(&fault),
        Err(ReviewError::Refused(_)) => return desk.nothing(),
    };
    let own = desk.staff.platform().cloned();
    let platform = own.as_ref().and_then(|id| app.service.platform(id));
    let mut blocks = Vec::new();
    match (&platform, &own) {
        (Some(platform), Some(id)) => {
            if let Some(suspension) = app.service.standing(id).suspended {
                let reason = suspension.reason.as_str();
                let reason = desk.say(&format!("staff.suspension.{reason}"));
                let text = format!(
                    "{} · {reason} · {}",
                    desk.say("staff.suspended"),
                    suspension.explanation
                );
                blocks.push(Block::Note(Tone::Bad, text));
            }
            blocks.push(register::platform_facts(&app, &desk, platform));
            blocks.push(Block::Table(apps(&desk, &platform.clients)));
            blocks.push(Block::Table(register::scenario_table(&desk, platform)));
            blocks.push(Block::Table(counts(&app, &desk, id)));
        }
        _ => blocks.push(Block::Note(Tone::Warn, desk.say("platform.not_registered"))),
    }
    let rows = submissions.iter().map(|row| {
        vec![
            Cell::text(row.subject()),
            words::submission(&desk.frame, row.state),
            Cell::text(&row.reasons),
            Cell::text(words::moment(row.at)),
        ]
    });
    blocks.push(Block::Table(Table {
        rows: rows.collect(),
        caption: desk.say("staff.submissions"),
        heads: ["staff.subject", "staff.status", "staff.reasons", "staff.at"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    }));
    let title = desk.say("staff.own_platform");
    desk.page(title, blocks)
}

fn apps(desk: &Desk, clients: &[Client]) -> Table {
    let rows = clients.iter().map(|client| {
        let uris: Vec<&str> = client.redirect_uris.iter().map(String::as_str).collect();
        let keys = client.keys.keys.iter().filter_map(|key| key.kid.clone());
        let keys: Vec<String> = keys.collect();
        vec![
            Cell::text(&client.id),
            Cell::text(uris.join(" ")),
            Cell::text(keys.join(" ")),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("staff.apps"),
        heads: [
            "platform.client_id",
            "platform.redirect_uris",
            "platform.keys",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    }
}

/// R8: what passed and what was asked, day by day; small numbers hidden. A refusal is in no number (R8.1).
fn counts(app: &App, desk: &Desk, id: &PlatformId) -> Table {
    let rows = app.service.platform_counts(id).into_iter().map(|count| {
        vec![
            Cell::text(count.day),
            Cell::text(count.requested),
            Cell::text(count.passed),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("platform.counts"),
        heads: ["platform.day", "platform.requested", "platform.passed"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    }
}
