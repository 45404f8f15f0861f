//! O4: a person, by the whole document or by handle; every look is in the log before anything is shown (P-minors).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::document::DocumentKind;
use identity::id::ProposalId;
use identity::oversight::credential::ListedReason;
use identity::oversight::subject::{LookError, Subject};
use identity::person::apply::DocumentFields;
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Does, Field, Form, Input, Tone};

use super::desk::Desk;
use super::posted::StaffForm;

fn may(desk: &Desk) -> bool {
    desk.staff.may(Duty::ReviewApplications) || desk.staff.may(Duty::WorkOnCases)
}

/// The page, with nobody on it.
pub(super) async fn page(desk: Desk) -> Response {
    if !may(&desk) {
        return desk
            .not_yours(|role| role.has(Duty::ReviewApplications) || role.has(Duty::WorkOnCases));
    }
    let blocks = vec![
        Block::Text(desk.say("staff.persons_lead")),
        Block::Form(find_form(&desk)),
        Block::Form(look_form(&desk, "")),
    ];
    let title = desk.say("staff.persons");
    desk.page(title, blocks)
}

/// The kinds of documents, by their names in the law (Art. 15).
pub(super) fn document_kinds(desk: &Desk) -> Input {
    let kinds = DocumentKind::ALL.into_iter().map(|kind| {
        let words = desk.say(&format!("document.{}.title", kind.as_str()));
        (kind.as_str().to_owned(), words)
    });
    Input::Choice(kinds.collect())
}

fn find_form(desk: &Desk) -> Form {
    let line = |name, key: &str| Field::new(name, desk.say(key), Input::Line);
    Form {
        id: "find",
        legend: desk.say("staff.find"),
        does: Does::posts("/operator/persons"),
        fields: vec![
            Field::new(
                "kind",
                desk.say("staff.document_kind"),
                document_kinds(desk),
            ),
            line("number", "staff.document_number"),
            line("holder", "staff.document_holder"),
            line("birth_date", "staff.document_birth"),
            Field {
                optional: true,
                ..line("valid_until", "staff.document_until")
            },
            line("purpose", "staff.look_purpose"),
        ],
        buttons: vec![("", desk.say("staff.find"))],
        danger: false,
    }
}

fn look_form(desk: &Desk, person: &str) -> Form {
    let line = |name, key: &str| Field::new(name, desk.say(key), Input::Line);
    Form {
        id: "look",
        legend: desk.say("staff.look"),
        does: Does::posts("/operator/look"),
        fields: vec![
            line("person", "staff.handle").with(person),
            line("purpose", "staff.look_purpose"),
            Field {
                optional: true,
                ..line("ticket", "staff.ticket")
            },
        ],
        buttons: vec![("", desk.say("staff.look"))],
        danger: false,
    }
}

/// `POST /operator/persons`: the handle of a person by the whole document.
pub(super) async fn find(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let document = DocumentFields {
        kind: posted.text("kind").to_owned(),
        number: posted.text("number").to_owned(),
        holder: posted.text("holder").to_owned(),
        birth_date: posted.text("birth_date").to_owned(),
        valid_until: Some(posted.text("valid_until").to_owned()),
    };
    let purpose = posted.text("purpose").to_owned();
    let desk = posted.desk;
    let found = app
        .service
        .find_subject(&desk.staff, &document, &purpose)
        .await;
    let blocks = match found {
        Ok(subject) => with_handle(&desk, subject.as_str()),
        Err(LookError::Fault(fault)) => return desk.fault(&fault),
        Err(LookError::Refused(refused)) => vec![
            Block::Note(Tone::Bad, refused.to_string()),
            Block::Form(find_form(&desk)),
        ],
    };
    let title = desk.say("staff.persons");
    desk.page(title, blocks)
}

/// What may be proposed about a person.
fn with_handle(desk: &Desk, person: &str) -> Vec<Block> {
    let fixed = json!({ "person": person }).to_string();
    let reasons = || {
        let reasons = ListedReason::ALL.into_iter().map(|reason| {
            let words = desk.say(&format!("staff.listed.{}", reason.as_str()));
            (reason.as_str().to_owned(), words)
        });
        Field::new(
            "reason",
            desk.say("staff.reason"),
            Input::Choice(reasons.collect()),
        )
    };
    let order = || Field::new("order", desk.say("staff.order"), Input::Line);
    let form = |id, act: &'static str, fields, danger| {
        Block::Form(Form {
            id,
            legend: desk.say(&format!("staff.act.{act}")),
            does: Does::Proposes {
                act,
                fixed: fixed.clone(),
            },
            fields,
            buttons: vec![("", desk.say("staff.propose"))],
            danger,
        })
    };
    let ticket = vec![
        Field::new("purpose", desk.say("staff.look_purpose"), Input::Line),
        Field::new("hours", desk.say("staff.hours"), Input::Number).with("4"),
    ];
    vec![
        Block::Facts(vec![(desk.say("staff.handle"), person.to_owned())]),
        Block::Form(look_form(desk, person)),
        Block::Note(Tone::Warn, desk.say("staff.c3")),
        form(
            "suspend",
            "suspend_wangzheng",
            vec![reasons(), order()],
            true,
        ),
        form("revoke", "revoke_wangzheng", vec![reasons(), order()], true),
        form("reinstate", "reinstate_wangzheng", vec![order()], false),
        form("ask-ticket", "read_minor", ticket, false),
    ]
}

/// `POST /operator/look`: one look.
pub(super) async fn look(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let person = posted.text("person").to_owned();
    let ticket = ProposalId::parse(posted.text("ticket"));
    let purpose = posted.text("purpose").to_owned();
    let desk = posted.desk;
    let Ok(subject) = serde_json::from_value::<Subject>(json!(person)) else {
        return desk.nothing();
    };
    let look = app
        .service
        .look(&desk.staff, &subject, ticket.as_ref(), &purpose)
        .await;
    let blocks = match look {
        Ok(look) => vec![
            Block::Facts(vec![
                (desk.say("staff.handle"), person),
                (desk.say("staff.document_holder"), look.name),
                (
                    desk.say("staff.document_kind"),
                    look.document_kind.to_owned(),
                ),
                (desk.say("staff.status"), look.state.as_str().to_owned()),
                (desk.say("staff.minor"), look.minor.to_string()),
            ]),
            Block::Note(Tone::Plain, desk.say("staff.looked")),
        ],
        Err(LookError::Fault(fault)) => return desk.fault(&fault),
        Err(LookError::Refused(refused)) => {
            let mut blocks = vec![Block::Note(Tone::Bad, refused.to_string())];
            blocks.extend(with_handle(&desk, &person));
            blocks
        }
    };
    let title = desk.say("staff.persons");
    desk.page(title, blocks)
}
