//! O9 投诉: what waits for an officer by its deadline, and the cases they became (P-rights, R14.1).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::case_file::{CaseRow, CaseState};
use identity::clock::Day;
use identity::complaint::ComplaintState;
use identity::complaint::officer::{ComplaintLine, OfficerError};
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;

/// Who reads cases; complaints are opened by case officers alone.
pub(super) const READERS: [Duty; 2] = [Duty::WorkOnCases, Duty::ReadAudit];
/// Most complaints of one list.
const MOST: usize = 500;

/// `GET /operator/complaints`.
pub(super) async fn list(State(app): State<Arc<App>>, desk: Desk) -> Response {
    if !READERS.iter().any(|duty| desk.staff.may(*duty)) {
        return desk.not_yours(|role| READERS.iter().any(|duty| role.has(*duty)));
    }
    match blocks(&app, &desk).await {
        Ok(blocks) => {
            let title = desk.say("case.title");
            desk.page(title, blocks)
        }
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn blocks(app: &App, desk: &Desk) -> Result<Vec<Block>, OfficerError> {
    let mut blocks = Vec::new();
    if desk.staff.may(Duty::WorkOnCases) {
        let waiting = ComplaintState::Received;
        let lines = app.service.complaints(&desk.staff, waiting, MOST).await?;
        let late = lines.iter().filter(|line| line.overdue).count();
        if late > 0 {
            let text = desk.frame.say_with("case.late", "number", late);
            blocks.push(Block::Note(Tone::Bad, text));
        }
        blocks.push(Block::Table(Table {
            caption: desk.say("case.waiting"),
            heads: desk.says([
                "case.complaint",
                "case.kind",
                "staff.platform",
                "case.received_on",
                "case.due_on",
            ]),
            rows: lines.iter().map(|line| complaint(desk, line)).collect(),
            empty: desk.say("case.none_waiting"),
        }));
    }
    let cases = app.service.cases(&desk.staff).await?;
    let link = desk.staff.may(Duty::WorkOnCases);
    blocks.push(Block::Table(table(app, desk, cases, link)));
    Ok(blocks)
}

fn complaint(desk: &Desk, line: &ComplaintLine) -> Vec<Cell> {
    let href = format!("/operator/complaints/{}", line.number);
    vec![
        Cell::link(line.number, href),
        Cell::text(desk.say(&format!("complain.kind.{}", line.kind.as_str()))),
        Cell::text(&line.platform),
        Cell::text(line.received_on),
        due(desk, line.due_on, line.overdue),
    ]
}

/// Cases, the open ones first, each by its deadline. `link`: whether the reader may open one.
pub(super) fn table(app: &App, desk: &Desk, mut cases: Vec<CaseRow>, link: bool) -> Table {
    cases.sort_by_key(|row| (row.state == CaseState::Closed, row.due_on));
    let today = app.service.now().day();
    let rows = cases.iter().map(|row| {
        let number = if link {
            Cell::link(
                &row.case,
                format!("/operator/complaints/cases/{}", row.case),
            )
        } else {
            Cell::text(&row.case)
        };
        let overdue = row.state == CaseState::Open && today > row.due_on;
        vec![
            number,
            Cell::text(&row.platform),
            Cell::text(desk.say(&format!("complain.kind.{}", row.kind.as_str()))),
            state(desk, row.state),
            Cell::text(row.officer.as_deref().unwrap_or("—")),
            due(desk, row.due_on, overdue),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("case.cases"),
        heads: desk.says([
            "case.case",
            "staff.platform",
            "case.kind",
            "staff.status",
            "case.officer",
            "case.due_on",
        ]),
        empty: desk.say("case.none"),
    }
}

/// Open or closed.
pub(super) fn state(desk: &Desk, state: CaseState) -> Cell {
    let tone = match state {
        CaseState::Open => Tone::Warn,
        CaseState::Closed => Tone::Ok,
    };
    Cell::state(desk.say(&format!("case.state.{}", state.as_str())), tone)
}

/// A deadline; in red once it is over.
pub(super) fn due(desk: &Desk, day: Day, overdue: bool) -> Cell {
    if overdue {
        Cell::state(format!("{day} · {}", desk.say("case.overdue")), Tone::Bad)
    } else {
        Cell::text(day)
    }
}
