//! R1: the registration of a platform: alternatives and equal service declared, or there is none (R6.2, R7.3).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::oversight::review::ReviewError;
use identity::oversight::submission::{Registration, Submitted};
use identity::platform::LocalText;
use identity::staff::Field as Trade;

use crate::app::App;
use crate::page::console::{Block, Does, Field, Form, Input, Tone};

use super::desk::Desk;
use super::posted::StaffForm;
use super::scenario::faults;

/// R1: the registration as it is, to be changed and submitted.
pub(super) async fn registration(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let known = desk
        .staff
        .platform()
        .and_then(|id| app.service.platform(id));
    let field = desk
        .staff
        .platform()
        .map(|id| app.service.standing(id).field);
    let value = |name: &str| {
        let Some(known) = &known else {
            return String::new();
        };
        match name {
            "name" => known.name.chinese.clone(),
            "name_en" => known.name.english.clone(),
            "host" => known.host.clone(),
            "operator" => known.operator.clone(),
            "contact" => known.contact.clone(),
            "field" => field.map_or("general", Trade::as_str).to_owned(),
            "alternatives" => known.alternatives.chinese.clone(),
            "alternatives_en" => known.alternatives.english.clone(),
            "equal_service" => known.equal_service.chinese.clone(),
            "equal_service_en" => known.equal_service.english.clone(),
            "clients" => serde_json::to_string_pretty(&known.clients).unwrap_or_default(),
            _ => String::new(),
        }
    };
    let blocks = vec![
        Block::Text(desk.say("platform.registration_lead")),
        Block::Form(registration_form(&desk, value)),
    ];
    let title = desk.say("staff.registration");
    desk.page(title, blocks)
}

fn registration_form(desk: &Desk, value: impl Fn(&str) -> String) -> Form {
    let field =
        |name: &'static str, label: String, input| Field::new(name, label, input).with(value(name));
    let mut fields = Vec::new();
    for (name, name_en, key, long) in [
        ("name", "name_en", "staff.name", false),
        (
            "alternatives",
            "alternatives_en",
            "staff.alternatives",
            true,
        ),
        (
            "equal_service",
            "equal_service_en",
            "staff.equal_service",
            true,
        ),
    ] {
        let input = || if long { Input::Lines } else { Input::Line };
        fields.push(field(name, format!("{} · 中文", desk.say(key)), input()));
        fields.push(field(
            name_en,
            format!("{} · English", desk.say(key)),
            input(),
        ));
    }
    for (name, key) in [
        ("host", "staff.host"),
        ("operator", "staff.operator"),
        ("contact", "staff.contact"),
    ] {
        fields.push(field(name, desk.say(key), Input::Line));
    }
    let trades = Trade::ALL.into_iter().map(|trade| {
        let words = desk.say(&format!("staff.fields.{}", trade.as_str()));
        (trade.as_str().to_owned(), words)
    });
    fields.push(field(
        "field",
        desk.say("staff.field"),
        Input::Choice(trades.collect()),
    ));
    fields.push(field(
        "clients",
        desk.say("platform.clients_json"),
        Input::Json,
    ));
    Form {
        id: "registration",
        legend: desk.say("staff.registration"),
        does: Does::posts("/platform/registration"),
        fields,
        buttons: vec![("submit", desk.say("platform.submit"))],
        danger: false,
    }
}

/// `POST /platform/registration`.
pub(super) async fn register(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let submitted = registration_of(&posted).map(|it| Submitted::Registration(Box::new(it)));
    let mut blocks = match submitted {
        None => vec![Block::Note(
            Tone::Bad,
            posted.desk.say("platform.clients_unreadable"),
        )],
        Some(submitted) => match app.service.submit(&posted.desk.staff, submitted).await {
            Ok(_) => return Redirect::to("/platform").into_response(),
            Err(ReviewError::Fault(fault)) => return posted.desk.fault(&fault),
            Err(ReviewError::Refused(refused)) => faults(&refused),
        },
    };
    blocks.push(Block::Form(registration_form(&posted.desk, |name| {
        posted.text(name).to_owned()
    })));
    let title = posted.desk.say("staff.registration");
    posted.desk.page(title, blocks)
}

fn registration_of(posted: &StaffForm) -> Option<Registration> {
    let both = |chinese, english| LocalText::new(posted.text(chinese), posted.text(english));
    let text = |name| posted.text(name).to_owned();
    Some(Registration {
        name: both("name", "name_en"),
        host: text("host"),
        operator: text("operator"),
        contact: text("contact"),
        field: Trade::ALL
            .into_iter()
            .find(|trade| trade.as_str() == posted.text("field"))?,
        alternatives: both("alternatives", "alternatives_en"),
        equal_service: both("equal_service", "equal_service_en"),
        clients: serde_json::from_str(posted.text("clients")).ok()?,
    })
}
