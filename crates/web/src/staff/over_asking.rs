//! `GET /staff/api/over-asking`: which platform asked for what it was not approved for, and how often (R8.2, R14.1).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::disclosure::over_asking::OverAskingCount;
use serde_json::{Value, json};

use crate::app::App;
use crate::problem::ApiProblem;

use super::session::Staff;

/// Counts by platform, month and kind; there is no person in them.
pub async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let counts = app.service.over_asking_for(&staff).await??;
    let rows: Vec<Value> = counts.iter().map(row).collect();
    Ok(Json(json!({ "over_asking": rows })).into_response())
}

fn row(count: &OverAskingCount) -> Value {
    let month = count.of.month.to_string();
    json!({
        "platform": count.of.platform,
        "month": month.get(..7),
        "kind": count.of.kind,
        "count": count.count,
    })
}
