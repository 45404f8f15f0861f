//! Complaints and cases for their officers, as JSON (O9, S7): list, read, open, link, take over, note, measure, close,
//! export.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use identity::case_file::open::OpenedCase;
use identity::case_file::{CaseId, CaseRow, Measure};
use identity::complaint::answer::ComplaintOutcome;
use identity::complaint::officer::{ComplaintLine, OpenedComplaint};
use identity::complaint::{ComplaintNumber, ComplaintState};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

/// Most complaints of one list.
const MOST: usize = 500;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/api/complaints", get(complaints))
        .route("/staff/api/complaints/{number}", get(complaint))
        .route("/staff/api/cases", get(cases).post(open))
        .route("/staff/api/cases/{case}", get(case))
        .route("/staff/api/cases/{case}/link", post(link))
        .route("/staff/api/cases/{case}/take", post(take))
        .route("/staff/api/cases/{case}/note", post(note))
        .route("/staff/api/cases/{case}/measure", post(measure))
        .route("/staff/api/cases/{case}/close", post(close))
        .route("/staff/api/cases/{case}/evidence", post(evidence))
}

/// `GET /staff/api/complaints`: what waits for an officer, the most urgent first.
async fn complaints(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let waiting = ComplaintState::Received;
    let lines = app.service.complaints(&staff, waiting, MOST).await?;
    let lines: Vec<Value> = lines.iter().map(line).collect();
    Ok(Json(json!({ "complaints": lines })).into_response())
}

fn line(line: &ComplaintLine) -> Value {
    json!({
        "number": line.number,
        "kind": line.kind,
        "state": line.state,
        "platform": line.platform,
        "received_on": line.received_on.to_string(),
        "due_on": line.due_on.to_string(),
        "overdue": line.overdue,
    })
}

/// `GET /staff/api/complaints/{number}`: opens one; that is an act with a name.
async fn complaint(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    let number = ComplaintNumber::parse(&number).ok_or_else(ApiProblem::not_found)?;
    let opened = app.service.read_complaint(&staff, number).await?;
    Ok(Json(complaint_json(&opened)).into_response())
}

/// What an officer reads. Who complained is not in it: the answer finds its way by itself.
fn complaint_json(opened: &OpenedComplaint) -> Value {
    let OpenedComplaint { row, contents } = opened;
    json!({
        "number": contents.number,
        "kind": row.kind,
        "state": row.state,
        "platform": contents.platform,
        "text": contents.text,
        "receipts": contents.receipts,
        "share": contents.share,
        "by_holder": contents.by_holder(),
        "contact": contents.contact,
        "filed_at": contents.filed_at,
        "received_on": row.received_on.to_string(),
        "due_on": row.due_on.to_string(),
    })
}

/// `GET /staff/api/cases`: officers, auditors, and supervisors of the platform's field.
async fn cases(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let rows = app.service.cases(&staff).await?;
    let rows: Vec<Value> = rows.iter().map(row_json).collect();
    Ok(Json(json!({ "cases": rows })).into_response())
}

fn row_json(row: &CaseRow) -> Value {
    json!({
        "case": row.case,
        "platform": row.platform,
        "kind": row.kind,
        "article": row.kind.article(),
        "origin": row.origin,
        "state": row.state,
        "officer": row.officer,
        "opened_on": row.opened_on.to_string(),
        "due_on": row.due_on.to_string(),
    })
}

fn case_json(case: &OpenedCase) -> Value {
    let mut json = row_json(&case.row);
    json["complaints"] = json!(case.contents.complaints);
    json["entries"] = json!(case.contents.entries);
    json
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    complaints: Vec<ComplaintNumber>,
    #[serde(default)]
    text: String,
}

/// `POST /staff/api/cases {complaints, text}`: a case from complaints about one platform.
async fn open(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Open { complaints, text } = read(&body)?;
    let case = app.service.open_case(&staff, &complaints, &text).await?;
    Ok((StatusCode::CREATED, Json(case_json(&case))).into_response())
}

fn id(text: &str) -> Result<CaseId, ApiProblem> {
    CaseId::parse(text).ok_or_else(ApiProblem::not_found)
}

fn shown(case: &OpenedCase) -> Response {
    Json(case_json(case)).into_response()
}

/// `GET /staff/api/cases/{case}`.
async fn case(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    let case = app.service.read_case(&staff, &id(&case)?).await?;
    Ok(shown(&case))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    complaint: ComplaintNumber,
}

/// `POST …/link {complaint}`.
async fn link(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Link { complaint } = read(&body)?;
    let case = app
        .service
        .link_complaint(&staff, &id(&case)?, complaint)
        .await?;
    Ok(shown(&case))
}

/// `POST …/take`: the officer works on it from now on.
async fn take(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    let case = app.service.take_case(&staff, &id(&case)?).await?;
    Ok(shown(&case))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
}

/// `POST …/note {text}`.
async fn note(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Note { text } = read(&body)?;
    let case = app.service.note_in_case(&staff, &id(&case)?, &text).await?;
    Ok(shown(&case))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    measure: Measure,
    text: String,
}

/// `POST …/measure {measure, text}`.
async fn measure(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Take { measure, text } = read(&body)?;
    let case = app
        .service
        .measure(&staff, &id(&case)?, measure, &text)
        .await?;
    Ok(shown(&case))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Close {
    outcome: ComplaintOutcome,
    reasons: String,
}

/// `POST …/close {outcome, reasons}`: everybody who complained is told.
async fn close(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Close { outcome, reasons } = read(&body)?;
    let case = app
        .service
        .close_case(&staff, &id(&case)?, outcome, &reasons)
        .await?;
    Ok(shown(&case))
}

/// `POST …/evidence`: the signed package (R14.1). A `POST`, for whoever takes data out is named in an event.
async fn evidence(
    State(app): State<Arc<App>>,
    Path(case): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    let case = id(&case)?;
    let package = app.service.export_evidence(&staff, &case).await?;
    let name = format!("attachment; filename=\"{case}.evidence.json\"");
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, package).into_response())
}
