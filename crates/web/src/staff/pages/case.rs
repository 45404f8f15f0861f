//! O9 案件: one case with its complaints, its steps, and the evidence package (R14.1).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use identity::case_file::content::CaseStep;
use identity::case_file::open::OpenedCase;
use identity::case_file::{CaseEntry, CaseId, CaseState, Measure};
use identity::complaint::officer::{OfficerError, OfficerRefused};
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Cell, Form, Table};
use crate::problem::ApiProblem;

use super::complaints::{due, state};
use super::desk::Desk;
use super::posted::StaffForm;
use super::{case_step, words};

/// `GET /operator/complaints/cases/{case}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    desk: Desk,
) -> Response {
    let Some(id) = CaseId::parse(&case) else {
        return desk.nothing();
    };
    if !desk.staff.may(Duty::WorkOnCases) {
        return desk.not_yours(|role| role.has(Duty::WorkOnCases));
    }
    match blocks(&app, &desk, &id).await {
        Ok(blocks) => desk.page(case, blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn blocks(app: &App, desk: &Desk, id: &CaseId) -> Result<Vec<Block>, OfficerError> {
    let case = app.service.read_case(&desk.staff, id).await?;
    let mut blocks = vec![
        Block::Table(head(app, desk, &case)),
        Block::Table(complaints(desk, &case)),
        Block::Table(entries(desk, &case)),
        Block::Form(evidence(desk, &case)),
    ];
    if case.row.state == CaseState::Open {
        let forms = case_step::forms(app, desk, &case).await?;
        blocks.push(Block::Heading(desk.say("case.next")));
        blocks.extend(forms.into_iter().map(Block::Form));
    }
    Ok(blocks)
}

fn head(app: &App, desk: &Desk, case: &OpenedCase) -> Table {
    let row = &case.row;
    let overdue = row.state == CaseState::Open && app.service.now().day() > row.due_on;
    Table {
        caption: desk.say("case.standing"),
        heads: desk.says([
            "staff.platform",
            "case.kind",
            "case.article",
            "case.origin_head",
            "staff.status",
            "case.officer",
            "case.opened_on",
            "case.due_on",
        ]),
        rows: vec![vec![
            Cell::link(
                &row.platform,
                format!("/operator/platforms/{}", row.platform),
            ),
            Cell::text(desk.say(&format!("complain.kind.{}", row.kind.as_str()))),
            Cell::text(row.kind.article()),
            Cell::text(desk.say(&format!("case.origin.{}", row.origin.as_str()))),
            state(desk, row.state),
            Cell::text(row.officer.as_deref().unwrap_or("—")),
            Cell::text(row.opened_on),
            due(desk, row.due_on, overdue),
        ]],
        empty: String::new(),
    }
}

fn complaints(desk: &Desk, case: &OpenedCase) -> Table {
    let rows = case.contents.complaints.iter().map(|number| {
        let href = format!("/operator/complaints/{number}");
        vec![Cell::link(number, href)]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("case.its_complaints"),
        heads: desk.says(["case.complaint"]),
        empty: desk.say("staff.none"),
    }
}

fn entries(desk: &Desk, case: &OpenedCase) -> Table {
    let rows = case.contents.entries.iter().rev().map(|entry| {
        vec![
            Cell::text(words::moment(entry.at)),
            Cell::text(desk.say(&format!("case.did.{}", entry.step.name()))),
            Cell::text(&entry.officer),
            Cell::text(said(desk, entry)),
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("case.entries"),
        heads: desk.says(["staff.at", "staff.what", "case.officer", "staff.details"]),
        empty: desk.say("staff.none"),
    }
}

fn said(desk: &Desk, entry: &CaseEntry) -> String {
    match &entry.step {
        CaseStep::Opened { text } | CaseStep::Noted { text } => text.clone(),
        CaseStep::Linked { complaint } => complaint.to_string(),
        CaseStep::Assigned { to } => to.clone(),
        CaseStep::Measured { measure, text } => {
            let name = desk.say(&format!("case.measure.{}", case_step::name(measure)));
            match measure {
                Measure::RequireCorrection { until } => format!("{name} · {until} · {text}"),
                Measure::Suspend { proposal } => format!("{name} · {proposal} · {text}"),
                Measure::Warn | Measure::Report => format!("{name} · {text}"),
            }
        }
        CaseStep::Closed { outcome, text } => {
            let outcome = desk.say(&format!("complaints.outcome_{}", outcome.as_str()));
            format!("{outcome} · {text}")
        }
    }
}

/// The package goes out as a file; whoever takes it is named in an event, so it is posted.
fn evidence(desk: &Desk, case: &OpenedCase) -> Form {
    let path = format!("/staff/api/cases/{}/evidence", case.row.case);
    let legend = desk.say("case.evidence");
    Form::posting("evidence", path, legend, desk.say("case.evidence_take"))
}

/// `POST /operator/complaints/cases/{case}`: one step.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    posted: StaffForm,
) -> Response {
    let Some(id) = CaseId::parse(&case) else {
        return posted.desk.nothing();
    };
    let problem = match case_step::take(&app, &posted, &id).await {
        Ok(_) => {
            let address = format!("/operator/complaints/cases/{id}");
            return Redirect::to(&address).into_response();
        }
        Err(OfficerError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(OfficerError::Refused(OfficerRefused::NotThisRole)) => {
            return posted.desk.not_yours(|role| role.has(Duty::WorkOnCases));
        }
        Err(refused) => ApiProblem::from(refused),
    };
    let desk = posted.desk;
    match blocks(&app, &desk, &id).await {
        Ok(blocks) => desk.refuses(&problem, case, blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}
