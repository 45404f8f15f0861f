//! S10 查询申请: the one form for an authority's request, and the requests there are. There is no search: whom it is about
//! is named by the authority, and nobody is looked up before two persons signed (Art. 9(2), R9.4).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::complaint::officer::OfficerError;
use identity::id::PlatformId;
use identity::legal_request::{
    LegalBasis, LegalRequestRow, LegalRequestState, MayBeGiven, NewLegalRequest, Subject,
};
use identity::person::apply::DocumentFields;
use identity::staff::{Duty, Field as Trade};

use crate::app::App;
use crate::page::console::{Block, Cell, Field, Form, Input, Table, Tone};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::person::document_kinds;
use super::posted::StaffForm;

/// Who of the operator reads requests: who enters them, who confirms them, who audits.
pub(super) const READERS: [Duty; 3] = [Duty::WorkOnCases, Duty::ManageKeys, Duty::ReadAudit];

/// What may be asked, with the name of its box.
const ASKS: [(MayBeGiven, &str); 6] = [
    (MayBeGiven::State, "ask_state"),
    (MayBeGiven::AppliedOn, "ask_applied_on"),
    (MayBeGiven::DocumentKind, "ask_document_kind"),
    (MayBeGiven::DocumentNumber, "ask_document_number"),
    (MayBeGiven::Name, "ask_name"),
    (MayBeGiven::BirthDate, "ask_birth_date"),
];

/// `GET /operator/legal-requests` and `/supervisor/legal-requests`.
pub(super) async fn list(State(app): State<Arc<App>>, desk: Desk) -> Response {
    match blocks(&app, &desk, "", |_| String::new()).await {
        Ok(blocks) => {
            let title = desk.say("legal.title");
            desk.page(title, blocks)
        }
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.not_yours(reads),
    }
}

/// 公安 and 网信 watch all fields; a request is of no field.
pub(super) fn reads(role: identity::staff::Role) -> bool {
    role.watches(Trade::General) || READERS.iter().any(|duty| role.has(*duty))
}

/// `by`: which of the two forms was typed, so that only that one is filled again.
async fn blocks(
    app: &App,
    desk: &Desk,
    by: &str,
    typed: impl Fn(&str) -> String,
) -> Result<Vec<Block>, OfficerError> {
    let mut rows = app.service.legal_requests(&desk.staff).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.drafted_on));
    let opens = desk.staff.may(Duty::WorkOnCases) || desk.staff.may(Duty::ManageKeys);
    let today = app.service.now().day();
    let rows = rows.iter().map(|row| {
        let number = if opens {
            Cell::link(
                &row.request,
                format!("/operator/legal-requests/{}", row.request),
            )
        } else {
            Cell::text(&row.request)
        };
        vec![
            number,
            Cell::text(row.basis.title().text(desk.language())),
            Cell::text(&row.authority),
            state(desk, row),
            Cell::text(format!("{} · {}", row.drafted_by, row.drafted_on)),
            told(desk, row, today),
        ]
    });
    let mut blocks = vec![
        Block::Text(desk.say("legal.lead")),
        Block::Table(Table {
            rows: rows.collect(),
            caption: desk.say("legal.all"),
            heads: desk.says([
                "legal.number",
                "legal.basis",
                "legal.authority",
                "staff.status",
                "legal.entered",
                "legal.person_told",
            ]),
            empty: desk.say("legal.none"),
        }),
    ];
    if desk.staff.may(Duty::WorkOnCases) {
        let document = |name: &str| {
            if by == "document" {
                typed(name)
            } else {
                String::new()
            }
        };
        let pairwise = |name: &str| {
            if by == "pairwise" {
                typed(name)
            } else {
                String::new()
            }
        };
        blocks.push(Block::Form(by_document(desk, document)));
        blocks.push(Block::Form(by_pairwise(app, desk, pairwise)));
    }
    Ok(blocks)
}

/// Where it stands.
pub(super) fn state(desk: &Desk, row: &LegalRequestRow) -> Cell {
    let tone = match row.state {
        LegalRequestState::Drafted => Tone::Warn,
        LegalRequestState::Provided => Tone::Ok,
        LegalRequestState::NothingHeld => Tone::Plain,
    };
    Cell::state(
        desk.say(&format!("legal.state.{}", row.state.as_str())),
        tone,
    )
}

/// Art. 11(4): who was to be told and was not stands out.
pub(super) fn told(desk: &Desk, row: &LegalRequestRow, today: identity::clock::Day) -> Cell {
    match (row.told_on, row.tell_on) {
        (Some(day), _) => Cell::state(day.to_string(), Tone::Ok),
        (None, Some(day)) if day < today => {
            let text = desk.frame.say_with("legal.told_late", "day", day);
            Cell::state(text, Tone::Bad)
        }
        (None, Some(day)) => {
            Cell::state(desk.frame.say_with("legal.told_on", "day", day), Tone::Warn)
        }
        (None, None) => Cell::text("—"),
    }
}

fn frame_of(desk: &Desk, typed: &impl Fn(&str) -> String) -> Vec<Field> {
    let laws = LegalBasis::ALL.into_iter().map(|basis| {
        let title = basis.title().text(desk.language()).to_owned();
        (basis.as_str().to_owned(), title)
    });
    let laws = Input::Choice(laws.collect());
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    vec![
        field("basis", "legal.basis", laws),
        field("authority", "legal.authority", Input::Line),
        field("reference", "legal.reference", Input::Line),
    ]
}

fn reach_of(desk: &Desk, typed: &impl Fn(&str) -> String) -> Vec<Field> {
    let ticks = ASKS.into_iter().map(|(what, name)| {
        let words = desk.say(&format!("legal.ask.{}", what.as_str()));
        (name, words, typed(name) == "yes")
    });
    let asks = Input::Ticks(ticks.collect());
    let until = desk.say("legal.defer_until");
    vec![
        Field::new("asks", desk.say("legal.asks"), asks),
        Field::new("defer_until", until, Input::Day)
            .with(typed("defer_until"))
            .optional(),
    ]
}

fn by_document(desk: &Desk, typed: impl Fn(&str) -> String) -> Form {
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    let mut fields = frame_of(desk, &typed);
    fields.extend([
        field("kind", "staff.document_kind", document_kinds(desk)),
        field("number", "staff.document_number", Input::Line),
        field("holder", "staff.document_holder", Input::Line),
        field("birth_date", "staff.document_birth", Input::Day),
        field("valid_until", "staff.document_until", Input::Day).optional(),
    ]);
    fields.extend(reach_of(desk, &typed));
    form(desk, "document", fields)
}

fn by_pairwise(app: &App, desk: &Desk, typed: impl Fn(&str) -> String) -> Form {
    let platforms = app.service.platforms();
    let platforms = platforms.iter().map(|platform| {
        let name = platform.name.text(desk.language()).to_owned();
        (platform.id.to_string(), name)
    });
    let platforms = Input::Choice(platforms.collect());
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    let mut fields = frame_of(desk, &typed);
    fields.extend([
        field("platform", "staff.platform", platforms),
        field("sub", "legal.sub", Input::Line),
    ]);
    fields.extend(reach_of(desk, &typed));
    form(desk, "pairwise", fields)
}

fn form(desk: &Desk, by: &'static str, fields: Vec<Field>) -> Form {
    let legend = desk.say(&format!("legal.by.{by}"));
    let mut form = Form::posting(by, "/operator/legal-requests", legend, "").with(fields);
    form.buttons = vec![(by, desk.say("legal.enter"))];
    form
}

/// `POST /operator/legal-requests`: entered; nobody is looked up yet.
pub(super) async fn enter(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    if !posted.desk.staff.may(Duty::WorkOnCases) {
        return posted.desk.not_yours(|role| role.has(Duty::WorkOnCases));
    }
    let drafted = match new_of(&posted) {
        Some(new) => {
            app.service
                .draft_legal_request(&posted.desk.staff, &new)
                .await
        }
        None => Err(identity::complaint::officer::OfficerRefused::NoReasons.into()),
    };
    let problem = match drafted {
        Ok(request) => {
            let address = format!("/operator/legal-requests/{request}");
            return Redirect::to(&address).into_response();
        }
        Err(OfficerError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(refused) => ApiProblem::from(refused),
    };
    let by = posted.text("choice");
    let again = blocks(&app, &posted.desk, by, |name| posted.text(name).to_owned()).await;
    match again {
        Ok(blocks) => {
            let title = posted.desk.say("legal.title");
            posted.desk.refuses(&problem, title, blocks)
        }
        Err(OfficerError::Fault(fault)) => posted.desk.fault(&fault),
        Err(OfficerError::Refused(_)) => posted.desk.nothing(),
    }
}

fn new_of(posted: &StaffForm) -> Option<NewLegalRequest> {
    let text = |name| posted.text(name).trim().to_owned();
    let subject = match posted.text("choice") {
        "document" => Subject::Document(DocumentFields {
            kind: text("kind"),
            number: text("number"),
            holder: text("holder"),
            birth_date: text("birth_date"),
            valid_until: Some(text("valid_until")),
        }),
        "pairwise" => Subject::Pairwise {
            platform: PlatformId::parse(posted.text("platform"))?,
            sub: Some(text("sub")).filter(|sub| !sub.is_empty())?,
        },
        _ => return None,
    };
    let asks = ASKS.into_iter().filter(|(_, name)| posted.ticked(name));
    Some(NewLegalRequest {
        basis: LegalBasis::from_name(posted.text("basis"))?,
        authority: text("authority"),
        reference: text("reference"),
        subject,
        asks: asks.map(|(what, _)| what).collect(),
        defer_until: Some(text("defer_until")).filter(|day| !day.is_empty()),
    })
}
