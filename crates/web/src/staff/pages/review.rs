//! O2: one submission: evidence on top, the person's view of it, then returned, refused, or proposed for approval.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use crypto::digest::Digest;
use identity::oversight::SubmissionRow;
use identity::oversight::review::{ReviewError, Verdict};
use identity::oversight::submission::{SubmissionState, Submitted};
use identity::service::Fault;
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Cell, Does, Field, Form, Input, Table};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::posted::StaffForm;
use super::preview::preview;
use super::words;

/// The page.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(digest): Path<String>,
    desk: Desk,
) -> Response {
    let may = desk.staff.may(Duty::ReviewPlatforms) || desk.staff.may(Duty::ReadAudit);
    let rows = match app.service.store().submissions().await {
        Ok(rows) => rows,
        Err(error) => return desk.fault(&Fault::from(error)),
    };
    let found = rows.into_iter().find(|row| row.digest().to_hex() == digest);
    let Some(row) = found.filter(|_| may) else {
        return desk.nothing();
    };
    let mut blocks = vec![
        Block::Table(Table {
            caption: desk.say("staff.submission_head"),
            heads: [
                "staff.platform",
                "staff.subject",
                "staff.by",
                "staff.at",
                "staff.status",
            ]
            .map(|key| desk.say(key))
            .to_vec(),
            rows: vec![vec![
                Cell::text(&row.platform),
                Cell::text(row.subject()),
                Cell::text(&row.by),
                Cell::text(words::moment(row.at)),
                words::submission(&desk.frame, row.state),
            ]],
            empty: String::new(),
        }),
        Block::Facts(words::facts(
            &serde_json::to_value(&row.submitted).unwrap_or_default()["content"],
        )),
    ];
    if let Submitted::Scenario(scenario) = &row.submitted
        && let Some(preview) = preview(&app, &desk, &row.platform, scenario)
    {
        blocks.push(Block::Part(preview));
    }
    if row.state == SubmissionState::Waiting && desk.staff.may(Duty::ReviewPlatforms) {
        blocks.push(Block::Form(answer_form(&desk, &row)));
        blocks.push(Block::Form(approve_form(&desk, &row)));
    }
    let title = format!("{} · {}", row.platform, row.subject());
    desk.page(title, blocks)
}

fn answer_form(desk: &Desk, row: &SubmissionRow) -> Form {
    Form {
        id: "answer",
        legend: desk.say("staff.return_or_refuse"),
        does: Does::posts("/operator/review"),
        fields: vec![
            Field::new("digest", "", Input::Hidden).with(row.digest().to_hex()),
            Field::new("reasons", desk.say("staff.reasons"), Input::Lines),
        ],
        buttons: vec![
            ("return", desk.say("staff.return")),
            ("refuse", desk.say("staff.refuse")),
        ],
        danger: false,
    }
}

fn approve_form(desk: &Desk, row: &SubmissionRow) -> Form {
    let (act, fixed) = match &row.submitted {
        Submitted::Registration(_) => (
            "register_platform",
            json!({ "platform": row.platform, "submission": row.digest() }),
        ),
        Submitted::Scenario(scenario) => (
            "approve_scenario",
            json!({
                "platform": row.platform, "scenario": scenario.id, "submission": row.digest(),
            }),
        ),
    };
    Form {
        id: "approve",
        legend: desk.say(&format!("staff.act.{act}")),
        does: Does::Proposes {
            act,
            fixed: fixed.to_string(),
        },
        fields: vec![Field::new(
            "reasons",
            desk.say("staff.reasons"),
            Input::Lines,
        )],
        buttons: vec![("", desk.say("staff.propose"))],
        danger: false,
    }
}

/// `POST /operator/review`: one reviewer returns or refuses, with reasons; no signature is needed for a no.
pub(super) async fn answer(State(app): State<Arc<App>>, posted: StaffForm) -> Response {
    let verdict = match posted.text("choice") {
        "return" => Verdict::Return,
        "refuse" => Verdict::Refuse,
        _ => return ApiProblem::malformed().into_response(),
    };
    let Ok(digest) = Digest::from_hex(posted.text("digest")) else {
        return ApiProblem::malformed().into_response();
    };
    let reasons = posted.text("reasons").to_owned();
    let reviewed = app
        .service
        .review(&posted.desk.staff, &digest, verdict, &reasons)
        .await;
    match reviewed {
        Ok(_) => Redirect::to("/operator").into_response(),
        Err(ReviewError::Fault(fault)) => posted.desk.fault(&fault),
        Err(refused) => ApiProblem::from(refused).into_response(),
    }
}
