//! Legal requests as JSON (S10, R9.4): entered by an officer, carried out by two persons through `/staff/api/propose`
//! and `/staff/api/confirm`, taken once.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use identity::legal_request::{LegalRequestId, LegalRequestRow, NewLegalRequest};
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/api/legal-requests", get(list).post(draft))
        .route("/staff/api/legal-requests/{request}/take", post(take))
}

/// `GET /staff/api/legal-requests`: basis, authority, state and days; nothing of whom they are about.
async fn list(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    let rows = app.service.legal_requests(&staff).await?;
    let today = app.service.now().day();
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut json = row_json(row);
            // Art. 11(4): who was to be told and was not stands out.
            let waits = row.told_on.is_none() && row.tell_on.is_some_and(|day| day < today);
            json["overdue"] = waits.into();
            json
        })
        .collect();
    Ok(Json(json!({ "legal_requests": rows })).into_response())
}

fn row_json(row: &LegalRequestRow) -> Value {
    let day = |day: Option<identity::clock::Day>| day.map(|day| day.to_string());
    json!({
        "request": row.request,
        "basis": row.basis,
        "law": row.basis.title(),
        "authority": row.authority,
        "state": row.state,
        "drafted_by": row.drafted_by,
        "drafted_on": row.drafted_on.to_string(),
        "settled_on": day(row.settled_on),
        "tell_on": day(row.tell_on),
        "told_on": day(row.told_on),
    })
}

/// `POST /staff/api/legal-requests`: enters one; nobody is looked up yet.
async fn draft(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let new: NewLegalRequest = read(&body)?;
    let request = app.service.draft_legal_request(&staff, &new).await?;
    Ok((StatusCode::CREATED, Json(json!({ "request": request }))).into_response())
}

/// `POST /staff/api/legal-requests/{request}/take`: what was given, once.
async fn take(
    State(app): State<Arc<App>>,
    Path(request): Path<String>,
    staff: Staff,
) -> Result<Response, ApiProblem> {
    let request = LegalRequestId::parse(&request).ok_or_else(ApiProblem::not_found)?;
    let given = app.service.take_provision(&staff, &request).await?;
    Ok(Json(json!({ "request": request, "given": given })).into_response())
}
