//! A platform's own console: R1 onboarding, R3 apps, R5 scenarios with a preview of P13, R8 counts, R9 what is due.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::age::marker::Bracket;
use identity::disclosure::attribute::Attribute;
use identity::id::{PlatformId, ScenarioId};
use identity::oversight::review::{ReviewError, ReviewRefused};
use identity::oversight::submission::{Registration, Submitted};
use identity::platform::{Client, LocalText};
use identity::scenario::{ApprovedAttribute, Scenario};
use identity::staff::Field as Trade;
use identity::verification::mode::Mode;

use crate::app::App;
use crate::page::Frame;
use crate::page::Template;
use crate::page::approval::{AttributeText, PlatformText, ScenarioText};
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Rendered, Table, Tone};
use crate::problem::ApiProblem;

use super::desk::{Desk, StaffForm};
use super::{operator, words};

/// R1, R3, R5, R8, R9 on one page: short, because everything on it is this platform's own.
pub(super) async fn home(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let submissions = match app.service.submissions(&desk.staff).await {
        Ok(rows) => rows,
        Err(ReviewError::Fault(fault)) => return desk.fault(&fault),
        Err(ReviewError::Refused(_)) => return desk.nothing(),
    };
    let own = desk.staff.platform().cloned();
    let platform = own.as_ref().and_then(|id| app.service.platform(id));
    let mut blocks = Vec::new();
    match (&platform, &own) {
        (Some(platform), Some(id)) => {
            if let Some(suspension) = app.service.standing(id).suspended {
                let reason = suspension.reason.as_str();
                let reason = desk.say(&format!("staff.suspension.{reason}"));
                let text = format!(
                    "{} · {reason} · {}",
                    desk.say("staff.suspended"),
                    suspension.explanation
                );
                blocks.push(Block::Note(Tone::Bad, text));
            }
            blocks.push(operator::platform_facts(&app, &desk, platform));
            blocks.push(Block::Table(apps(&desk, &platform.clients)));
            blocks.push(Block::Table(operator::scenario_table(&desk, platform)));
            blocks.push(Block::Table(counts(&app, &desk, id)));
        }
        _ => blocks.push(Block::Note(Tone::Warn, desk.say("platform.not_registered"))),
    }
    let rows = submissions.iter().map(|row| {
        vec![
            Cell::text(row.subject()),
            words::submission(&desk.frame, row.state),
            Cell::text(&row.reasons),
            Cell::text(words::moment(row.at)),
        ]
    });
    blocks.push(Block::Table(Table {
        rows: rows.collect(),
        caption: desk.say("staff.submissions"),
        heads: ["staff.subject", "staff.status", "staff.reasons", "staff.at"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    }));
    let title = desk.say("staff.own_platform");
    desk.page(title, blocks)
}

fn apps(desk: &Desk, clients: &[Client]) -> Table {
    let rows = clients.iter().map(|client| {
        let uris: Vec<&str> = client.redirect_uris.iter().map(String::as_str).collect();
        let keys = client.keys.keys.iter().filter_map(|key| key.kid.clone());
        let keys: Vec<String> = keys.collect();
        vec![
            Cell::text(&client.id),
            Cell::text(uris.join(" ")),
            Cell::text(keys.join(" ")),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("staff.apps"),
        heads: [
            "platform.client_id",
            "platform.redirect_uris",
            "platform.keys",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    }
}

/// R8: what passed and what was asked, day by day; small numbers hidden. A refusal is in no number (R8.1).
fn counts(app: &App, desk: &Desk, id: &PlatformId) -> Table {
    let rows = app.service.platform_counts(id).into_iter().map(|count| {
        vec![
            Cell::text(count.day),
            Cell::text(count.requested),
            Cell::text(count.passed),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("platform.counts"),
        heads: ["platform.day", "platform.requested", "platform.passed"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    }
}

/// P13 as the person will see it, from what was typed: no second wording of it exists.
#[derive(Debug, Template)]
#[template(path = "staff/preview.html")]
struct Preview {
    frame: Frame,
    platform: PlatformText,
    scenario: ScenarioText,
    attributes: Vec<AttributeText>,
    discloses: Vec<String>,
    other_screen: Option<String>,
    message: Option<String>,
}

impl Preview {
    fn withheld(&self) -> Vec<String> {
        crate::page::approval::withheld(&self.attributes)
    }
}

/// The preview of a scenario of a registered platform.
pub(super) fn preview(
    app: &App,
    desk: &Desk,
    platform: &PlatformId,
    scenario: &Scenario,
) -> Option<Rendered> {
    let platform = app.service.platform(platform)?;
    let language = desk.language();
    let text = |text: &LocalText| text.text(language).to_owned();
    let attributes = scenario.attributes.iter().map(|attribute| AttributeText {
        name: attribute.name.to_string(),
        value: None,
        title: desk.say(&format!("attribute.{}", attribute.name)),
        basis: text(&attribute.legal_basis),
    });
    let preview = Preview {
        frame: desk.frame.clone(),
        platform: PlatformText {
            client: String::new(),
            name: text(&platform.name),
            host: platform.host.clone(),
            verified: true,
            operator: platform.operator.clone(),
            contact: platform.contact.clone(),
        },
        scenario: ScenarioText {
            title: text(&scenario.title),
            purpose: text(&scenario.purpose),
            legal_basis: text(&scenario.legal_basis),
            legal_text: None,
            retention: text(&scenario.retention),
            alternative: text(&platform.alternatives),
        },
        attributes: attributes.collect(),
        discloses: vec![desk.say("platform.result")],
        other_screen: None,
        message: None,
    };
    Rendered::of(&preview).ok()
}

/// R5: the form, empty.
pub(super) async fn scenario(desk: Desk) -> Response {
    let blocks = vec![
        Block::Text(desk.say("platform.scenario_lead")),
        Block::Form(scenario_form(&desk, |_| String::new())),
    ];
    let title = desk.say("staff.scenario");
    desk.page(title, blocks)
}

/// A text in both languages takes two fields.
const TEXTS: [(&str, &str, &str); 4] = [
    ("title", "title_en", "staff.scenario_name"),
    ("purpose", "purpose_en", "staff.purpose"),
    ("legal_basis", "legal_basis_en", "staff.legal_basis"),
    ("retention", "retention_en", "staff.retention"),
];

fn scenario_form(desk: &Desk, value: impl Fn(&str) -> String) -> Form {
    let line =
        |name: &'static str, label: String| Field::new(name, label, Input::Line).with(value(name));
    let mut fields = vec![line("id", desk.say("platform.scenario_id"))];
    for (chinese, english, key) in TEXTS {
        fields.push(line(chinese, format!("{} · 中文", desk.say(key))));
        fields.push(line(english, format!("{} · English", desk.say(key))));
    }
    let modes = Mode::ALL.into_iter().map(|mode| {
        let acr = mode.acr().to_owned();
        (
            acr.clone(),
            acr.rsplit(':').next().unwrap_or_default().to_owned(),
        )
    });
    fields.push(
        Field::new(
            "mode",
            desk.say("platform.mode"),
            Input::Choice(modes.collect()),
        )
        .with(value("mode")),
    );
    fields.push(Field {
        optional: true,
        ..Field::new("attributes", desk.say("platform.attributes"), Input::Lines)
            .with(value("attributes"))
    });
    Form {
        id: "scenario",
        legend: desk.say("staff.scenario"),
        does: Does::Posts("/platform/scenario"),
        fields,
        buttons: vec![
            ("preview", desk.say("platform.see_preview")),
            ("submit", desk.say("platform.submit")),
        ],
        danger: false,
    }
}

/// `POST /platform/scenario`: shows the preview, or submits for review.
pub(super) async fn submit(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let Some(scenario) = scenario_of(&posted) else {
        return ApiProblem::malformed().into_response();
    };
    let own = posted.desk.staff.platform().cloned();
    let mut blocks = Vec::new();
    if posted.text("choice") == "submit" {
        let submitted = Submitted::Scenario(Box::new(scenario.clone()));
        match app.service.submit(&posted.desk.staff, submitted).await {
            Ok(_) => return Redirect::to("/platform").into_response(),
            Err(ReviewError::Fault(fault)) => return posted.desk.fault(&fault),
            Err(ReviewError::Refused(refused)) => blocks.extend(faults(&refused)),
        }
    }
    let preview = own.and_then(|own| preview(&app, &posted.desk, &own, &scenario));
    blocks.extend(preview.map(Block::Part));
    blocks.push(Block::Form(scenario_form(&posted.desk, |name| {
        posted.text(name).to_owned()
    })));
    let title = posted.desk.say("staff.scenario");
    posted.desk.page(title, blocks)
}

/// What a submission breaks, item by item with the rule: over-asking is explained, not just refused.
fn faults(refused: &ReviewRefused) -> Vec<Block> {
    match refused {
        ReviewRefused::Faults(faults) => faults
            .iter()
            .map(|fault| Block::Note(Tone::Bad, fault.to_string()))
            .collect(),
        other => vec![Block::Note(Tone::Bad, other.to_string())],
    }
}

/// One attribute on a line: `name | 法律 | law`, and the bracket of an age marker behind it.
fn scenario_of(posted: &StaffForm) -> Option<Scenario> {
    let both = |chinese, english| LocalText::new(posted.text(chinese), posted.text(english));
    let lines = posted.text("attributes").lines().map(str::trim);
    let attributes = lines.filter(|line| !line.is_empty()).map(|line| {
        let mut parts = line.split('|').map(str::trim);
        let name = Attribute::from_name(parts.next()?)?;
        let law = LocalText::new(parts.next()?, parts.next()?);
        Some(ApprovedAttribute {
            name,
            legal_basis: law,
            bracket: parts
                .next()
                .filter(|name| !name.is_empty())
                .map(Bracket::new),
        })
    });
    let attributes: Option<Vec<ApprovedAttribute>> = attributes.collect();
    Some(Scenario {
        id: ScenarioId::parse(posted.text("id"))?,
        title: both("title", "title_en"),
        purpose: both("purpose", "purpose_en"),
        legal_basis: both("legal_basis", "legal_basis_en"),
        retention: both("retention", "retention_en"),
        mode: Mode::from_acr(posted.text("mode"))?,
        attributes: attributes?,
        default: false,
    })
}

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
        does: Does::Posts("/platform/registration"),
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
