//! O1 the work queue: what waits for this role, the nearest deadline first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::oversight::ProposalState;
use identity::service::Fault;
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Cell, Table};

use super::desk::Desk;
use super::proposal::{MOST, proposals};
use super::words;

/// O1: what waits, the nearest deadline first.
pub(super) async fn queue(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let mut rows = match app.service.proposals_for(&desk.staff, MOST).await {
        Ok(rows) => rows,
        Err(fault) => return desk.fault(&fault),
    };
    let now = app.service.now();
    rows.retain(|row| match row.state {
        ProposalState::Open => now <= row.expires_at,
        ProposalState::Confirmed => true,
        _ => false,
    });
    rows.sort_by_key(|row| row.expires_at);
    let mut blocks = vec![Block::Table(proposals(&app, &desk, &rows))];
    if desk.staff.may(Duty::ReviewPlatforms) || desk.staff.may(Duty::ReadAudit) {
        match submissions(&app, &desk).await {
            Ok(table) => blocks.push(Block::Table(table)),
            Err(fault) => return desk.fault(&fault),
        }
    }
    let title = desk.say("staff.queue");
    desk.page(title, blocks)
}

async fn submissions(app: &App, desk: &Desk) -> Result<Table, Fault> {
    let mut rows = app.service.store().submissions().await?;
    rows.retain(|row| row.state == identity::oversight::submission::SubmissionState::Waiting);
    rows.sort_by_key(|row| row.at);
    Ok(Table {
        caption: desk.say("staff.submissions"),
        heads: ["staff.platform", "staff.subject", "staff.by", "staff.at"]
            .map(|key| desk.say(key))
            .to_vec(),
        rows: rows
            .iter()
            .map(|row| {
                let digest = row.digest().to_hex();
                vec![
                    Cell::text(&row.platform),
                    Cell::link(row.subject(), format!("/operator/reviews/{digest}")),
                    Cell::text(&row.by),
                    Cell::text(words::moment(row.at)),
                ]
            })
            .collect(),
        empty: desk.say("staff.none"),
    })
}
