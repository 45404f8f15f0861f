//! O2, O3: all platforms, and one of them with the effect of a suspension before anybody proposes it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use identity::id::PlatformId;
use identity::oversight::standing::SuspensionReason;
use identity::platform::Platform;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table, Tone};

use super::desk::Desk;
use super::register::{platform_facts, scenario_table, standing_cell};
use super::words;

/// O2, O3: all platforms.
pub(super) async fn platforms(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let rows = app.service.platforms();
    let rows = rows.iter().map(|platform| {
        let standing = app.service.standing(&platform.id);
        vec![
            Cell::link(
                platform.name.text(desk.language()),
                format!("/operator/platforms/{}", platform.id),
            ),
            Cell::text(&platform.operator),
            Cell::text(platform.scenarios.len()),
            standing_cell(&desk, standing.suspended.is_some()),
        ]
    });
    let table = Table {
        rows: rows.collect(),
        caption: desk.say("staff.platforms"),
        heads: [
            "staff.platform",
            "staff.operator",
            "staff.scenarios",
            "staff.status",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    };
    let title = desk.say("staff.platforms");
    desk.page(title, vec![Block::Table(table)])
}

/// O3: one platform, with the effect of a suspension before anybody proposes it.
pub(super) async fn platform(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    let found = PlatformId::parse(&id).and_then(|id| app.service.platform(&id));
    let Some(platform) = found else {
        return desk.nothing();
    };
    let standing = app.service.standing(&platform.id);
    let mut blocks = Vec::new();
    if let Some(suspension) = &standing.suspended {
        let reason = desk.say(&format!("staff.suspension.{}", suspension.reason.as_str()));
        let text = format!(
            "{} · {reason} · {} · {}",
            desk.say("staff.suspended"),
            words::moment(suspension.since),
            suspension.explanation
        );
        blocks.push(Block::Note(Tone::Bad, text));
    }
    blocks.push(platform_facts(&app, &desk, &platform));
    blocks.push(Block::Table(scenario_table(&desk, &platform)));
    let name = if standing.suspended.is_some() {
        "lift_platform"
    } else {
        "suspend_platform"
    };
    let may = identity::oversight::ActName::ALL
        .into_iter()
        .find(|act| act.as_str() == name)
        .is_some_and(|act| act.proposers().contains(&desk.staff.role()));
    if may {
        if standing.suspended.is_none() {
            blocks.push(Block::Heading(desk.say("staff.effect")));
            blocks.push(Block::Facts(effect(&app, &desk, &platform)));
        }
        blocks.push(Block::Form(standing_form(&desk, &platform, name)));
    }
    let title = platform.name.text(desk.language()).to_owned();
    desk.page(title, blocks)
}

/// What a suspension would do, before it is proposed.
fn effect(app: &App, desk: &Desk, platform: &Platform) -> Vec<(String, String)> {
    let counts = app.service.platform_counts(&platform.id);
    let today = counts
        .iter()
        .find(|count| count.day == app.service.now().day())
        .map_or_else(|| "<10".to_owned(), |count| count.requested.to_string());
    let facts = [
        (
            "staff.effect_scenarios",
            platform.scenarios.len().to_string(),
        ),
        ("staff.effect_apps", platform.clients.len().to_string()),
        ("staff.effect_today", today),
        ("staff.effect_sees", desk.say("staff.effect_sees_text")),
        ("staff.effect_nobody", desk.say("staff.effect_nobody_text")),
    ];
    facts.map(|(key, value)| (desk.say(key), value)).to_vec()
}

fn standing_form(desk: &Desk, platform: &Platform, act: &'static str) -> Form {
    let mut fields = Vec::new();
    if act == "suspend_platform" {
        let reasons = SuspensionReason::ALL.into_iter().map(|reason| {
            let words = desk.say(&format!("staff.suspension.{}", reason.as_str()));
            (reason.as_str().to_owned(), words)
        });
        let reasons = Input::Choice(reasons.collect());
        fields.push(Field::new("reason", desk.say("staff.reason"), reasons));
    }
    let explanation = desk.say("staff.explanation");
    fields.push(Field::new("explanation", explanation, Input::Lines));
    Form {
        id: "standing",
        legend: desk.say(&format!("staff.act.{act}")),
        does: Does::Proposes {
            act,
            fixed: serde_json::json!({ "platform": platform.id }).to_string(),
        },
        fields,
        buttons: vec![("", desk.say("staff.propose"))],
        danger: act == "suspend_platform",
    }
}
