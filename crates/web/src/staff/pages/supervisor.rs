//! S1 overview, S2 platforms and scenarios, S3 the log: read only, scoped to the field, each view an event (R3.1).

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use crypto::digest::Digest;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use identity::id::PlatformId;
use identity::oversight::counts::Shown;
use identity::platform::Platform;
use identity::service::Fault;
use openid::Form as Query;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table, Tone};
use crate::person::session::cookie;

use super::desk::Desk;
use super::{overdue, register, words};

/// Head of the log that this browser saw last: the supervisor's own witness. Nothing in it is secret.
const SEEN: &str = "wz_log_seen";

/// Platforms of the supervisor's field (R3.1), those with plaintext permissions first.
fn watched(app: &App, desk: &Desk) -> Vec<Arc<Platform>> {
    let mut platforms = app.service.platforms();
    platforms.retain(|platform| {
        let field = app.service.standing(&platform.id).field;
        desk.staff.role().watches(field)
    });
    platforms.sort_by_key(|platform| !has_plaintext(platform));
    platforms
}

fn has_plaintext(platform: &Platform) -> bool {
    platform
        .scenarios
        .iter()
        .any(|scenario| !scenario.attributes.is_empty())
}

/// S1.
pub(super) async fn overview(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let states = match app.service.credential_counts().await {
        Ok(states) => states,
        Err(fault) => return desk.fault(&fault),
    };
    let size = match app.service.log_head().await {
        Ok(head) => head.map_or(0, |head| head.tree_size),
        Err(fault) => return desk.fault(&fault),
    };
    let platforms = watched(&app, &desk);
    let scenarios: usize = platforms
        .iter()
        .map(|platform| platform.scenarios.len())
        .sum();
    let plaintext = platforms
        .iter()
        .filter(|platform| has_plaintext(platform))
        .count();
    let suspended = platforms
        .iter()
        .filter(|platform| app.service.standing(&platform.id).suspended.is_some())
        .count();
    let mut facts = vec![
        (
            desk.say("supervisor.as_of"),
            words::moment(app.service.now()),
        ),
        (desk.say("staff.platforms"), platforms.len().to_string()),
        (desk.say("staff.scenarios"), scenarios.to_string()),
        (desk.say("supervisor.with_plaintext"), plaintext.to_string()),
        (desk.say("staff.suspended"), suspended.to_string()),
        (desk.say("supervisor.tree_size"), size.to_string()),
    ];
    for (state, count) in states {
        let name = desk.say(&format!("staff.credential.{}", state.as_str()));
        facts.push((name, count.to_string()));
    }
    let late = match overdue::block(&app, &desk, &platforms).await {
        Ok(late) => late,
        Err(fault) => return desk.fault(&fault),
    };
    let note = desk
        .frame
        .say_with("supervisor.suppressed", "number", Shown::of(0));
    let title = desk.say("staff.overview");
    desk.page(title, vec![Block::Text(note), Block::Facts(facts), late])
}

/// S2: the register.
pub(super) async fn platforms(State(app): State<Arc<App>>, desk: Desk) -> Response {
    let platforms = watched(&app, &desk);
    let rows = platforms.iter().map(|platform| {
        let plaintext = if has_plaintext(platform) {
            Cell::state(desk.say("supervisor.has_plaintext"), Tone::Warn)
        } else {
            Cell::state(desk.say("staff.result_only"), Tone::Ok)
        };
        let standing = app.service.standing(&platform.id);
        vec![
            Cell::link(
                platform.name.text(desk.language()),
                format!("/supervisor/platforms/{}", platform.id),
            ),
            plaintext,
            Cell::text(platform.scenarios.len()),
            register::standing_cell(&desk, standing.suspended.is_some()),
        ]
    });
    let table = Table {
        rows: rows.collect(),
        caption: desk.say("staff.platforms"),
        heads: [
            "staff.platform",
            "staff.plaintext",
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

/// S2: one platform of the own field.
pub(super) async fn platform(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    let id = PlatformId::parse(&id);
    let found = watched(&app, &desk)
        .into_iter()
        .find(|platform| Some(&platform.id) == id.as_ref());
    let Some(platform) = found else {
        return desk.nothing();
    };
    let blocks = vec![
        register::platform_facts(&app, &desk, &platform),
        Block::Table(register::scenario_table(&desk, &platform)),
    ];
    let title = platform.name.text(desk.language()).to_owned();
    desk.page(title, blocks)
}

/// S3: the head, its signature, whether it continues what this browser saw last, and one entry by its receipt.
pub(super) async fn log(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    desk: Desk,
) -> Response {
    let head = match app.service.log_head().await {
        Ok(head) => head,
        Err(Fault::Invariant(what)) => {
            // Loud, and the page still opens: this is what it is there for.
            tracing::error!(what, "the log is broken");
            let text = desk.say("supervisor.broken_head");
            let title = desk.say("staff.log");
            return desk.page(title, vec![Block::Note(Tone::Bad, text)]);
        }
        Err(fault) => return desk.fault(&fault),
    };
    let title = desk.say("staff.log");
    let Some(head) = head else {
        let text = desk.say("supervisor.no_head");
        return desk.page(title, vec![Block::Note(Tone::Plain, text)]);
    };
    let mut blocks = vec![Block::Facts(vec![
        (desk.say("supervisor.tree_size"), head.tree_size.to_string()),
        (desk.say("supervisor.root"), head.root.to_hex()),
        (
            desk.say("supervisor.signatures"),
            desk.say("supervisor.signatures_good"),
        ),
    ])];
    let seen = cookie(&headers, SEEN).and_then(seen_head);
    let continues = match seen {
        None => Ok(None),
        Some((size, root)) => app
            .service
            .log_continues(size, &root)
            .await
            .map(|good| Some((size, good))),
    };
    let remember = match continues {
        Ok(None) => {
            blocks.push(Block::Note(Tone::Plain, desk.say("supervisor.first_visit")));
            true
        }
        Ok(Some((size, true))) => {
            let text = desk.frame.say_with("supervisor.consistent", "size", size);
            blocks.push(Block::Note(Tone::Ok, text));
            true
        }
        Ok(Some((size, false))) => {
            // The head that does not fit is not learnt: the alarm stays until somebody looks into it.
            let text = desk.frame.say_with("supervisor.broken", "size", size);
            blocks.push(Block::Note(Tone::Bad, text));
            blocks.push(Block::Text(desk.say("supervisor.broken_next")));
            false
        }
        Err(fault) => return desk.fault(&fault),
    };
    if let Err(fault) = entry(&app, &desk, query.as_deref(), &mut blocks).await {
        return desk.fault(&fault);
    }
    let mut response = desk.page(title, blocks);
    if remember {
        let secure = if app.https { "; Secure" } else { "" };
        let line = format!(
            "{SEEN}={}.{}; Path=/supervisor/log; HttpOnly; SameSite=Strict; Max-Age=31536000{secure}",
            head.tree_size,
            head.root.to_hex()
        );
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    response
}

fn seen_head(text: &str) -> Option<(u64, Digest)> {
    let (size, root) = text.split_once('.')?;
    Some((size.parse().ok()?, Digest::from_hex(root).ok()?))
}

/// One entry by the commitment of a receipt.
async fn entry(
    app: &App,
    desk: &Desk,
    query: Option<&str>,
    blocks: &mut Vec<Block>,
) -> Result<(), Fault> {
    let query = Query::from_query(query).ok();
    let asked = query.as_ref().and_then(|query| query.text("commitment"));
    if let Some(asked) = asked.filter(|text| !text.is_empty()) {
        let commitment = serde_json::from_value::<Digest>(asked.into()).ok();
        let held = match commitment {
            Some(commitment) => app.service.log_holds(&commitment).await?,
            None => false,
        };
        let (tone, key) = if held {
            (Tone::Ok, "supervisor.entry_found")
        } else {
            (Tone::Bad, "supervisor.entry_missing")
        };
        blocks.push(Block::Note(tone, desk.say(key)));
    }
    let label = desk.say("supervisor.commitment");
    blocks.push(Block::Form(Form {
        id: "entry",
        legend: desk.say("supervisor.verify_entry"),
        does: Does::Asks("/supervisor/log"),
        fields: vec![Field::new("commitment", label, Input::Line)],
        buttons: vec![("", desk.say("supervisor.verify"))],
        danger: false,
    }));
    Ok(())
}
