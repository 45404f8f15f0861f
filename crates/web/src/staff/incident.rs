//! Incidents over HTTP: recorded and led by the security administrator, read by supervisors (O5, R12.3). And the door
//! through which a platform names the persons of an incident of its own.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use identity::id::IncidentId;
use identity::incident::{Incident, IncidentError, IncidentRefused, NewIncident, Step};
use identity::service::Suite;
use identity::staff::{ActingStaff, Duty, NotYourDuty};
use openid::{ErrorCode, OAuthError};
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::client::authenticate;
use crate::oauth::decide::read;
use crate::oauth::form;
use crate::problem::{ApiProblem, OAuthProblem, oauth_fault};

use super::session::Staff;

/// Who reads incidents: those who lead them, the supervisors, and who audits.
pub(crate) fn may_read(staff: &ActingStaff) -> Result<(), NotYourDuty> {
    if staff.may(Duty::Supervise) || staff.may(Duty::ReadAudit) {
        return Ok(());
    }
    staff.must(Duty::LeadIncidents)
}

/// `GET /staff/api/incidents`.
pub async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    may_read(&staff)?;
    let incidents = app.service.incidents().await?;
    let shown: Vec<Value> = incidents.iter().map(|one| shown(&app, one)).collect();
    Ok(Json(json!({ "incidents": shown })).into_response())
}

/// `POST /staff/api/incidents`: records one; the plan starts.
pub async fn open(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let new: NewIncident = read(&body)?;
    let incident = app.service.open_incident(&staff, new).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &incident))).into_response())
}

/// `GET /staff/api/incidents/{id}`.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    may_read(&staff)?;
    let incident = find(&app, &id).await?;
    Ok(Json(shown(&app, &incident)).into_response())
}

/// `POST /staff/api/incidents/{id} {"do": …}`: one step.
pub async fn lead(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let step: Step = read(&body)?;
    let id = IncidentId::parse(&id).ok_or_else(ApiProblem::not_found)?;
    let incident = app.service.lead_incident(&staff, &id, step).await?;
    Ok(Json(shown(&app, &incident)).into_response())
}

/// `GET /staff/api/incidents/{id}/report`: the record, signed, and readable beside it.
pub async fn report(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    may_read(&staff)?;
    let incident = find(&app, &id).await?;
    let signed = app.service.signed_incident_report(&incident)?;
    let readable = app.service.incident_report(&incident);
    Ok(Json(json!({ "report": signed, "readable": readable })).into_response())
}

async fn find(app: &App, id: &str) -> Result<Incident, ApiProblem> {
    let id = IncidentId::parse(id).ok_or_else(ApiProblem::not_found)?;
    Ok(app.service.incident(&id).await?)
}

/// The record with its clocks and what a person would read.
fn shown(app: &App, incident: &Incident) -> Value {
    let policy = &app.service.policy.incident;
    let now = app.service.now();
    let preview = incident.notice.as_ref();
    let preview = preview.and_then(|notice| notice.note(incident).ok());
    json!({
        "incident": incident,
        "clocks": incident.clocks(policy, now),
        "overdue": incident.is_overdue(policy, now),
        "preview": preview,
    })
}

/// `POST /oauth/incident`: a platform names, by its own identifiers, the persons of an incident at the platform. They
/// are opened in memory and told; the answer is how many were named, whoever they are.
pub async fn subjects(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    let form = form(&headers, &body)?;
    let client = authenticate(&app, suite, &headers, &form, "/oauth/incident")?;
    let missing = || OAuthError::from(ErrorCode::InvalidRequest);
    let incident = form.text("incident").and_then(IncidentId::parse);
    let incident = incident.ok_or_else(missing)?;
    let named: Vec<&str> = form
        .text("subjects")
        .ok_or_else(missing)?
        .split(' ')
        .collect();
    let platform = &client.registered().platform;
    match app.service.tell_subjects(platform, &incident, &named).await {
        Ok(named) => Ok(Json(json!({ "named": named })).into_response()),
        Err(IncidentError::Fault(fault)) => Err(oauth_fault(&fault).into()),
        Err(IncidentError::Refused(IncidentRefused::NotNow(why))) => {
            Err(ErrorCode::InvalidRequest.because(why).into())
        }
        Err(IncidentError::Refused(_)) => {
            Err(ErrorCode::InvalidRequest.because("no such incident").into())
        }
    }
}
