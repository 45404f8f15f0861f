//! O5 事件: every incident with the clock that is next, and a new one recorded (Art. 12(3), R12.3). S5 the same, read only.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::id::PlatformId;
use identity::incident::{
    ClockState, Effect, Incident, IncidentError, IncidentKind, Level, NewIncident, RunningClock,
    Scope,
};
use identity::staff::{Duty, Role};

use crate::app::App;
use crate::page::console::{Block, Cell, Field, Form, Input, Table, Tone};
use crate::problem::ApiProblem;
use crate::staff::incident::may_read;

use super::desk::Desk;
use super::posted::StaffForm;
use super::words;

/// Who of the operator reads incidents; supervisors do too.
pub(super) const READERS: [Duty; 2] = [Duty::LeadIncidents, Duty::ReadAudit];

/// Whether a desk may see incidents.
pub(super) fn readable(desk: &Desk) -> bool {
    may_read(&desk.staff).is_ok()
}

/// Roles of the operator that see incidents.
pub(super) fn whose(role: Role) -> bool {
    READERS.iter().any(|duty| role.has(*duty))
}

/// `GET /operator/incidents` and `/supervisor/incidents`.
pub(super) async fn list(State(app): State<Arc<App>>, desk: Desk) -> Response {
    if !readable(&desk) {
        return desk.not_yours(whose);
    }
    match blocks(&app, &desk, |_| String::new()).await {
        Ok(blocks) => {
            let title = desk.say("incident.title");
            desk.page(title, blocks)
        }
        Err(fault) => desk.fault(&fault),
    }
}

async fn blocks(
    app: &App,
    desk: &Desk,
    typed: impl Fn(&str) -> String,
) -> Result<Vec<Block>, identity::service::Fault> {
    let incidents = app.service.incidents().await?;
    let (policy, now) = (&app.service.policy.incident, app.service.now());
    let late = incidents.iter().filter(|one| one.is_overdue(policy, now));
    let mut blocks = Vec::new();
    let late = late.count();
    if late > 0 {
        let text = desk.frame.say_with("incident.late", "number", late);
        blocks.push(Block::Note(Tone::Bad, text));
    }
    blocks.push(Block::Table(Table {
        caption: desk.say("incident.all"),
        heads: desk.says([
            "incident.one",
            "incident.level_head",
            "incident.real_head",
            "staff.status",
            "incident.next_clock",
        ]),
        rows: incidents.iter().map(|one| row(app, desk, one)).collect(),
        empty: desk.say("incident.none"),
    }));
    if desk.staff.may(Duty::LeadIncidents) {
        blocks.push(Block::Form(open_form(app, desk, typed)));
    }
    Ok(blocks)
}

fn row(app: &App, desk: &Desk, incident: &Incident) -> Vec<Cell> {
    let title = incident.title.text(desk.language());
    let href = format!("{}/incidents/{}", desk.home(), incident.id);
    let (policy, now) = (&app.service.policy.incident, app.service.now());
    vec![
        Cell::link(title, href),
        level_cell(desk, incident.level),
        real_cell(desk, incident),
        state_cell(desk, incident),
        next_clock(desk, &incident.clocks(policy, now)),
    ]
}

/// The level, as it follows from the effect.
pub(super) fn level_cell(desk: &Desk, level: Level) -> Cell {
    let tone = match level {
        Level::Ordinary => Tone::Plain,
        Level::Larger => Tone::Warn,
        Level::Major | Level::Extraordinary => Tone::Bad,
    };
    Cell::state(
        desk.say(&format!("incident.level.{}", level.as_str())),
        tone,
    )
}

/// A drill says so wherever it is named.
pub(super) fn real_cell(desk: &Desk, incident: &Incident) -> Cell {
    if incident.drill {
        Cell::state(desk.say("incident.drill"), Tone::Warn)
    } else {
        Cell::text(desk.say("incident.real"))
    }
}

/// Open or closed.
pub(super) fn state_cell(desk: &Desk, incident: &Incident) -> Cell {
    if incident.closed_at.is_some() {
        Cell::state(desk.say("incident.closed"), Tone::Ok)
    } else {
        Cell::state(desk.say("incident.open"), Tone::Warn)
    }
}

/// What is due next: what is late stands before what still runs.
fn next_clock(desk: &Desk, clocks: &[RunningClock]) -> Cell {
    let open = clocks.iter().filter(|clock| clock.done_at.is_none());
    let Some(next) = open.min_by_key(|clock| clock.due_at) else {
        return Cell::text(desk.say("incident.no_clock"));
    };
    let (tone, key) = match next.state {
        ClockState::Overdue => (Tone::Bad, "incident.was_due"),
        _ => (Tone::Warn, "incident.is_due"),
    };
    let name = desk.say(&format!("incident.clock.{}", next.name.as_str()));
    let due = desk.frame.say_with(key, "at", words::moment(next.due_at));
    Cell::state(format!("{name} · {due}"), tone)
}

fn open_form(app: &App, desk: &Desk, typed: impl Fn(&str) -> String) -> Form {
    let field = |name, key: &str, input| Field::new(name, desk.say(key), input).with(typed(name));
    let choice = |names: &[(&str, &str)]| {
        let choices = names
            .iter()
            .map(|(value, key)| ((*value).to_owned(), desk.say(key)));
        Input::Choice(choices.collect())
    };
    let mut platforms = vec![(String::new(), desk.say("incident.no_platform"))];
    platforms.extend(app.service.platforms().iter().map(|platform| {
        let name = platform.name.text(desk.language());
        (platform.id.to_string(), name.to_owned())
    }));
    let real = choice(&[("", "incident.real"), ("yes", "incident.drill")]);
    let kind = choice(&[
        ("data", "incident.kind.data"),
        ("network", "incident.kind.network"),
    ]);
    let scope = choice(&[
        ("service", "incident.scope.service"),
        ("buckets", "incident.scope.buckets"),
        ("platform", "incident.scope.platform"),
    ]);
    let mut fields = vec![
        field("drill", "incident.real_head", real),
        field("kind", "incident.kind_head", kind),
        field("title", "incident.title_zh", Input::Line),
        field("title_en", "incident.title_en", Input::Line),
        field("scope", "incident.scope_head", scope),
        field("buckets", "incident.buckets", Input::Line).optional(),
        field("platform", "incident.platform", Input::Choice(platforms)).optional(),
    ];
    fields.extend(effect_fields(desk, |name| match typed(name) {
        empty if empty.is_empty() => "0".to_owned(),
        typed => typed,
    }));
    let legend = desk.say("incident.record");
    let button = desk.say("incident.record_now");
    Form::posting("record", "/operator/incidents", legend, button).with(fields)
}

/// The numbers the level follows from.
pub(super) fn effect_fields(desk: &Desk, value: impl Fn(&str) -> String) -> Vec<Field> {
    let number = |name, key: &str| Field::new(name, desk.say(key), Input::Number).with(value(name));
    vec![
        number("persons", "incident.persons"),
        number("whole_outage_minutes", "incident.whole_outage"),
        number("main_outage_minutes", "incident.main_outage"),
    ]
}

/// The same, read back.
pub(super) fn effect_of(posted: &StaffForm) -> Option<Effect> {
    Some(Effect {
        persons: posted.number("persons")?,
        whole_outage_minutes: posted.number("whole_outage_minutes")?,
        main_outage_minutes: posted.number("main_outage_minutes")?,
    })
}

/// `POST /operator/incidents`: recorded, and the plan starts in the same moment.
pub(super) async fn open(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let opened = match new_of(&posted) {
        Some(new) => app.service.open_incident(&posted.desk.staff, new).await,
        None => Err(identity::incident::IncidentRefused::NotNow("a field cannot be read").into()),
    };
    let problem = match opened {
        Ok(incident) => {
            let address = format!("/operator/incidents/{}", incident.id);
            return Redirect::to(&address).into_response();
        }
        Err(IncidentError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(refused) => ApiProblem::from(refused),
    };
    let blocks = blocks(&app, &posted.desk, |name| posted.text(name).to_owned()).await;
    match blocks {
        Ok(blocks) => {
            let title = posted.desk.say("incident.title");
            posted.desk.refuses(&problem, title, blocks)
        }
        Err(fault) => posted.desk.fault(&fault),
    }
}

fn new_of(posted: &StaffForm) -> Option<NewIncident> {
    let kind = match posted.text("kind") {
        "network" => IncidentKind::Network,
        "data" => IncidentKind::Data,
        _ => return None,
    };
    let scope = match posted.text("scope") {
        "service" => Scope::Service,
        "buckets" => {
            let buckets = posted.text("buckets").split_whitespace().map(str::parse);
            let buckets: Result<Vec<u16>, _> = buckets.collect();
            Scope::Buckets {
                buckets: buckets.ok()?,
            }
        }
        "platform" => Scope::Platform {
            platform: PlatformId::parse(posted.text("platform"))?,
        },
        _ => return None,
    };
    Some(NewIncident {
        drill: posted.ticked("drill"),
        kind,
        title: posted.both("title"),
        scope,
        effect: effect_of(posted)?,
    })
}
