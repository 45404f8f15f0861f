//! Acts of two persons as they are listed, and one of them with the answer of the second person (R12.1).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use identity::id::ProposalId;
use identity::oversight::{Act, ProposalRow, ProposalState};
use identity::service::Fault;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Form, Table, Tone};

use super::desk::Desk;
use super::{exception, legal_request, notice, words};

/// Most rows of a list.
pub(super) const MOST: u32 = 500;

/// A table of proposals.
pub(super) fn proposals(app: &App, desk: &Desk, rows: &[ProposalRow]) -> Table {
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
    let about = match about(&app, &desk, &row.act).await {
        Ok(about) => about,
        Err(fault) => return desk.fault(&fault),
    };
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
    let mut blocks = about;
    blocks.extend([
        Block::Facts(facts),
        Block::Table(Table {
            rows: vec![vec![words::state(&desk.frame, &row, app.service.now())]],
            caption: String::new(),
            heads: vec![desk.say("staff.status")],
            empty: String::new(),
        }),
    ]);
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

/// What is signed, so that the second person can judge it: the text of a notice against the last one, what a legal
/// request asks, and everything else to its last member.
async fn about(app: &App, desk: &Desk, act: &Act) -> Result<Vec<Block>, Fault> {
    Ok(match act {
        Act::PublishNotice { notice } => notice::proposed(app, desk, notice),
        Act::ExceptNotice { exception } => vec![Block::Facts(exception::facts(desk, exception))],
        Act::ProvideLegalRequest { request } => legal_request::proposed(app, desk, request).await?,
        act => {
            let value = serde_json::to_value(act).unwrap_or_default();
            vec![Block::Facts(words::facts(&value))]
        }
    })
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
