//! O6: processing that is left untold because a law says so: by two persons, for a year at most (Art. 11(3), R11.3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::clock::Day;
use identity::notice::{LEGAL_BASES, NoticeException, RecordedException};
use identity::service::Fault;
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table, Tone};

use super::desk::Desk;
use super::posted::StaffForm;

/// What two persons agreed to, and a new one.
pub(super) async fn blocks(
    app: &App,
    desk: &Desk,
    typed: impl Fn(&str) -> String,
) -> Result<Vec<Block>, Fault> {
    let exceptions = app.service.notice_exceptions().await?;
    let today = app.service.now().day();
    let mut blocks = vec![Block::Table(Table {
        caption: desk.say("exception.all"),
        heads: desk.says([
            "exception.processing",
            "exception.legal_basis",
            "exception.reason",
            "exception.until",
            "exception.by",
        ]),
        rows: exceptions.iter().map(|one| row(desk, one, today)).collect(),
        empty: desk.say("exception.none"),
    })];
    if desk.staff.may(Duty::EditNotices) {
        blocks.push(Block::Form(form(desk, typed)));
    }
    Ok(blocks)
}

/// One of them, in words: for who signs it first and who signs it second.
pub(super) fn facts(desk: &Desk, exception: &NoticeException) -> Vec<(String, String)> {
    vec![
        (
            desk.say("exception.processing"),
            exception.processing.clone(),
        ),
        (
            desk.say("exception.legal_basis"),
            law(&exception.legal_basis),
        ),
        (desk.say("exception.reason"), exception.reason.clone()),
        (desk.say("exception.until"), exception.until.to_string()),
    ]
}

fn law(id: &str) -> String {
    let found = LEGAL_BASES.iter().find(|(known, _)| *known == id);
    found.map_or(id, |(_, law)| law).to_owned()
}

fn row(desk: &Desk, recorded: &RecordedException, today: Day) -> Vec<Cell> {
    let (exception, record) = (&recorded.exception, &recorded.record);
    let until = if exception.until < today {
        Cell::state(
            format!("{} · {}", exception.until, desk.say("exception.over")),
            Tone::Plain,
        )
    } else {
        Cell::state(exception.until.to_string(), Tone::Warn)
    };
    let confirmed = record.decided.as_ref().map(|signed| signed.login.as_str());
    let by = format!("{} + {}", record.proposed.login, confirmed.unwrap_or("—"));
    vec![
        Cell::text(&exception.processing),
        Cell::text(law(&exception.legal_basis)),
        Cell::text(&exception.reason),
        until,
        Cell::text(by),
    ]
}

fn form(desk: &Desk, typed: impl Fn(&str) -> String) -> Form {
    let laws = LEGAL_BASES
        .iter()
        .map(|(id, law)| ((*id).to_owned(), (*law).to_owned()));
    let laws = Input::Choice(laws.collect());
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    let legend = desk.say("staff.act.except_notice");
    let button = desk.say("exception.check");
    Form::posting("except", "/operator/exceptions", legend, button).with(vec![
        field("legal_basis", "exception.legal_basis", laws),
        field("processing", "exception.processing", Input::Line),
        field("reason", "exception.reason", Input::Lines),
        field("until", "exception.until", Input::Day),
    ])
}

/// `POST /operator/exceptions`: shown as it will be signed. Nothing is stored before two persons signed it.
pub(super) async fn check(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    if !posted.desk.staff.may(Duty::EditNotices) {
        return posted.desk.not_yours(|role| role.has(Duty::EditNotices));
    }
    let exception = NoticeException {
        legal_basis: posted.text("legal_basis").to_owned(),
        processing: posted.text("processing").trim().to_owned(),
        reason: posted.text("reason").trim().to_owned(),
        until: posted.day("until").unwrap_or(Day(0)),
    };
    let rest = blocks(&app, &posted.desk, |name| posted.text(name).to_owned()).await;
    let desk = posted.desk;
    let rest = match rest {
        Ok(rest) => rest,
        Err(fault) => return desk.fault(&fault),
    };
    let mut blocks = match app.service.check_exception(&exception) {
        Err(_) => vec![Block::Note(Tone::Bad, desk.say("exception.refused"))],
        Ok(()) => vec![
            Block::Facts(facts(&desk, &exception)),
            Block::Form(propose(&desk, &exception)),
        ],
    };
    blocks.extend(rest);
    let title = desk.say("staff.act.except_notice");
    desk.page(title, blocks)
}

fn propose(desk: &Desk, exception: &NoticeException) -> Form {
    Form {
        id: "sign-exception",
        legend: desk.say("exception.sign"),
        does: Does::Proposes {
            act: "except_notice",
            fixed: json!({ "exception": exception }).to_string(),
        },
        fields: Vec::new(),
        buttons: vec![("", desk.say("staff.propose"))],
        danger: true,
    }
}
