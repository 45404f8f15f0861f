//! O9: one complaint, opened by an officer: that is an act with a name (R12.1). It becomes a case, or part of one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use identity::case_file::open::OpenedCase;
use identity::case_file::{CaseId, CaseRow, CaseState};
use identity::complaint::officer::{OfficerError, OfficerRefused, OpenedComplaint};
use identity::complaint::{ComplaintNumber, ComplaintState};
use identity::staff::Duty;

use crate::app::App;
use crate::page::console::{Block, Field, Form, Input, Message};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::posted::StaffForm;
use super::words;

/// `GET /operator/complaints/{number}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    desk: Desk,
) -> Response {
    let Some(number) = ComplaintNumber::parse(&number) else {
        return desk.nothing();
    };
    if !desk.staff.may(Duty::WorkOnCases) {
        return desk.not_yours(|role| role.has(Duty::WorkOnCases));
    }
    match blocks(&app, &desk, number).await {
        Ok(blocks) => desk.page(number.to_string(), blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn blocks(
    app: &App,
    desk: &Desk,
    number: ComplaintNumber,
) -> Result<Vec<Block>, OfficerError> {
    let opened = app.service.read_complaint(&desk.staff, number).await?;
    let mut blocks = vec![Block::Facts(facts(desk, &opened))];
    let text = opened.contents.text.clone();
    if text.trim().is_empty() {
        blocks.push(Block::Text(desk.say("case.no_words")));
    } else {
        blocks.push(Block::Message(Message {
            language: desk.language(),
            title: desk.say("case.in_own_words"),
            text,
        }));
    }
    blocks.push(Block::Text(desk.say("case.who_is_not_said")));
    if opened.row.state == ComplaintState::Received {
        let cases = app.service.cases(&desk.staff).await?;
        blocks.extend(forms(desk, &opened, cases));
    }
    Ok(blocks)
}

/// What an officer reads. Who complained is not in it: the answer finds its way by itself.
fn facts(desk: &Desk, opened: &OpenedComplaint) -> Vec<(String, String)> {
    let OpenedComplaint { row, contents } = opened;
    let yes = |yes: bool| desk.say(if yes { "staff.yes" } else { "staff.no" });
    vec![
        (
            desk.say("case.kind"),
            desk.say(&format!("complain.kind.{}", row.kind.as_str())),
        ),
        (desk.say("case.article"), row.kind.article().to_owned()),
        (desk.say("staff.platform"), contents.platform.to_string()),
        (
            desk.say("staff.status"),
            desk.say(&format!("case.complaint_state.{}", row.state.as_str())),
        ),
        (desk.say("case.filed_at"), words::moment(contents.filed_at)),
        (desk.say("case.due_on"), row.due_on.to_string()),
        (desk.say("case.by_holder"), yes(contents.by_holder())),
        (
            desk.say("case.receipts"),
            contents.receipts.len().to_string(),
        ),
        (desk.say("case.share"), yes(contents.share)),
        (
            desk.say("case.contact"),
            contents.contact.clone().unwrap_or_else(|| "—".to_owned()),
        ),
    ]
}

fn forms(desk: &Desk, opened: &OpenedComplaint, cases: Vec<CaseRow>) -> Vec<Block> {
    let path = format!("/operator/complaints/{}", opened.contents.number);
    let form = |id, key: &str, fields| {
        let mut form = Form::posting(id, path.clone(), desk.say(key), "").with(fields);
        form.buttons = vec![(id, desk.say(key))];
        Block::Form(form)
    };
    let text = Field::new("text", desk.say("case.why_open"), Input::Lines);
    let mut forms = vec![form("open", "case.open_new", vec![text])];
    // R14.1: a case is about one platform.
    let same = cases
        .into_iter()
        .filter(|row| row.state == CaseState::Open && row.platform == opened.contents.platform);
    let same: Vec<(String, String)> = same
        .map(|row| (row.case.to_string(), row.case.to_string()))
        .collect();
    if !same.is_empty() {
        let field = Field::new("case", desk.say("case.case"), Input::Choice(same));
        forms.push(form("link", "case.link", vec![field]));
    }
    forms
}

/// `POST /operator/complaints/{number}`: into a new case, or into one there is.
pub(super) async fn take_up(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    posted: StaffForm,
) -> Response {
    let Some(number) = ComplaintNumber::parse(&number) else {
        return posted.desk.nothing();
    };
    let problem = match taken_up(&app, &posted, number).await {
        Ok(case) => {
            let address = format!("/operator/complaints/cases/{}", case.row.case);
            return Redirect::to(&address).into_response();
        }
        Err(OfficerError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(OfficerError::Refused(OfficerRefused::NotThisRole)) => {
            return posted.desk.not_yours(|role| role.has(Duty::WorkOnCases));
        }
        Err(refused) => ApiProblem::from(refused),
    };
    let desk = posted.desk;
    match blocks(&app, &desk, number).await {
        Ok(blocks) => desk.refuses(&problem, number.to_string(), blocks),
        Err(OfficerError::Fault(fault)) => desk.fault(&fault),
        Err(OfficerError::Refused(_)) => desk.nothing(),
    }
}

async fn taken_up(
    app: &App,
    posted: &StaffForm,
    number: ComplaintNumber,
) -> Result<OpenedCase, OfficerError> {
    let staff = &posted.desk.staff;
    if posted.text("choice") == "link" {
        let case = CaseId::parse(posted.text("case")).ok_or(OfficerRefused::Unknown)?;
        return app.service.link_complaint(staff, &case, number).await;
    }
    let text = posted.text("text").trim();
    if text.is_empty() && staff.may(Duty::WorkOnCases) {
        return Err(OfficerRefused::NoReasons.into());
    }
    app.service.open_case(staff, &[number], text).await
}
