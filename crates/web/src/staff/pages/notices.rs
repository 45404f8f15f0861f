//! O6 协议与公告: every notice with its version in force, telling that waits, and what is left untold by law
//! (R11.1, R11.3, R11.4).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::notice::{Editions, Notice};
use identity::service::Fault;
use identity::staff::{Duty, Role};

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;
use super::{deferral, exception};

/// Who reads them: who writes them, who lifts deferrals and confirms exceptions, who audits.
pub(super) const READERS: [Duty; 3] = [Duty::EditNotices, Duty::LeadIncidents, Duty::ReadAudit];

/// Whether a desk may see notices.
pub(super) fn readable(desk: &Desk) -> bool {
    whose(desk.staff.role())
}

/// Roles that see notices.
pub(super) fn whose(role: Role) -> bool {
    READERS.iter().any(|duty| role.has(*duty))
}

/// `GET /operator/notices`.
pub(super) async fn list(State(app): State<Arc<App>>, desk: Desk) -> Response {
    if !readable(&desk) {
        return desk.not_yours(whose);
    }
    match blocks(&app, &desk).await {
        Ok(blocks) => {
            let title = desk.say("edition.title");
            desk.page(title, blocks)
        }
        Err(fault) => desk.fault(&fault),
    }
}

/// Everything on the page.
pub(super) async fn blocks(app: &App, desk: &Desk) -> Result<Vec<Block>, Fault> {
    let editions = app.service.editions();
    let mut blocks = vec![Block::Table(table(app, desk, &editions))];
    blocks.extend(deferral::blocks(app, desk).await?);
    blocks.extend(exception::blocks(app, desk, |_| String::new()).await?);
    Ok(blocks)
}

fn table(app: &App, desk: &Desk, editions: &Editions) -> Table {
    let today = app.service.now().day();
    let in_force = editions.in_force(today);
    let upcoming = editions.upcoming(today);
    Table {
        caption: desk.say("edition.all"),
        heads: desk.says([
            "edition.notice",
            "edition.version",
            "edition.kind",
            "edition.effective_from",
            "staff.status",
        ]),
        rows: in_force
            .map(|notice| row(desk, notice, true))
            .chain(upcoming.map(|notice| row(desk, notice, false)))
            .collect(),
        empty: desk.say("edition.none"),
    }
}

fn row(desk: &Desk, notice: &Notice, in_force: bool) -> Vec<Cell> {
    let title = &notice.text(desk.language()).title;
    let state = if in_force {
        Cell::state(desk.say("edition.in_force"), Tone::Ok)
    } else {
        Cell::state(desk.say("edition.upcoming"), Tone::Warn)
    };
    vec![
        Cell::link(title, format!("/operator/notices/{}", notice.id)),
        Cell::text(notice.version),
        Cell::text(desk.say(&format!("edition.consent.{}", notice.consent.as_str()))),
        Cell::text(since(desk, notice)),
        state,
    ]
}

/// The day it came into force; none for what was always so.
pub(super) fn since(desk: &Desk, notice: &Notice) -> String {
    if notice.effective_from.0 > 0 {
        notice.effective_from.to_string()
    } else {
        desk.say("edition.always")
    }
}
