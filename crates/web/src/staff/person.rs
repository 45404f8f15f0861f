//! What two roles may know of a person, look by look (R12.1, P-minors).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::id::ProposalId;
use identity::oversight::subject::Subject;
use identity::person::apply::DocumentFields;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::session::Staff;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Find {
    document: DocumentFields,
    purpose: String,
}

/// `POST /staff/api/find-subject {document, purpose}`: the handle of a person by the whole document.
pub async fn find(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Find { document, purpose } = read(&body)?;
    let subject = app
        .service
        .find_subject(&staff, &document, &purpose)
        .await?;
    Ok(Json(json!({ "person": subject })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    person: Subject,
    purpose: String,
    #[serde(default)]
    ticket: Option<ProposalId>,
}

/// `POST /staff/api/look {person, purpose, ticket?}`: one look; a minor's record takes a ticket.
pub async fn look(
    State(app): State<Arc<App>>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let Look {
        person,
        purpose,
        ticket,
    } = read(&body)?;
    let look = app
        .service
        .look(&staff, &person, ticket.as_ref(), &purpose)
        .await?;
    Ok(Json(look).into_response())
}
