//! 注销 (R9.5): asks, thinks again, fetches the receipt of erasure.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use identity::erasure::leave::{LeaveError, LeaveRefused, Leaving};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::account::act;

/// Routes of leaving.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/leave", post(leave))
        .route("/person/api/leave-cancel", post(cancel))
        .route("/person/api/leave-receipt", post(receipt))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    statement: String,
}

/// Restricts at once; erases now, or when the cooling-off is over. The device names the apps to tell.
async fn leave(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "leave").await?;
    let answer = match app.service.leave(&proven).await? {
        Leaving::Erased { receipt } => json!({ "state": "erased", "receipt": receipt }),
        Leaving::Restricted { erase_at } => json!({
            "state": "leaving",
            "erase_at": erase_at,
            "erase_on": erase_at.day().to_string(),
        }),
    };
    Ok(Json(answer).into_response())
}

/// Everything is as it was, while the cooling-off runs.
async fn cancel(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "leave_cancel").await?;
    let state = app.service.cancel_leave(&proven).await?;
    Ok(Json(json!({ "state": state })).into_response())
}

/// The receipt of an erasure that came later, or whose answer got lost: by the device's key alone.
async fn receipt(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let receipt = app.service.fetch_erasure_receipt(&body.statement).await?;
    let receipt = receipt.ok_or_else(ApiProblem::not_found)?;
    Ok(Json(json!({ "state": "erased", "receipt": receipt })).into_response())
}

impl From<LeaveError> for ApiProblem {
    fn from(error: LeaveError) -> Self {
        let refused = match error {
            LeaveError::Fault(fault) => return fault.into(),
            LeaveError::Refused(refused) => refused,
        };
        let title = refused.to_string();
        match refused {
            LeaveRefused::Pin(refused) => refused.into(),
            LeaveRefused::OpenDuties(duties) => {
                Self::new(StatusCode::CONFLICT, "open_duties", title).with("duties", json!(duties))
            }
            LeaveRefused::NotPossible => Self::new(StatusCode::CONFLICT, "not_in_state", title),
            LeaveRefused::NotLeaving => Self::new(StatusCode::CONFLICT, "not_leaving", title),
        }
    }
}
