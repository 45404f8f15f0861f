//! A second device, vouched for by one that is there (P-recovery).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64ct::{Base64UrlUnpadded, Encoding};
use identity::person::issue::NewDevice;
use jose::jwk::Jwk;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

use super::account::act;
use super::apply::point;

/// Routes of a link, and of the credential a device does not have yet.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/link", post(start))
        .route("/person/api/link/claim", post(claim))
        .route("/person/api/link/claimed", post(claimed))
        .route("/person/api/link/confirm", post(confirm))
        .route("/person/api/link/cancel", post(cancel))
        .route("/person/api/link/finish", post(finish))
        .route("/person/api/credential", post(credential))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    statement: String,
}

/// The old device asks for a code.
async fn start(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "link").await?;
    let link = app.service.start_link(&proven).await?;
    Ok(Json(json!({ "link_code": link.code, "expires_at": link.expires_at })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    link_code: String,
    /// Signed by the new key, which stands in its header.
    statement: String,
    agreement_key: Jwk,
    #[serde(default)]
    device_name: String,
}

/// The new device claims it.
async fn claim(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Claim = read(&body)?;
    let new = NewDevice {
        statement: &body.statement,
        agreement_key: point(Some(&body.agreement_key))?,
        name: body.device_name.trim().to_owned(),
        history_wrap: Vec::new(),
    };
    let link = app.service.claim_link(&body.link_code, &new).await?;
    let answer = json!({ "claim": link.claim, "check": link.check, "expires_at": link.expires_at });
    Ok(Json(answer).into_response())
}

/// The old device asks who claimed it.
async fn claimed(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "link_claimed").await?;
    let Some(claimed) = app.service.claimed_link(&proven).await? else {
        return Ok(Json(json!({ "state": "waiting" })).into_response());
    };
    let answer = json!({
        "state": "claimed",
        "device_name": claimed.name,
        "agreement_key": Base64UrlUnpadded::encode_string(&claimed.agreement_key),
        "check": claimed.check,
    });
    Ok(Json(answer).into_response())
}

/// The old device says yes.
async fn confirm(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "link_confirm").await?;
    app.service.confirm_link(&proven).await?;
    Ok(Json(json!({ "done": true })).into_response())
}

/// The old device says no, or leaves.
async fn cancel(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "link_cancel").await?;
    let ended = app.service.cancel_link(&proven).await?;
    Ok(Json(json!({ "done": ended })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finish {
    claim: String,
}

/// The new device asks what became of its claim.
async fn finish(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Finish = read(&body)?;
    let Some(linked) = app.service.finish_link(&body.claim).await? else {
        return Ok(Json(json!({ "state": "waiting" })).into_response());
    };
    let answer = json!({
        "state": "done",
        "device": linked.device.0.to_string(),
        "credential": linked.credential,
        "wanghao_masked": linked.wanghao_masked,
        "history_key": Base64UrlUnpadded::encode_string(&linked.history_key),
        "history_wrap": (!linked.history_wrap.is_empty())
            .then(|| Base64UrlUnpadded::encode_string(&linked.history_wrap)),
    });
    Ok(Json(answer).into_response())
}

/// The credential of a device that has none yet, or an old one.
async fn credential(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "credential").await?;
    let credential = app.service.renew_credential(proven.view()).await?;
    Ok(Json(json!({ "credential": credential })).into_response())
}
