//! `POST /oauth/decide`: the person's signed decision. `GET /oauth/other`: the platform's other way.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use identity::service::Fault;
use identity::verification::decision::{Decision, HandedIn};
use identity::verification::request::Channel;
use openid::{ErrorCode, Form, Secret};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::cross_device;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::PageProblem;

use super::authorize::location;

/// Longest body, in bytes.
const LONGEST: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    transaction: Option<String>,
    session: Option<String>,
    statement: String,
    /// The credential with the ticked disclosures and a key binding (RFC 9901); absent when nothing of it was ticked.
    presentation: Option<String>,
    /// What the guardian of a child under 14 states beside it (R5.2).
    guardian: Option<String>,
}

impl Body {
    fn handed_in(&self) -> HandedIn<'_> {
        HandedIn {
            statement: &self.statement,
            presentation: self.presentation.as_deref(),
            guardian: self.guardian.as_deref(),
        }
    }
}

/// Takes a decision. Approval and refusal answer alike: an address to go to, which alone tells the
/// platform; refusals by a rule tell the person and leave the request open.
pub async fn post(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    if let Some(payload) = &body.session {
        return cross_device::decide(&app, payload, body.handed_in()).await;
    }
    let transaction = body
        .transaction
        .as_ref()
        .ok_or_else(ApiProblem::malformed)?;
    match decide(&app, transaction, body.handed_in()).await? {
        Some(redirect) => Ok(Json(json!({ "redirect": redirect })).into_response()),
        // The platform fetches the answer itself.
        None => Ok(Json(json!({ "done": true })).into_response()),
    }
}

/// Decides a request and says where its answer goes; nowhere, when the platform fetches it.
pub async fn decide(
    app: &App,
    transaction: &str,
    handed_in: HandedIn<'_>,
) -> Result<Option<String>, ApiProblem> {
    let open = app.service.open_request(transaction)?;
    let proven = app
        .service
        .prove_decision(transaction, open.clone(), handed_in)
        .await?;
    if open.request.channel == Channel::Backchannel {
        app.service.decide_waiting(&proven).await?;
        return Ok(None);
    }
    let outcome = match app.service.decide(&proven).await? {
        Decision::Approved { code } => Ok(Secret::new(code)),
        // R8.1: a refusal, a lock and another way are one answer, without description.
        Decision::Refused => Err(ErrorCode::AccessDenied.into()),
    };
    let location = location(app, &open, outcome);
    let location = location.ok_or(Fault::Invariant("binding of a request"))?;
    Ok(Some(location))
}

/// The other lawful way (R6.2): costs nothing, leaves no mark, writes nothing.
pub async fn other(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Response {
    let form = Form::from_query(query.as_deref());
    let transaction = form
        .as_ref()
        .ok()
        .and_then(|form| form.text("transaction"))
        .unwrap_or("");
    let open = match app.service.open_request(transaction) {
        Ok(open) => open,
        Err(invalid) => {
            return PageProblem::invalid_request(visitor.frame(), invalid).into_response();
        }
    };
    match location(&app, &open, Err(ErrorCode::AccessDenied.into())) {
        Some(location) => Redirect::to(&location).into_response(),
        None => PageProblem::fault(visitor.frame(), &Fault::Invariant("binding")).into_response(),
    }
}

/// A JSON body within its size.
pub(crate) fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, ApiProblem> {
    if body.len() > LONGEST {
        return Err(ApiProblem::malformed());
    }
    serde_json::from_slice(body).map_err(|_| ApiProblem::malformed())
}
