//! S7: complaints and cases for supervisors: counts, small ones hidden, and the cases of the own field (R3.1, R14.1).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::complaint::officer::OfficerError;
use identity::oversight::counts::Shown;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::complaints;
use super::desk::Desk;
use super::words;

/// `GET /supervisor/complaints`.
pub(super) async fn page(State(app): State<Arc<App>>, desk: Desk) -> Response {
    match blocks(&app, &desk).await {
        Ok(blocks) => {
            let title = desk.say("case.counts");
            desk.page(title, blocks)
        }
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn blocks(app: &App, desk: &Desk) -> Result<Vec<Block>, OfficerError> {
    let counts = app.service.complaint_counts(&desk.staff).await?;
    let cases = app.service.cases(&desk.staff).await?;
    let rows = counts.iter().map(|count| {
        vec![
            Cell::text(desk.say(&format!("complain.kind.{}", count.kind.as_str()))),
            Cell::text(count.kind.article()),
            Cell::text(count.received),
            Cell::text(count.in_case),
            Cell::text(count.answered),
            match count.overdue {
                Shown::Few => Cell::text(count.overdue),
                Shown::Exactly(_) => Cell::state(count.overdue, Tone::Bad),
            },
        ]
    });
    let table = Table {
        rows: rows.collect(),
        caption: desk.say("case.counts_by_kind"),
        heads: desk.says([
            "case.kind",
            "case.article",
            "case.complaint_state.received",
            "case.complaint_state.in_case",
            "case.complaint_state.answered",
            "case.overdue",
        ]),
        empty: desk.say("staff.none"),
    };
    let note = desk
        .frame
        .say_with("supervisor.suppressed", "number", Shown::of(0));
    Ok(vec![
        Block::Facts(vec![(
            desk.say("supervisor.as_of"),
            words::moment(app.service.now()),
        )]),
        Block::Text(note),
        Block::Table(table),
        Block::Text(desk.say("case.own_field")),
        Block::Table(complaints::table(app, desk, cases, false)),
    ])
}
