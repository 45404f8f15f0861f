//! Submissions of platforms and their review, as JSON (R5.1, R6.2, R7.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use crypto::digest::Digest;
use http::StatusCode;
use identity::oversight::SubmissionRow;
use identity::oversight::review::Verdict;
use identity::oversight::submission::Submitted;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

/// `POST /staff/api/submit {kind, content}`: a member submits for the own platform.
pub async fn submit(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let submitted: Submitted = read(&body)?;
    let row = app.service.submit(&staff, submitted).await?;
    Ok((StatusCode::CREATED, Json(json_of(&row))).into_response())
}

/// `GET /staff/api/submissions`: all for reviewers, the own ones for members.
pub async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let rows = app.service.submissions(&staff).await?;
    let rows: Vec<Value> = rows.iter().map(json_of).collect();
    Ok(Json(json!({ "submissions": rows })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    digest: Digest,
    verdict: Verdict,
    reasons: String,
}

/// `POST /staff/api/review {digest, verdict: return|refuse, reasons}`. Approval takes two: `/staff/api/propose`.
pub async fn review(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Review {
        digest,
        verdict,
        reasons,
    } = read(&body)?;
    let row = app
        .service
        .review(&staff, &digest, verdict, &reasons)
        .await?;
    Ok(Json(json_of(&row)).into_response())
}

fn json_of(row: &SubmissionRow) -> Value {
    json!({
        "platform": row.platform,
        "subject": row.subject(),
        "submitted": row.submitted,
        "digest": row.digest(),
        "state": row.state,
        "by": row.by,
        "at": row.at,
        "reasons": row.reasons,
        "reviewed_by": row.reviewed_by,
    })
}
