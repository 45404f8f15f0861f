//! 受理点: a document is held to the reader of the counter, for somebody who shows a code (C8).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::person::apply::DocumentFields;
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Does, Field, Form, Input, Tone};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::person::document_kinds;
use super::posted::StaffForm;

/// `/operator/counter`.
pub(super) async fn page(desk: Desk) -> Response {
    if !desk.staff.may(Duty::ReviewApplications) {
        return desk.not_yours(|role| role.has(Duty::ReviewApplications));
    }
    let form = form(&desk);
    let lead = Block::Text(desk.say("staff.counter_lead"));
    shown(desk, vec![lead, Block::Form(form)])
}

fn shown(desk: Desk, blocks: Vec<Block>) -> Response {
    let title = desk.say("staff.counter");
    desk.page(title, blocks)
}

fn form(desk: &Desk) -> Form {
    let line = |name, key: &str| Field::new(name, desk.say(key), Input::Line);
    Form {
        id: "counter",
        legend: desk.say("staff.counter_read"),
        does: Does::posts("/operator/counter"),
        fields: vec![
            line("code", "staff.counter_code"),
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
        ],
        buttons: vec![("", desk.say("staff.counter_read"))],
        danger: false,
    }
}

/// `POST /operator/counter`: what the reader says; the person at the window goes on with their own device.
pub(super) async fn read(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let text = |name: &str| posted.text(name).to_owned();
    let document = DocumentFields {
        kind: text("kind"),
        number: text("number"),
        holder: text("holder"),
        birth_date: text("birth_date"),
        valid_until: Some(text("valid_until")),
    };
    let code = text("code");
    let desk = posted.desk;
    let read = app
        .service
        .read_at_counter(&desk.staff, &code, &document)
        .await;
    let said = match read {
        Ok(name) => {
            let words = desk.frame.say_with("staff.counter_done", "name", &name);
            Block::Note(Tone::Ok, words)
        }
        Err(error) => desk.why(&ApiProblem::from(error)),
    };
    let form = form(&desk);
    shown(desk, vec![said, Block::Form(form)])
}
