//! 授权管理: the person's consents, withdrawal and deletion requests, and where they stand (R8.3, R9.2, P19).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use http::StatusCode;
use identity::consent::undo::Undone;
use identity::consent::withdraw::{ConsentAct, SetGoing};
use identity::person::recover::ACT_TYPE;
use identity::statement::{ProvenDevice, Uses};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
}

async fn act(app: &App, body: &Bytes, name: &str) -> Result<ProvenDevice<ConsentAct>, ApiProblem> {
    let body: Body = read(body)?;
    let proven = app
        .service
        .proven_device::<ConsentAct>(&body.statement, ACT_TYPE, Uses::Once)
        .await?;
    if proven.statement().act == name {
        Ok(proven)
    } else {
        Err(ApiProblem::malformed())
    }
}

/// `POST /person/api/consents`: all rows; what is sealed only the device opens (C1).
pub async fn list(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = act(&app, &body, "consents").await?;
    let consents: Vec<Value> = app
        .service
        .consent_list(proven.view())
        .await?
        .into_iter()
        .map(|consent| {
            let row = consent.row;
            let sealed =
                (!row.sealed.is_empty()).then(|| Base64UrlUnpadded::encode_string(&row.sealed));
            json!({
                "kind": row.kind.as_str(),
                "notice": consent.notice,
                "notice_digest": row.notice,
                "given_on": row.given_on.to_string(),
                "withdrawn_on": row.withdrawn_on.map(|day| day.to_string()),
                "sealed": sealed,
            })
        })
        .collect();
    Ok(Json(json!({ "consents": consents })).into_response())
}

/// `POST /person/api/withdraw-consent`: from one platform, for the future.
pub async fn withdraw(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = act(&app, &body, "withdraw_consent").await?;
    going(app.service.withdraw_from_platform(&proven).await?)
}

/// `POST /person/api/request-deletion`: the platform is asked to delete.
pub async fn delete(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = act(&app, &body, "request_deletion").await?;
    going(app.service.request_deletion(&proven).await?)
}

/// `POST /person/api/tracking`: where things stand that the device names.
pub async fn tracking(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = act(&app, &body, "tracking").await?;
    let states: Vec<Value> = app
        .service
        .look_after(&proven)
        .await?
        .into_iter()
        .map(|(tracking, state)| {
            let mut answer = json!(state);
            answer["tracking"] = json!(tracking);
            answer
        })
        .collect();
    Ok(Json(json!({ "tracking": states })).into_response())
}

/// `POST /person/api/undo-approval`: for ten minutes.
pub async fn undo(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = act(&app, &body, "undo_approval").await?;
    match app.service.undo_approval(&proven).await? {
        Undone::Undone(set_going) => going(Some(set_going)),
        Undone::Unknown => going(None),
        Undone::TooLate => Err(ApiProblem::new(
            StatusCode::CONFLICT,
            "too_late",
            "R9.2: an approval is taken back within ten minutes; withdraw the consent instead",
        )),
    }
}

fn going(going: Option<SetGoing>) -> Result<Response, ApiProblem> {
    let going = going.ok_or_else(ApiProblem::not_found)?;
    let answer = json!({
        "tracking": going.tracking.to_string(),
        "due": going.due_at,
        "standing_ended": going.standing_ended,
    });
    Ok(Json(answer).into_response())
}
