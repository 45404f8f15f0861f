//! Dangerous acts over HTTP: proposed, confirmed or declined, each by a fresh signature (R12.1, R12.4).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use identity::oversight::ProposalRow;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

/// Most proposals of one list.
const MOST: u32 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
}

/// `POST /staff/api/propose {statement: JWS {proposed: {act, …}}}`.
pub async fn propose(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let id = app.service.propose(&staff, &body.statement).await?;
    Ok((StatusCode::CREATED, Json(json!({ "proposal": id }))).into_response())
}

/// `POST /staff/api/confirm {statement: JWS {answer: "confirm", proposal, digest}}`: confirms and carries out.
pub async fn confirm(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let done = app
        .service
        .confirm_and_carry_out(&staff, &body.statement)
        .await?;
    Ok(Json(json!({ "state": "done", "result": done.0 })).into_response())
}

/// `POST /staff/api/decline {statement: JWS {answer: "decline", proposal, digest}}`.
pub async fn decline(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    app.service.decline(&staff, &body.statement).await?;
    Ok(Json(json!({ "state": "declined" })).into_response())
}

/// `GET /staff/api/proposals`: what this role proposes, confirms or audits.
pub async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let rows = app.service.proposals_for(&staff, MOST).await?;
    let rows: Vec<Value> = rows.iter().map(json_of).collect();
    Ok(Json(json!({ "proposals": rows })).into_response())
}

fn json_of(row: &ProposalRow) -> Value {
    json!({
        "proposal": row.id,
        "act": row.act,
        "digest": row.digest(),
        "state": row.state,
        "proposed_by": row.proposed.login,
        "proposed_at": row.proposed.at,
        "expires_at": row.expires_at,
        "decided_by": row.decided.as_ref().map(|signed| &signed.login),
        "decided_at": row.decided.as_ref().map(|signed| signed.at),
        "result": row.done.as_ref().map(|(_, result)| result),
    })
}
