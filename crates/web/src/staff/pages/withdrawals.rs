//! R9 撤回与删除请求: what a platform still has to carry out, by its day, and its confirmation with evidence (R8.3, R9.5).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::service::Fault;
use identity::signal::evidence::{ConfirmError, ConfirmRefused};
use identity::signal::tracked::Unconfirmed;
use identity::signal::{SignalId, SignalKind};

use crate::app::App;
use crate::page::console::{Block, Cell, Field, Form, Input, Table, Tone};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::posted::StaffForm;
use super::words;

/// `GET /platform/withdrawals`.
pub(super) async fn page(State(app): State<Arc<App>>, desk: Desk) -> Response {
    match blocks(&app, &desk, |_| String::new()).await {
        Ok(blocks) => {
            let title = desk.say("withdrawal.title");
            desk.page(title, blocks)
        }
        Err(fault) => desk.fault(&fault),
    }
}

async fn blocks(
    app: &App,
    desk: &Desk,
    typed: impl Fn(&str) -> String,
) -> Result<Vec<Block>, Fault> {
    let open = match desk.staff.platform() {
        Some(platform) => app.service.unconfirmed(platform).await?,
        None => Vec::new(),
    };
    let mut blocks = vec![Block::Text(desk.say("withdrawal.lead"))];
    let late = open.iter().filter(|one| one.overdue).count();
    if late > 0 {
        let text = desk.frame.say_with("withdrawal.late", "number", late);
        blocks.push(Block::Note(Tone::Bad, text));
    }
    blocks.push(Block::Table(Table {
        caption: desk.say("withdrawal.all"),
        heads: desk.says([
            "withdrawal.number",
            "withdrawal.what",
            "withdrawal.subject",
            "withdrawal.due",
            "staff.status",
        ]),
        rows: open.iter().map(|one| row(desk, one)).collect(),
        empty: desk.say("withdrawal.none"),
    }));
    if !open.is_empty() {
        blocks.push(Block::Form(form(desk, &open, typed)));
    }
    Ok(blocks)
}

/// What a platform has to do, in words.
pub(super) fn what(desk: &Desk, kind: SignalKind) -> String {
    desk.say(match kind {
        SignalKind::ConsentWithdrawn => "withdrawal.kind.consent_withdrawn",
        SignalKind::DeletionRequested => "withdrawal.kind.deletion_requested",
        SignalKind::AccountErased => "withdrawal.kind.account_erased",
        SignalKind::IdentifierChanged | SignalKind::Locked | SignalKind::Unlocked => {
            "withdrawal.kind.other"
        }
    })
}

fn row(desk: &Desk, one: &Unconfirmed) -> Vec<Cell> {
    let state = if one.overdue {
        Cell::state(desk.say("withdrawal.overdue"), Tone::Bad)
    } else {
        Cell::state(desk.say("withdrawal.open"), Tone::Warn)
    };
    vec![
        Cell::text(one.signal),
        Cell::text(what(desk, one.kind)),
        Cell::text(one.subject.as_str()),
        Cell::text(words::moment(one.due_at)),
        state,
    ]
}

fn form(desk: &Desk, open: &[Unconfirmed], typed: impl Fn(&str) -> String) -> Form {
    let choices = open.iter().map(|one| {
        let words = format!("{} · {}", what(desk, one.kind), one.signal);
        (one.signal.to_string(), words)
    });
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    let choices = Input::Choice(choices.collect());
    let legend = desk.say("withdrawal.confirm");
    let button = desk.say("withdrawal.confirm_now");
    Form::posting("confirm", "/platform/withdrawals", legend, button).with(vec![
        field("signal", "withdrawal.which", choices),
        field("evidence", "withdrawal.evidence", Input::Lines),
    ])
}

/// `POST /platform/withdrawals`: one is confirmed, by a named member, with what shows it.
pub(super) async fn confirm(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let confirmed = match SignalId::parse(posted.text("signal")) {
        Some(signal) => {
            let evidence = posted.text("evidence");
            app.service
                .confirm_with_evidence(&posted.desk.staff, signal, evidence)
                .await
        }
        None => Err(ConfirmRefused::Unknown.into()),
    };
    let problem = match confirmed {
        Ok(()) => return Redirect::to("/platform/withdrawals").into_response(),
        Err(ConfirmError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(refused) => ApiProblem::from(refused),
    };
    match blocks(&app, &posted.desk, |name| posted.text(name).to_owned()).await {
        Ok(blocks) => {
            let title = posted.desk.say("withdrawal.title");
            posted.desk.refuses(&problem, title, blocks)
        }
        Err(fault) => posted.desk.fault(&fault),
    }
}
