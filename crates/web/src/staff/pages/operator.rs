//! O1 work queue, O2 platforms with suspension, O11 people and proposals, and what the audit administrator reads.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use identity::id::{PlatformId, ProposalId};
use identity::oversight::standing::SuspensionReason;
use identity::oversight::{ProposalRow, ProposalState};
use identity::platform::Platform;
use identity::service::Fault;
use identity::staff::{Duty, Role, StaffState};

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table, Tone};

use super::desk::Desk;
use super::words;

/// Most rows of a list.
const MOST: u32 = 500;

/// O1: what waits, the nearest deadline first.
pub(super) async fn queue(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let mut rows = match app.service.proposals_for(&desk.staff, MOST).await {
        Ok(rows) => rows,
        Err(fault) => return desk.fault(&fault),
    };
    let now = app.service.now();
    rows.retain(|row| match row.state {
        ProposalState::Open => now <= row.expires_at,
        ProposalState::Confirmed => true,
        _ => false,
    });
    rows.sort_by_key(|row| row.expires_at);
    let mut blocks = vec![Block::Table(proposals(&app, &desk, &rows))];
    if desk.staff.may(Duty::ReviewPlatforms) || desk.staff.may(Duty::ReadAudit) {
        match submissions(&app, &desk).await {
            Ok(table) => blocks.push(Block::Table(table)),
            Err(fault) => return desk.fault(&fault),
        }
    }
    let title = desk.say("staff.queue");
    desk.page(title, blocks)
}

async fn submissions(app: &App, desk: &Desk) -> Result<Table, Fault> {
    let mut rows = app.service.store().submissions().await?;
    rows.retain(|row| row.state == identity::oversight::submission::SubmissionState::Waiting);
    rows.sort_by_key(|row| row.at);
    Ok(Table {
        caption: desk.say("staff.submissions"),
        heads: ["staff.platform", "staff.subject", "staff.by", "staff.at"]
            .map(|key| desk.say(key))
            .to_vec(),
        rows: rows
            .iter()
            .map(|row| {
                let digest = row.digest().to_hex();
                vec![
                    Cell::text(&row.platform),
                    Cell::link(row.subject(), format!("/operator/reviews/{digest}")),
                    Cell::text(&row.by),
                    Cell::text(words::moment(row.at)),
                ]
            })
            .collect(),
        empty: desk.say("staff.none"),
    })
}

fn proposals(app: &App, desk: &Desk, rows: &[ProposalRow]) -> Table {
    let now = app.service.now();
    let heads = [
        "staff.what",
        "staff.status",
        "staff.proposed_by",
        "staff.decided_by",
        "staff.until",
    ];
    Table {
        caption: desk.say("staff.proposals"),
        heads: heads.map(|key| desk.say(key)).to_vec(),
        rows: rows
            .iter()
            .map(|row| {
                let href = format!("/operator/proposals/{}", row.id);
                let decided = row.decided.as_ref().map(|signed| signed.name.clone());
                vec![
                    Cell::link(words::act(&desk.frame, &row.act), href),
                    words::state(&desk.frame, row, now),
                    Cell::text(&row.proposed.name),
                    Cell::text(decided.unwrap_or_default()),
                    Cell::text(words::moment(row.expires_at)),
                ]
            })
            .collect(),
        empty: desk.say("staff.none"),
    }
}

/// One proposal: the act to the last member, who signed, and the answer of the second person.
pub(super) async fn proposal(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    let rows = match app.service.proposals_for(&desk.staff, MOST).await {
        Ok(rows) => rows,
        Err(fault) => return desk.fault(&fault),
    };
    let id = ProposalId::parse(&id);
    let Some(row) = rows.into_iter().find(|row| Some(&row.id) == id.as_ref()) else {
        return desk.nothing();
    };
    let act = serde_json::to_value(&row.act).unwrap_or_default();
    let mut facts = vec![
        (desk.say("staff.proposed_by"), signed(&row.proposed)),
        (desk.say("staff.until"), words::moment(row.expires_at)),
        (desk.say("staff.digest"), row.digest().to_hex()),
    ];
    if let Some(decided) = &row.decided {
        facts.push((desk.say("staff.decided_by"), signed(decided)));
    }
    if let Some((at, result)) = &row.done {
        let text = format!("{result} · {}", words::moment(*at));
        facts.push((desk.say("staff.result"), text));
    }
    let mut blocks = vec![
        Block::Facts(words::facts(&act)),
        Block::Facts(facts),
        Block::Table(Table {
            rows: vec![vec![words::state(&desk.frame, &row, app.service.now())]],
            caption: String::new(),
            heads: vec![desk.say("staff.status")],
            empty: String::new(),
        }),
    ];
    let own = row.proposed.login == *desk.staff.login();
    let open = row.state == ProposalState::Open && app.service.now() <= row.expires_at;
    if open && own {
        blocks.push(Block::Note(Tone::Plain, desk.say("staff.own_proposal")));
    } else if open && row.act.name().confirmers().contains(&desk.staff.role()) {
        for (answer, key) in [("confirm", "staff.confirm"), ("decline", "staff.decline")] {
            blocks.push(Block::Form(answer_form(&desk, &row, answer, key)));
        }
    }
    let title = words::act(&desk.frame, &row.act);
    desk.page(title, blocks)
}

fn signed(signed: &identity::oversight::Signed) -> String {
    let at = words::moment(signed.at);
    format!("{} ({}) · {at}", signed.name, signed.login)
}

fn answer_form(desk: &Desk, row: &ProposalRow, answer: &'static str, key: &str) -> Form {
    Form {
        id: answer,
        legend: desk.say(key),
        does: Does::Answers {
            answer,
            proposal: row.id.to_string(),
            digest: serde_json::to_value(row.digest())
                .ok()
                .and_then(|value| value.as_str().map(str::to_owned))
                .unwrap_or_default(),
        },
        fields: Vec::new(),
        buttons: vec![("", desk.say("staff.sign"))],
        danger: answer == "confirm",
    }
}

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

/// Suspended or not.
pub(super) fn standing_cell(desk: &Desk, suspended: bool) -> Cell {
    if suspended {
        Cell::state(desk.say("staff.suspended"), Tone::Bad)
    } else {
        Cell::state(desk.say("staff.in_order"), Tone::Ok)
    }
}

/// Facts every desk may see of a platform.
pub(super) fn platform_facts(app: &App, desk: &Desk, platform: &Platform) -> Block {
    let language = desk.language();
    let field = app.service.standing(&platform.id).field;
    let facts = [
        ("staff.operator", platform.operator.clone()),
        ("staff.host", platform.host.clone()),
        ("staff.contact", platform.contact.clone()),
        (
            "staff.field",
            desk.say(&format!("staff.fields.{}", field.as_str())),
        ),
        (
            "staff.alternatives",
            platform.alternatives.text(language).to_owned(),
        ),
        (
            "staff.equal_service",
            platform.equal_service.text(language).to_owned(),
        ),
        ("staff.apps", platform.clients.len().to_string()),
    ];
    Block::Facts(facts.map(|(key, value)| (desk.say(key), value)).to_vec())
}

/// A platform's scenarios, those with plaintext first, each with the law of each attribute.
pub(super) fn scenario_table(desk: &Desk, platform: &Platform) -> Table {
    let language = desk.language();
    let mut scenarios: Vec<_> = platform.scenarios.iter().collect();
    scenarios.sort_by_key(|scenario| scenario.attributes.is_empty());
    let rows = scenarios.iter().map(|scenario| {
        let attributes = scenario.attributes.iter().map(|attribute| {
            let law = attribute.legal_basis.text(language);
            format!(
                "{}（{law}）",
                desk.say(&format!("attribute.{}", attribute.name))
            )
        });
        let attributes: Vec<String> = attributes.collect();
        let gives = if attributes.is_empty() {
            Cell::state(desk.say("staff.result_only"), Tone::Ok)
        } else {
            Cell::state(attributes.join("；"), Tone::Warn)
        };
        vec![
            Cell::text(scenario.title.text(language)),
            Cell::text(scenario.purpose.text(language)),
            Cell::text(scenario.legal_basis.text(language)),
            Cell::text(scenario.retention.text(language)),
            gives,
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("staff.scenarios"),
        heads: [
            "staff.scenario_name",
            "staff.purpose",
            "staff.legal_basis",
            "staff.retention",
            "staff.plaintext",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    }
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

/// O11: people, and every proposal there was.
pub(super) async fn people(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let duties = [Duty::OperateMachines, Duty::ManageKeys, Duty::ReadAudit];
    if !duties.into_iter().any(|duty| desk.staff.may(duty)) {
        return desk.nothing();
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

/// What the audit administrator reads: every act and every look of staff, newest first.
pub(super) async fn audit(State(app): State<Arc<App>>, desk: Desk) -> Response {
    if !desk.staff.may(Duty::ReadAudit) {
        return desk.nothing();
    }
    let events = match app.service.staff_events(&desk.staff, MOST).await {
        Ok(events) => events,
        Err(fault) => return desk.fault(&fault),
    };
    let rows = events.iter().map(|event| {
        let value = serde_json::to_value(&event.event).unwrap_or_default();
        let facts = words::facts(&value).into_iter();
        let facts = facts.filter(|(name, _)| name != "event" && name != "at");
        let facts: Vec<String> = facts
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let at = value["at"].as_i64().map(identity::clock::Timestamp);
        vec![
            Cell::text(at.map(words::moment).unwrap_or_default()),
            Cell::text(value["event"].as_str().unwrap_or_default()),
            Cell::text(&event.outcome),
            Cell::text(facts.join(" · ")),
        ]
    });
    let table = Table {
        rows: rows.collect(),
        caption: desk.say("staff.audit"),
        heads: ["staff.at", "staff.what", "staff.result", "staff.details"]
            .map(|key| desk.say(key))
            .to_vec(),
        empty: desk.say("staff.none"),
    };
    let title = desk.say("staff.audit");
    desk.page(title, vec![Block::Table(table)])
}
