//! A person's rights as a device asks for them: see, copy, correct, restrict, explain, re-issue (PIPL 44–50).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use identity::recheck::{Corrected, RenewedWangzheng};
use identity::rights::held::held;
use identity::rights::restrict::Restricted;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::page::Template;
use crate::page::export::ExportPage;
use crate::problem::ApiProblem;

use super::account::act;

/// Routes of the rights.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/held", post(see))
        .route("/person/api/export", post(export))
        .route("/person/api/correct", post(correct))
        .route("/person/api/restrict", post(restrict))
        .route("/person/api/unrestrict", post(unrestrict))
        .route("/person/api/explain", post(explain))
        .route("/person/api/review", post(review))
        .route("/person/api/reissue", post(reissue))
        .route("/person/api/renew", post(super::apply::renew))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    statement: String,
}

/// See (PIPL 45): what is held, by kind, with purpose and retention; values masked.
async fn see(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "held").await?;
    let account = app.service.account(proven.view())?;
    let answer = json!({
        "held": held(),
        "name_masked": account.name_masked,
        "wanghao_masked": account.wanghao_masked,
        "document_kind": account.document_kind,
        "state": account.state,
        "valid_until": account.valid_until.to_string(),
    });
    Ok(Json(answer).into_response())
}

/// Copy (PIPL 45): prepared at once, in this answer alone; nothing is kept to be fetched later.
async fn export(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "export").await?;
    let export = app.service.export(&proven).await?;
    let page = ExportPage {
        claims: &export.claims,
    };
    let page = page.render().map_err(|_| ApiProblem::unprintable())?;
    let answer = json!({
        "export": export.signed,
        "page": page,
        "prepared_at": export.claims.iat,
    });
    Ok(Json(answer).into_response())
}

/// Correct through the registry (PIPL 46).
async fn correct(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "correct").await?;
    let typed = proven.statement().document.clone();
    let corrected = app.service.correct(&proven, typed).await;
    match corrected.map_err(|error| ApiProblem::renew(&app, error))? {
        Corrected::Unchanged => Ok(Json(json!({ "state": "unchanged" })).into_response()),
        Corrected::Changed(renewed) => Ok(Json(changed(&renewed)).into_response()),
        Corrected::Waiting { number } => {
            let answer = json!({ "state": "waiting", "queue_number": number });
            Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
        }
    }
}

/// What a change brought.
pub(super) fn changed(renewed: &RenewedWangzheng) -> Value {
    json!({
        "state": "changed",
        "changed": renewed.changed,
        "credential": renewed.credential,
        "serial": renewed.serial,
        "valid_until": renewed.valid_until.to_string(),
        "wangzheng": renewed.state,
    })
}

/// Restrict (PIPL 44): the 网证 answers no platform.
async fn restrict(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "restrict").await?;
    restricted(app.service.restrict(&proven).await?, true)
}

/// Lifts it; asks the 口令.
async fn unrestrict(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "unrestrict").await?;
    restricted(app.service.unrestrict(&proven).await?, false)
}

fn restricted(restricted: Restricted, now: bool) -> Result<Response, ApiProblem> {
    match restricted {
        Restricted::Done => Ok(Json(json!({ "restricted": now })).into_response()),
        Restricted::NotPossible(state) => Err(ApiProblem::new(
            StatusCode::CONFLICT,
            "not_in_state",
            format!(
                "PIPL 44: nothing changes; the credential is {}",
                state.as_str()
            ),
        )),
    }
}

/// Explain (PIPL 48): why the 网证 does not answer, in words.
async fn explain(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "explain").await?;
    Ok(Json(app.service.explain(proven.view())).into_response())
}

/// A number to give to a reviewer (C3): staff never search for people.
async fn review(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "review").await?;
    let number = app.service.review_number(proven.view())?;
    Ok(Json(json!({ "review": number })).into_response())
}

/// A new 网号 (R2.1); asks the 口令.
async fn reissue(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "reissue").await?;
    let reissued = app.service.reissue(&proven).await?;
    let answer = json!({
        "wanghao": reissued.wanghao.reveal(),
        "wanghao_masked": reissued.wanghao.masked(),
        "credential": reissued.credential,
        "serial": reissued.serial,
        "valid_until": reissued.valid_until.to_string(),
    });
    Ok(Json(answer).into_response())
}
