//! O6: telling that waits for a reason, and until when at the latest (Art. 11(4), R11.4, R9.4).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::clock::Timestamp;
use identity::notice::Deferral;
use identity::service::Fault;
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Cell, Field, Form, Input, Table, Tone};

use super::desk::Desk;
use super::posted::StaffForm;
use super::words;

/// The queue, what is late first, and what ends a wait.
pub(super) async fn blocks(app: &App, desk: &Desk) -> Result<Vec<Block>, Fault> {
    let now = app.service.now();
    let mut deferrals = app.service.deferrals().await?;
    deferrals.sort_by_key(|deferral| (deferral.lifted_at.is_some(), deferral.due_at));
    let mut blocks = Vec::new();
    let late = deferrals.iter().filter(|deferral| deferral.is_overdue(now));
    let late = late.count();
    if late > 0 {
        let text = desk.frame.say_with("deferral.late", "number", late);
        blocks.push(Block::Note(Tone::Bad, text));
    }
    blocks.push(Block::Table(Table {
        caption: desk.say("deferral.all"),
        heads: desk.says([
            "deferral.reason",
            "deferral.notices",
            "deferral.since",
            "deferral.due",
            "staff.status",
        ]),
        rows: deferrals.iter().map(|one| row(desk, one, now)).collect(),
        empty: desk.say("deferral.none"),
    }));
    let waiting: Vec<&Deferral> = deferrals
        .iter()
        .filter(|deferral| deferral.lifted_at.is_none())
        .collect();
    if desk.staff.may(Duty::LeadIncidents) && !waiting.is_empty() {
        blocks.push(Block::Form(lift_form(desk, &waiting)));
    }
    Ok(blocks)
}

fn row(desk: &Desk, deferral: &Deferral, now: Timestamp) -> Vec<Cell> {
    let due = words::moment(deferral.due_at);
    let state = match deferral.lifted_at {
        Some(at) => Cell::state(
            desk.frame
                .say_with("deferral.lifted", "at", words::moment(at)),
            Tone::Ok,
        ),
        None if deferral.is_overdue(now) => Cell::state(desk.say("deferral.overdue"), Tone::Bad),
        None => Cell::state(desk.say("deferral.waits"), Tone::Warn),
    };
    vec![
        Cell::text(&deferral.reason),
        Cell::text(deferral.notices),
        Cell::text(words::moment(deferral.opened_at)),
        if deferral.is_overdue(now) {
            Cell::state(due, Tone::Bad)
        } else {
            Cell::text(due)
        },
        state,
    ]
}

fn lift_form(desk: &Desk, waiting: &[&Deferral]) -> Form {
    let reasons = waiting
        .iter()
        .map(|deferral| (deferral.reason.clone(), deferral.reason.clone()));
    let reasons = Input::Choice(reasons.collect());
    let legend = desk.say("deferral.lift");
    let button = desk.say("deferral.lift_now");
    Form::posting("lift", "/operator/deferrals", legend, button)
        .with(vec![Field::new(
            "reason",
            desk.say("deferral.reason"),
            reasons,
        )])
        .dangerous()
}

/// `POST /operator/deferrals`: the reason is gone, everybody is told at once (Art. 11(4)).
pub(super) async fn lift(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let desk = &posted.desk;
    if !desk.staff.may(Duty::LeadIncidents) {
        return posted.desk.not_yours(|role| role.has(Duty::LeadIncidents));
    }
    let reason = posted.text("reason");
    let lifted = async {
        let known = app.service.deferrals().await?;
        let waits = known
            .iter()
            .any(|deferral| deferral.reason == reason && deferral.lifted_at.is_none());
        if !waits {
            return Ok(false);
        }
        app.service.lift_notices(reason, desk.staff.login()).await?;
        Ok::<_, Fault>(true)
    };
    match lifted.await {
        Ok(true) => Redirect::to("/operator/notices").into_response(),
        Ok(false) => posted.desk.nothing(),
        Err(fault) => posted.desk.fault(&fault),
    }
}
