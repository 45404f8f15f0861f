//! S10: one request: its document and its reach, the act of two persons, and what was given, taken once (R9.4).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use identity::complaint::officer::OfficerError;
use identity::legal_request::{
    LegalRequestId, LegalRequestRow, LegalRequestState, LegalScope, MayBeGiven,
};
use identity::oversight::{Act, ProposalState};
use identity::service::Fault;
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Form, Table, Tone};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::legal_requests::{reads, state, told};
use super::posted::StaffForm;
use super::proposal::{MOST, proposals};

/// `GET /operator/legal-requests/{request}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(request): Path<String>,
    desk: Desk,
) -> Response {
    let Some(id) = LegalRequestId::parse(&request) else {
        return desk.nothing();
    };
    match blocks(&app, &desk, &id).await {
        Ok(blocks) => desk.page(request, blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(identity::complaint::officer::OfficerRefused::NotThisRole)) => {
            desk.not_yours(|role| {
                reads(role) && (role.has(Duty::WorkOnCases) || role.has(Duty::ManageKeys))
            })
        }
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn blocks(app: &App, desk: &Desk, id: &LegalRequestId) -> Result<Vec<Block>, OfficerError> {
    let (row, scope) = app.service.legal_request(&desk.staff, id).await?;
    let mut blocks = vec![
        Block::Facts(facts(desk, &row, &scope)),
        Block::Table(standing(app, desk, &row)),
    ];
    let mut rows = app.service.proposals_for(&desk.staff, MOST).await?;
    rows.retain(|row| matches!(&row.act, Act::ProvideLegalRequest { request } if request == id));
    let now = app.service.now();
    let waits = rows.iter().any(|row| match row.state {
        ProposalState::Open => now <= row.expires_at,
        ProposalState::Confirmed => true,
        _ => false,
    });
    blocks.push(Block::Table(proposals(app, desk, &rows)));
    if desk.staff.may(Duty::WorkOnCases) {
        if row.state == LegalRequestState::Drafted && !waits {
            blocks.push(Block::Form(propose(desk, id)));
        }
        if scope.waits {
            blocks.push(Block::Form(take_form(desk, id)));
        } else if row.state == LegalRequestState::Provided {
            blocks.push(Block::Note(Tone::Plain, desk.say("legal.taken")));
        }
    }
    Ok(blocks)
}

fn facts(desk: &Desk, row: &LegalRequestRow, scope: &LegalScope) -> Vec<(String, String)> {
    let asks = scope
        .asks
        .iter()
        .map(|what| desk.say(&format!("legal.ask.{}", what.as_str())));
    let asks: Vec<String> = asks.collect();
    let by = if scope.by_document {
        "legal.by.document"
    } else {
        "legal.by.pairwise"
    };
    vec![
        (
            desk.say("legal.basis"),
            row.basis.title().text(desk.language()).to_owned(),
        ),
        (desk.say("legal.authority"), row.authority.clone()),
        (desk.say("legal.reference"), scope.reference.clone()),
        (desk.say("legal.subject"), desk.say(by)),
        (desk.say("legal.asks"), asks.join(" · ")),
        (
            desk.say("legal.deferred"),
            scope
                .defer_until
                .clone()
                .unwrap_or_else(|| desk.say("legal.at_once")),
        ),
    ]
}

fn standing(app: &App, desk: &Desk, row: &LegalRequestRow) -> Table {
    let settled = row.settled_on.map(|day| day.to_string());
    Table {
        caption: desk.say("legal.standing"),
        heads: desk.says([
            "staff.status",
            "legal.entered",
            "legal.settled_on",
            "legal.person_told",
        ]),
        rows: vec![vec![
            state(desk, row),
            Cell::text(format!("{} · {}", row.drafted_by, row.drafted_on)),
            Cell::text(settled.unwrap_or_else(|| "—".to_owned())),
            told(desk, row, app.service.now().day()),
        ]],
        empty: String::new(),
    }
}

fn propose(desk: &Desk, id: &LegalRequestId) -> Form {
    Form {
        id: "provide",
        legend: desk.say("legal.propose"),
        does: Does::Proposes {
            act: "provide_legal_request",
            fixed: json!({ "request": id }).to_string(),
        },
        fields: Vec::new(),
        buttons: vec![("", desk.say("staff.propose"))],
        danger: true,
    }
}

fn take_form(desk: &Desk, id: &LegalRequestId) -> Form {
    let path = format!("/operator/legal-requests/{id}");
    let legend = desk.say("legal.take");
    Form::posting("take", path, legend, desk.say("legal.take_now")).dangerous()
}

/// What the second person is asked to confirm: the document and its reach, never whom it is about.
pub(super) async fn proposed(
    app: &App,
    desk: &Desk,
    id: &LegalRequestId,
) -> Result<Vec<Block>, Fault> {
    let mut blocks = vec![Block::Facts(vec![(
        desk.say("legal.number"),
        id.to_string(),
    )])];
    match app.service.legal_request(&desk.staff, id).await {
        Ok((row, scope)) => blocks.push(Block::Facts(facts(desk, &row, &scope))),
        Err(OfficerError::Fault(fault)) => return Err(fault),
        // Who audits sees that it was asked, and not what.
        Err(OfficerError::Refused(_)) => {}
    }
    Ok(blocks)
}

/// A value as people read it: states and kinds have names.
fn in_words(desk: &Desk, what: MayBeGiven, value: String) -> String {
    let key = match what {
        MayBeGiven::State => format!("staff.credential.{value}"),
        MayBeGiven::DocumentKind => format!("document.{value}.title"),
        _ => return value,
    };
    let texts = desk.frame.locale().texts();
    texts.get(key.as_str()).cloned().unwrap_or(value)
}

/// `POST /operator/legal-requests/{request}`: what was given, shown once; the service keeps no copy.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(request): Path<String>,
    posted: StaffForm,
) -> Response {
    let desk = posted.desk;
    let Some(id) = LegalRequestId::parse(&request) else {
        return desk.nothing();
    };
    if !desk.staff.may(Duty::WorkOnCases) {
        return desk.not_yours(|role| role.has(Duty::WorkOnCases));
    }
    let problem = match app.service.take_provision(&desk.staff, &id).await {
        Ok(given) => {
            let facts = given.into_iter().map(|(what, value)| {
                let name = desk.say(&format!("legal.ask.{}", what.as_str()));
                (name, in_words(&desk, what, value))
            });
            let blocks = vec![
                Block::Note(Tone::Warn, desk.say("legal.once")),
                Block::Facts(facts.collect()),
            ];
            return desk.page(request, blocks);
        }
        Err(OfficerError::Fault(fault)) => return desk.fault(&fault),
        Err(refused) => ApiProblem::from(refused),
    };
    match blocks(&app, &desk, &id).await {
        Ok(blocks) => desk.refuses(&problem, request, blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}
