//! `POST /staff/api/read-at-counter`: a member of staff holds a document to the reader of a counter (C8).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::person::apply::DocumentFields;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reads {
    code: String,
    document: DocumentFields,
}

/// The name of the holder, masked: the person at the window is who goes on.
pub async fn read_document(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Reads { code, document } = read(&body)?;
    let name = app
        .service
        .read_at_counter(&staff, &code, &document)
        .await?;
    Ok(Json(json!({ "name_masked": name })).into_response())
}
