//! The decision of a request on another screen: the phone hears that it is done, the screen goes on.

use axum::Json;
use axum::response::{IntoResponse, Response};
use identity::service::Fault;
use identity::verification::cross_device::Elsewhere;
use identity::verification::decision::{Decision, HandedIn};
use openid::{ErrorCode, Secret};
use serde_json::json;

use crate::app::App;
use crate::oauth::authorize::location;
use crate::problem::ApiProblem;

/// `POST /oauth/decide` with `session`: the payload of the code, or its whole text.
pub async fn decide(
    app: &App,
    payload: &str,
    handed_in: HandedIn<'_>,
) -> Result<Response, ApiProblem> {
    let prefix = format!("{}/x/", app.service.issuer);
    let code = payload.strip_prefix(&prefix).unwrap_or(payload);
    if let Elsewhere::Now(decided) = app.service.decide_elsewhere(code, handed_in).await? {
        let outcome = match &decided.decision {
            Decision::Approved { code } => Ok(Secret::new(code.clone())),
            // R8.1: to the platform every refusal is one answer.
            Decision::Refused => Err(ErrorCode::AccessDenied.into()),
        };
        let redirect = location(app, &decided.request, outcome)
            .ok_or(Fault::Invariant("binding of a request"))?;
        let sessions = app.service.cross_device();
        sessions
            .hand_back(&decided.session, decided.statement, &redirect)
            .await?;
    }
    Ok(Json(json!({ "done": true })).into_response())
}
