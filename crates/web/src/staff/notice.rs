//! Notices for those who write them, telling that waits, and what rests on an exception (O6, R11.1, R11.3, R11.4).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::notice::{LEGAL_BASES, Notice};
use identity::residency;
use identity::service::Fault;
use identity::staff::Duty;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::person::agreement::version;
use crate::problem::ApiProblem;

use super::incident::may_read;
use super::session::Staff;

/// `GET /staff/api/notices`: every version with what it changed, and the exceptions.
pub async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    if !staff.may(Duty::EditNotices) {
        may_read(&staff)?;
    }
    let editions = app.service.editions();
    let versions: Vec<Value> = editions
        .all()
        .map(|notice| version(notice, editions.before(notice), "zh-CN"))
        .collect();
    let exceptions = app.service.notice_exceptions().await?;
    let exceptions: Vec<Value> = exceptions
        .iter()
        .map(|recorded| {
            let record = &recorded.record;
            json!({
                "exception": recorded.exception,
                "proposal": record.id,
                "proposed_by": record.proposed.login,
                "confirmed_by": record.decided.as_ref().map(|signed| &signed.login),
            })
        })
        .collect();
    let assessments = residency::assessments(app.service.store());
    let assessments = assessments.await.map_err(Fault::from)?;
    let bases: Vec<Value> = LEGAL_BASES
        .iter()
        .map(|(id, text)| json!({ "id": id, "text": text }))
        .collect();
    Ok(Json(json!({
        "versions": versions,
        "exceptions": exceptions,
        "legal_bases": bases,
        "assessments": assessments,
    }))
    .into_response())
}

/// `POST /staff/api/notices/preview`: a draft against the last version, and whether everybody would be asked again.
/// Nothing is stored: publishing is an act of two persons (`publish_notice`).
pub async fn preview(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    staff.must(Duty::EditNotices)?;
    let draft: Notice = read(&body)?;
    let problem = app.service.check_draft(&draft).err();
    let editions = app.service.editions();
    let last = editions.of(&draft.id).next_back();
    Ok(Json(json!({
        "version": version(&draft, last, "zh-CN"),
        "english": version(&draft, last, "en"),
        "problem": problem.map(|problem| problem.to_string()),
    }))
    .into_response())
}

/// `GET /staff/api/deferrals`: what waits to be told, and what waits too long.
pub async fn deferrals(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    may_read(&staff)?;
    let now = app.service.now();
    let deferrals = app.service.deferrals().await?;
    let shown: Vec<Value> = deferrals
        .iter()
        .map(|deferral| json!({ "deferral": deferral, "overdue": deferral.is_overdue(now) }))
        .collect();
    Ok(Json(json!({ "deferrals": shown })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lift {
    reason: String,
}

/// `POST /staff/api/deferrals/lift`: the emergency is over, everybody is told at once (Art. 11(4)).
pub async fn lift(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    staff.must(Duty::LeadIncidents)?;
    let Lift { reason } = read(&body)?;
    let known = app.service.deferrals().await?;
    if !known.iter().any(|deferral| deferral.reason == reason) {
        return Err(ApiProblem::not_found());
    }
    let lifted = app.service.lift_notices(&reason, staff.login()).await?;
    Ok(Json(json!({ "delivered": lifted.delivered })).into_response())
}
