//! Two browsers, one application (P22; R4.2, R4.3): the child's shows eight digits, the guardian's reads and answers.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use identity::guardianship::code::{CodeFor, CodeState, GuardianCode};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::account::act;
use super::apply::Application;

/// Routes of a code.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/guardian-code", post(of_new_device))
        .route("/person/api/guardian-code/device", post(of_device))
        .route("/person/api/guardian-code/read", post(read_code))
        .route("/person/api/guardian-code/answer", post(answer))
        .route("/person/api/guardian-code/state", post(state))
        .route("/person/api/guardian-code/cancel", post(cancel))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asks {
    /// Signed by the new key, which stands in its header; or by the device that is there.
    statement: String,
    application: String,
}

/// `POST /person/api/guardian-code`: the child's browser shows a code to the guardian.
async fn of_new_device(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Asks = read(&body)?;
    let form = Application::open(&app, &body.application)?;
    let checked = form.check(&app).await?;
    let by = CodeFor::NewDevice(&body.statement);
    Ok(shown(&app.service.guardian_code(&checked, by).await?))
}

/// `POST /person/api/guardian-code/device`: the same for a device that is there (a forgotten 口令).
async fn of_device(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Asks = read(&body)?;
    let proven = act(&app, &body.statement, "guardian_code").await?;
    let form = Application::open(&app, &body.application)?;
    let checked = form.check(&app).await?;
    let by = CodeFor::Device(&proven);
    Ok(shown(&app.service.guardian_code(&checked, by).await?))
}

fn shown(code: &GuardianCode) -> Response {
    let answer = json!({
        "code": code.code,
        "claim": code.claim,
        "check": code.check,
        "expires_at": code.expires_at,
    });
    Json(answer).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    statement: String,
}

/// `POST /person/api/guardian-code/read`: what the code asks of a guardian.
async fn read_code(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "guardian_code_read").await?;
    let asks = app.service.read_guardian_code(&proven).await?;
    let answer = json!({
        "child_name": asks.child_name,
        "act": asks.act.as_str(),
        "purpose": asks.purpose.as_str(),
        "key": asks.key,
        "check": asks.check,
        "expires_at": asks.expires_at,
    });
    Ok(Json(answer).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    code: String,
    statement: String,
}

/// `POST /person/api/guardian-code/answer`: the guardian's yes or no, signed, for the child's browser.
async fn answer(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Answers = read(&body)?;
    let state = app
        .service
        .answer_guardian_code(&body.code, &body.statement)
        .await?;
    Ok(Json(json!({ "state": name(&state) })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    claim: String,
}

/// `POST /person/api/guardian-code/state`: the statement, once it is there.
async fn state(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Claim = read(&body)?;
    let state = app.service.guardian_code_state(&body.claim).await?;
    let guardian = match &state {
        CodeState::Agreed(statement) => Some(statement),
        CodeState::Waiting | CodeState::Refused => None,
    };
    Ok(Json(json!({ "state": name(&state), "guardian": guardian })).into_response())
}

/// `POST /person/api/guardian-code/cancel`: the child's browser waits no longer.
async fn cancel(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Claim = read(&body)?;
    app.service.cancel_guardian_code(&body.claim).await?;
    Ok(Json(json!({ "done": true })).into_response())
}

fn name(state: &CodeState) -> &'static str {
    match state {
        CodeState::Waiting => "waiting",
        CodeState::Agreed(_) => "done",
        CodeState::Refused => "refused",
    }
}
