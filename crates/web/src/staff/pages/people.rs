//! O11: people and their roles, and every act of two persons there was.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::staff::{Duty, Role, StaffState};

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table, Tone};

use super::desk::Desk;
use super::proposal::{MOST, proposals};

/// O11: people, and every proposal there was.
pub(super) async fn people(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let duties = [Duty::OperateMachines, Duty::ManageKeys, Duty::ReadAudit];
    if !duties.into_iter().any(|duty| desk.staff.may(duty)) {
        return desk.not_yours(|role| duties.iter().any(|duty| role.has(*duty)));
    }
    let (staff, rows) = match (
        app.service.all_staff().await,
        app.service.proposals_for(&desk.staff, MOST).await,
    ) {
        (Ok(staff), Ok(rows)) => (staff, rows),
        (Err(fault), _) | (_, Err(fault)) => return desk.fault(&fault),
    };
    let rows_of_staff = staff.iter().map(|row| {
        let state = if row.state == StaffState::Active {
            Cell::state(desk.say("staff.in_order"), Tone::Ok)
        } else {
            Cell::state(desk.say("staff.closed"), Tone::Plain)
        };
        vec![
            Cell::text(&row.name),
            Cell::text(&row.login),
            Cell::text(desk.say(&format!("staff.role.{}", row.role.as_str()))),
            state,
        ]
    });
    let mut blocks = vec![Block::Table(Table {
        rows: rows_of_staff.collect(),
        caption: desk.say("staff.people"),
        heads: [
            "staff.name",
            "staff.login",
            "staff.role_head",
            "staff.status",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    })];
    if desk.staff.may(Duty::OperateMachines) {
        blocks.push(Block::Form(open_form(&desk)));
        blocks.push(Block::Form(close_form(&desk)));
    }
    blocks.push(Block::Table(proposals(&app, &desk, &rows)));
    let title = desk.say("staff.people");
    desk.page(title, blocks)
}

fn open_form(desk: &Desk) -> Form {
    let roles = Role::ALL.into_iter().map(|role| {
        let words = desk.say(&format!("staff.role.{}", role.as_str()));
        (role.as_str().to_owned(), words)
    });
    let line = |name, key: &str| Field::new(name, desk.say(key), Input::Line);
    Form {
        id: "open",
        legend: desk.say("staff.act.open_account"),
        does: Does::Proposes {
            act: "open_account",
            fixed: "{}".to_owned(),
        },
        fields: vec![
            line("login", "staff.login"),
            line("name", "staff.name"),
            Field::new(
                "role",
                desk.say("staff.role_head"),
                Input::Choice(roles.collect()),
            ),
            Field {
                optional: true,
                ..line("platform", "staff.member_of")
            },
            Field::new("key", desk.say("staff.public_key"), Input::Json),
        ],
        buttons: vec![("", desk.say("staff.propose"))],
        danger: false,
    }
}

fn close_form(desk: &Desk) -> Form {
    Form {
        id: "close",
        legend: desk.say("staff.act.close_account"),
        does: Does::Proposes {
            act: "close_account",
            fixed: "{}".to_owned(),
        },
        fields: vec![Field::new("login", desk.say("staff.login"), Input::Line)],
        buttons: vec![("", desk.say("staff.propose"))],
        danger: true,
    }
}
