//! 家人 for a device: who is whose guardian, what waits, what was decided (P22, P23; R4.2–R4.5, R5.2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use identity::guardianship::family::Family;
use identity::guardianship::request::{GuardianAnswer, GuardianRequest};
use identity::guardianship::standing::StandingView;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::authorize::location;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;
use crate::problem::guardian::age_group;

use super::account::act;

/// Routes of a family.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/person/api/family", post(family))
        .route("/person/api/refresh-guardians", post(refresh))
        .route("/person/api/guardian-ask", post(ask))
        .route("/person/api/guardian-asked", post(asked))
        .route("/person/api/guardian-requests", post(requests))
        .route("/person/api/guardian-decide", post(decide))
        .route("/person/api/standing-consents", post(standing))
        .route(
            "/person/api/withdraw-standing-consent",
            post(withdraw_standing),
        )
        .merge(super::guardian_code::router())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    statement: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    statement: String,
    /// The sealed request the act names by its digest.
    transaction: String,
}

/// `POST /person/api/family` (P22).
async fn family(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "family").await?;
    let family = app.service.family(proven.view()).await?;
    Ok(Json(family_json(&family)).into_response())
}

/// A family as JSON.
fn family_json(family: &Family) -> Value {
    let children: Vec<_> = family
        .children
        .iter()
        .map(|child| {
            json!({
                "child": child.handle.0.to_string(),
                "name_masked": child.name_masked,
                "age_group": age_group(child.group),
                "state": child.state,
                "relation": child.relation,
                "confirmed_on": child.confirmed_on.to_string(),
                "changes_on": child.changes_on.to_string(),
                "standing_consents": child.standing,
            })
        })
        .collect();
    let guardians: Vec<_> = family
        .guardians
        .iter()
        .map(|guardian| {
            json!({
                "name_masked": guardian.name_masked,
                "relation": guardian.relation,
                "confirmed_on": guardian.confirmed_on.to_string(),
                "can_decide": guardian.can_decide,
            })
        })
        .collect();
    let mut shown = json!({ "age_group": age_group(family.group), "children": children, "guardians": guardians });
    if let Some(handle) = family.handle {
        shown["child"] = json!(handle.0.to_string());
    }
    shown
}

/// `POST /person/api/refresh-guardians`: the registry is asked again, on demand.
async fn refresh(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "refresh_guardians").await?;
    let guardians = app.service.ask_registry_for_guardians(&proven).await?;
    Ok(Json(json!({ "guardians": guardians })).into_response())
}

/// `POST /person/api/guardian-ask`: a child's device leaves a request for a guardian elsewhere.
async fn ask(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: About = read(&body)?;
    let proven = act(&app, &body.statement, "guardian_ask").await?;
    let until = app.service.ask_guardian(&proven, &body.transaction).await?;
    Ok(Json(json!({ "state": "waiting", "expires_at": until })).into_response())
}

/// `POST /person/api/guardian-asked`: what became of it. After a no the browser goes back to the platform, which hears
/// what it hears of every refusal (R8.1).
async fn asked(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: About = read(&body)?;
    let proven = act(&app, &body.statement, "guardian_asked").await?;
    let answer = app
        .service
        .asked_guardian(&proven, &body.transaction)
        .await?;
    let mut shown = json!({ "state": state(answer) });
    if answer == GuardianAnswer::Refused {
        let open = app.service.open_request(&body.transaction)?;
        let refused = Err(openid::ErrorCode::AccessDenied.into());
        shown["redirect"] = json!(location(&app, &open, refused));
    }
    Ok(Json(shown).into_response())
}

fn state(answer: GuardianAnswer) -> &'static str {
    match answer {
        GuardianAnswer::Waiting => "waiting",
        GuardianAnswer::Approved => "approved",
        GuardianAnswer::Refused => "refused",
    }
}

/// `POST /person/api/guardian-requests`: what waits for this guardian (P23).
async fn requests(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "guardian_requests").await?;
    let requests = app.service.guardian_requests(proven.view()).await?;
    let requests: Vec<_> = requests.iter().map(request_json).collect();
    Ok(Json(json!({ "requests": requests })).into_response())
}

fn request_json(request: &GuardianRequest) -> Value {
    let platform = &request.open.platform;
    let scenario = request.open.scenario();
    let both = |text: &identity::platform::LocalText| json!({ "zh-CN": text.text("zh-CN"), "en": text.text("en") });
    json!({
        "child_name": request.child_name,
        "key": request.key,
        "transaction": request.transaction,
        "platform": both(&platform.name),
        "host": platform.host,
        "scenario": { "id": scenario.id, "title": both(&scenario.title), "purpose": both(&scenario.purpose),
                      "legal_basis": both(&scenario.legal_basis) },
        "attributes": request.open.request.attributes,
        "expires_at": request.open.request.expires_at,
        "approved": request.approved,
    })
}

/// `POST /person/api/guardian-decide`: a guardian's statement about a request that waits.
async fn decide(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let answer = app.service.guardian_decides(&body.statement).await?;
    Ok(Json(json!({ "state": state(answer) })).into_response())
}

/// `POST /person/api/standing-consents`.
async fn standing(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "standing_consents").await?;
    let consents = app.service.standing_consents(proven.view()).await?;
    let consents: Vec<_> = consents.iter().map(standing_json).collect();
    Ok(Json(json!({ "standing_consents": consents })).into_response())
}

fn standing_json(view: &StandingView) -> Value {
    json!({
        "id": view.id,
        "child": view.child.map(|handle| handle.0.to_string()),
        "child_name": view.child_name,
        "given_on": view.given_on.to_string(),
        "by_me": view.by_reader,
        "sealed": view.sealed,
    })
}

/// `POST /person/api/withdraw-standing-consent`: at once, by any guardian or the child.
async fn withdraw_standing(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let body: Signed = read(&body)?;
    let proven = act(&app, &body.statement, "withdraw_standing_consent").await?;
    if app.service.withdraw_standing_consent(&proven).await? {
        Ok(Json(json!({ "done": true })).into_response())
    } else {
        Err(ApiProblem::not_found())
    }
}
