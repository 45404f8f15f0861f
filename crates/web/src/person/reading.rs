//! 代读: the applicant's code, and the relative whose phone reads the document (C8).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use identity::consent::Consent;
use identity::person::apply::DocumentFields;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::account::act;

/// Routes of a document that is read elsewhere.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/reading-code", post(code))
        .route("/person/api/reading-code/state", post(state))
        .route("/person/api/read-for", post(read_for))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asks {
    consents: Vec<Consent>,
    document: DocumentFields,
}

/// `POST /person/api/reading-code {consents, document}`: eight digits for whoever has a reader.
async fn code(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Asks = read(&body)?;
    let opened = app.service.open_reading(&body.consents, &body.document);
    Ok(Json(opened.await?).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    claim: String,
}

/// `POST /person/api/reading-code/state {claim}`: `waiting`, or `read` with the evidence for the application.
async fn state(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Claim = read(&body)?;
    Ok(Json(app.service.reading_state(&body.claim).await?).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadsFor {
    statement: String,
    document: DocumentFields,
}

/// `POST /person/api/read-for {statement, document}`: what the relative's reader says.
async fn read_for(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: ReadsFor = read(&body)?;
    let proven = act(&app, &body.statement, "read_for").await?;
    let name = app.service.read_for_relative(&proven, &body.document);
    Ok(Json(json!({ "name_masked": name.await? })).into_response())
}
