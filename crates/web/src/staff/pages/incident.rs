//! O5, S5: one incident: level from the effect, clocks, plan, how far telling is, what a person reads (R12.3).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use identity::id::IncidentId;
use identity::incident::{ClockState, Incident, IncidentError, IncidentKind, Scope};
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;
use super::incidents::{level_cell, readable, real_cell, state_cell, whose};
use super::{incident_notice, incident_step, words};

/// `GET /operator/incidents/{id}` and `/supervisor/incidents/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    if !readable(&desk) {
        return desk.not_yours(whose);
    }
    match find(&app, &id).await {
        Ok(incident) => {
            let blocks = blocks(&app, &desk, &incident);
            let title = title(&desk, &incident);
            desk.page(title, blocks)
        }
        Err(IncidentError::Fault(fault)) => desk.fault(&fault),
        Err(IncidentError::Refused(_)) => desk.nothing(),
    }
}

/// The record of a number.
pub(super) async fn find(app: &App, id: &str) -> Result<Incident, IncidentError> {
    let unknown = identity::incident::IncidentRefused::Unknown;
    let id = IncidentId::parse(id).ok_or(unknown)?;
    app.service.incident(&id).await
}

/// A drill says so in its heading.
pub(super) fn title(desk: &Desk, incident: &Incident) -> String {
    let title = incident.title.text(desk.language());
    if incident.drill {
        desk.frame.say_with("incident.drill_title", "title", title)
    } else {
        title.to_owned()
    }
}

/// Everything recorded, then what can be done next.
pub(super) fn blocks(app: &App, desk: &Desk, incident: &Incident) -> Vec<Block> {
    let mut blocks = Vec::new();
    if incident.drill {
        // R12.3: nobody takes a drill for an incident.
        blocks.push(Block::Note(Tone::Warn, desk.say("incident.drill_note")));
    }
    if incident.is_overdue(&app.service.policy.incident, app.service.now()) {
        blocks.push(Block::Note(Tone::Bad, desk.say("incident.overdue_note")));
    }
    blocks.push(Block::Table(standing(desk, incident)));
    blocks.push(Block::Facts(facts(desk, incident)));
    blocks.push(Block::Table(clocks(app, desk, incident)));
    blocks.push(Block::Table(levels(app, desk, incident)));
    blocks.push(Block::Table(plan(desk, incident)));
    blocks.extend(incident_notice::telling(desk, incident));
    if let Some(summary) = &incident.summary {
        blocks.push(Block::Heading(desk.say("incident.summary")));
        blocks.push(Block::Text(summary.text(desk.language()).to_owned()));
    }
    blocks.push(Block::Table(timeline(desk, incident)));
    blocks.push(Block::Download {
        href: format!("{}/incidents/{}/report", desk.home(), incident.id),
        text: desk.say("incident.report"),
    });
    if desk.staff.may(Duty::LeadIncidents) {
        blocks.extend(incident_step::forms(desk, incident));
    }
    blocks
}

fn standing(desk: &Desk, incident: &Incident) -> Table {
    Table {
        caption: desk.say("incident.standing"),
        heads: desk.says(["incident.level_head", "incident.real_head", "staff.status"]),
        rows: vec![vec![
            level_cell(desk, incident.level),
            real_cell(desk, incident),
            state_cell(desk, incident),
        ]],
        empty: String::new(),
    }
}

fn facts(desk: &Desk, incident: &Incident) -> Vec<(String, String)> {
    let kind = match incident.kind {
        IncidentKind::Network => "incident.kind.network",
        IncidentKind::Data => "incident.kind.data",
    };
    let scope = match &incident.scope {
        Scope::Service => desk.say("incident.scope.service"),
        Scope::Buckets { buckets } => {
            let numbers: Vec<String> = buckets.iter().map(ToString::to_string).collect();
            format!(
                "{} · {}",
                desk.say("incident.scope.buckets"),
                numbers.join(" ")
            )
        }
        Scope::Platform { platform } => {
            format!("{} · {platform}", desk.say("incident.scope.platform"))
        }
    };
    vec![
        (desk.say("incident.number"), incident.id.to_string()),
        (desk.say("incident.kind_head"), desk.say(kind)),
        (desk.say("incident.scope_head"), scope),
        (
            desk.say("incident.opened"),
            format!(
                "{} · {}",
                words::moment(incident.opened_at),
                incident.opened_by
            ),
        ),
    ]
}

fn clocks(app: &App, desk: &Desk, incident: &Incident) -> Table {
    let clocks = incident.clocks(&app.service.policy.incident, app.service.now());
    let rows = clocks.iter().map(|clock| {
        let (key, tone) = match clock.state {
            ClockState::Running => ("running", Tone::Warn),
            ClockState::Overdue => ("overdue", Tone::Bad),
            ClockState::Done => ("done", Tone::Ok),
            ClockState::Late => ("late", Tone::Bad),
        };
        vec![
            Cell::text(desk.say(&format!("incident.clock.{}", clock.name.as_str()))),
            Cell::text(words::moment(clock.due_at)),
            Cell::text(clock.done_at.map(words::moment).unwrap_or_default()),
            Cell::state(desk.say(&format!("incident.clock_state.{key}")), tone),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("incident.clocks"),
        heads: desk.says([
            "incident.duty",
            "incident.due",
            "incident.done_at",
            "staff.status",
        ]),
        empty: desk.say("incident.no_clocks"),
    }
}

/// How the level follows from the effect: nobody types it (R12.3).
fn levels(app: &App, desk: &Desk, incident: &Incident) -> Table {
    let (policy, effect) = (&app.service.policy.incident, &incident.effect);
    let row = |key: &str, value: u64, steps: [u64; 3]| {
        let mut cells = vec![Cell::text(desk.say(key)), Cell::text(words::count(value))];
        cells.extend(steps.map(|step| Cell::text(format!("≥ {}", words::count(step)))));
        cells
    };
    Table {
        caption: desk.say("incident.levels"),
        heads: desk.says([
            "incident.effect",
            "incident.this_one",
            "incident.level.larger",
            "incident.level.major",
            "incident.level.extraordinary",
        ]),
        rows: vec![
            row("incident.persons", effect.persons, policy.persons),
            row(
                "incident.whole_outage",
                effect.whole_outage_minutes.into(),
                policy.whole_outage_minutes.map(u64::from),
            ),
            row(
                "incident.main_outage",
                effect.main_outage_minutes.into(),
                policy.main_outage_minutes.map(u64::from),
            ),
        ],
        empty: String::new(),
    }
}

fn plan(desk: &Desk, incident: &Incident) -> Table {
    let rows = incident.steps.iter().map(|step| {
        let state = match step.done_at {
            Some(at) => Cell::state(words::moment(at), Tone::Ok),
            None => Cell::state(desk.say("incident.not_yet"), Tone::Warn),
        };
        vec![
            Cell::text(desk.say(&format!("incident.plan.{}", step.name))),
            state,
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("incident.plan_head"),
        heads: desk.says(["incident.step", "staff.status"]),
        empty: String::new(),
    }
}

fn timeline(desk: &Desk, incident: &Incident) -> Table {
    let rows = incident.timeline.iter().rev().map(|moment| {
        let text = match moment.what.as_str() {
            "assess" => desk.say(&format!("incident.level.{}", moment.text)),
            "plan" => desk.say(&format!("incident.plan.{}", moment.text)),
            _ => moment.text.clone(),
        };
        vec![
            Cell::text(words::moment(moment.at)),
            Cell::text(desk.say(&format!("incident.did.{}", moment.what))),
            Cell::text(&moment.by),
            Cell::text(text),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("incident.timeline"),
        heads: desk.says(["staff.at", "staff.what", "incident.by", "staff.details"]),
        empty: desk.say("staff.none"),
    }
}

/// `GET …/report`: the record, signed, and readable beside it, as a file (R12.3).
pub(super) async fn report(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    if !readable(&desk) {
        return desk.not_yours(whose);
    }
    let incident = match find(&app, &id).await {
        Ok(incident) => incident,
        Err(IncidentError::Fault(fault)) => return desk.fault(&fault),
        Err(IncidentError::Refused(_)) => return desk.nothing(),
    };
    let signed = match app.service.signed_incident_report(&incident) {
        Ok(signed) => signed,
        Err(fault) => return desk.fault(&fault),
    };
    let readable = app.service.incident_report(&incident);
    let drill = if incident.drill { "drill-" } else { "" };
    let name = format!(
        "attachment; filename=\"{drill}incident-{}.report.json\"",
        incident.id
    );
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = json!({ "report": signed, "readable": readable });
    (headers, body.to_string()).into_response()
}
