//! Acts of a known device: history, lock, unlock, devices (contract of the wallet).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PublicKey};
use identity::person::account::{DeviceRemoved, LockChanged};
use identity::person::recover::{ACT_TYPE, Act};
use identity::service::Fault;
use identity::statement::{ProvenDevice, Uses};
use jose::jwk::Jwk;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

/// Most entries of one answer.
const PAGE: u32 = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
    #[serde(default)]
    below: Option<u64>,
}

/// Checks that a known device says exactly this act.
pub(crate) async fn act(
    app: &App,
    statement: &str,
    name: &str,
) -> Result<ProvenDevice<Act>, ApiProblem> {
    let proven = app
        .service
        .proven_device::<Act>(statement, ACT_TYPE, Uses::Once)
        .await?;
    if proven.statement().act == name {
        Ok(proven)
    } else {
        Err(ApiProblem::malformed())
    }
}

/// `POST /person/api/receipts`: the sealed history, newest first (C1: only the device opens it).
pub async fn receipts(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "receipts").await?;
    let rows = app.service.history(proven.view(), body.below, PAGE).await?;
    let receipts: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.sequence,
                "day": row.day.to_string(),
                "sealed": Base64UrlUnpadded::encode_string(&row.sealed),
                "commitment": row.commitment,
            })
        })
        .collect();
    let wrap = &proven.view().device.history_wrap;
    let history_wrap = (!wrap.is_empty()).then(|| Base64UrlUnpadded::encode_string(wrap));
    let answer = json!({
        "receipts": receipts,
        "history_wrap": history_wrap,
        "history_key": history_jwk(&proven.view().person.history_key)?,
    });
    Ok(Json(answer).into_response())
}

/// `POST /person/api/lock`: one tap (P20, C3).
pub async fn lock(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "lock").await?;
    changed(app.service.lock(&proven).await?)
}

/// `POST /person/api/unlock`: asks the 口令.
pub async fn unlock(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "unlock").await?;
    changed(app.service.unlock(&proven).await?)
}

fn changed(changed: LockChanged) -> Result<Response, ApiProblem> {
    match changed {
        LockChanged::Changed(state) => Ok(Json(json!({ "state": state })).into_response()),
        LockChanged::NotPossible(state) => Err(ApiProblem::new(
            http::StatusCode::CONFLICT,
            "not_in_state",
            format!(
                "R2.2: not possible while the credential is {}",
                state.as_str()
            ),
        )),
    }
}

/// `POST /person/api/devices` (P21).
pub async fn devices(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "devices").await?;
    let devices: Vec<_> = app
        .service
        .devices(proven.view())
        .await?
        .into_iter()
        .map(|device| {
            json!({
                "device": device.handle.0.to_string(),
                "name": device.name,
                "added_on": device.added_on.to_string(),
                "active_from": device.active_from,
                "this": device.this,
            })
        })
        .collect();
    Ok(Json(json!({ "devices": devices })).into_response())
}

/// `POST /person/api/remove-device`.
pub async fn remove_device(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "remove_device").await?;
    match app.service.remove_device(&proven).await? {
        DeviceRemoved::Removed => Ok(Json(json!({ "done": true })).into_response()),
        DeviceRemoved::NotOwn => Err(ApiProblem::not_found()),
        DeviceRemoved::Last => Err(ApiProblem::new(
            http::StatusCode::CONFLICT,
            "last_device",
            "P-recovery: this is the last device; without it only the document check is left",
        )),
    }
}

/// `POST /person/api/history-wrap`: the history key for the acting device.
pub async fn history_wrap(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "history_wrap").await?;
    let wrap = bytes(proven.statement().history_wrap.as_deref())?;
    app.service.put_history_wrap(&proven, wrap).await?;
    Ok(Json(json!({ "done": true })).into_response())
}

/// `POST /person/api/history-begin`: a new history where nobody can open the old one.
pub async fn history_begin(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "history_begin").await?;
    let key = bytes(proven.statement().history_key.as_deref())?;
    let wrap = bytes(proven.statement().history_wrap.as_deref())?;
    app.service.begin_history(&proven, key, wrap).await?;
    Ok(Json(json!({ "done": true })).into_response())
}

/// The public history key as a JWK: Firefox and Safari import a private key only with its public part.
pub(super) fn history_jwk(point: &[u8]) -> Result<Jwk, ApiProblem> {
    let key = PublicKey::from_sec1(Curve::P256, point);
    let key = key.map_err(|_| Fault::Invariant("a stored history key is no key"))?;
    Ok(Jwk::public(&key, None, None, None))
}

fn bytes(text: Option<&str>) -> Result<Vec<u8>, ApiProblem> {
    text.and_then(|text| Base64UrlUnpadded::decode_vec(text).ok())
        .ok_or_else(ApiProblem::malformed)
}
