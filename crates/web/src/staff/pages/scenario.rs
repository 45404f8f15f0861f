//! R5: a scenario is written, previewed as the person will see it, and submitted for review.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::age::marker::Bracket;
use identity::disclosure::attribute::Attribute;
use identity::id::ScenarioId;
use identity::oversight::review::{ReviewError, ReviewRefused};
use identity::oversight::submission::Submitted;
use identity::platform::LocalText;
use identity::scenario::{ApprovedAttribute, Scenario};
use identity::verification::mode::Mode;

use crate::app::App;
use crate::page::console::{Block, Does, Field, Form, Input, Tone};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::posted::StaffForm;
use super::preview::preview;

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
        does: Does::posts("/platform/scenario"),
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
pub(super) fn faults(refused: &ReviewRefused) -> Vec<Block> {
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
