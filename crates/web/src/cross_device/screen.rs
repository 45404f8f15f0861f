//! The screen: opens a session, shows its code and number, waits, goes on. Bound by a cookie.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use identity::service::Fault;
use identity::verification::cross_device::{
    CrossDeviceError, CrossDeviceRefused, Opened, Screen, ScreenState,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::authorize::Presented;
use crate::oauth::decide::read;
use crate::page::cross_device::{CrossDevice, CrossDeviceState};
use crate::page::problem::ProblemKind;
use crate::person::approval::platform_text;
use crate::person::pages::posted::Posted;
use crate::person::pages::show;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::{PageProblem, render};

use super::browser::{host, kind_of_screen};
use super::cookie;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    transaction: String,
}

/// `POST /x/open`: from the page of ways as a form, from a program as JSON.
pub(super) async fn open(State(app): State<Arc<App>>, request: Request) -> Response {
    let screen = kind_of_screen(request.headers());
    if is_json(request.headers()) {
        return match open_json(&app, request, screen).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        };
    }
    let posted = match Posted::from_request(request, &app).await {
        Ok(posted) => posted,
        Err(refused) => return refused,
    };
    let transaction = posted.form.text("transaction").unwrap_or_default();
    match open_session(&app, transaction, screen).await {
        Ok(opened) => {
            let set_cookie = [(SET_COOKIE, cookie::bind(&app, &opened))];
            (set_cookie, Redirect::to("/x/wait")).into_response()
        }
        Err(error) => PageProblem::cross_device(posted.visitor.frame(), &error).into_response(),
    }
}

async fn open_json(
    app: &Arc<App>,
    request: Request,
    screen: Option<String>,
) -> Result<Response, ApiProblem> {
    let body: Open = read(&bytes(request, app).await?)?;
    let opened = open_session(app, &body.transaction, screen).await?;
    let answer = json!({
        "session": opened.session,
        "number": opened.number,
        "payload": payload(app, &opened.session)?,
        "pairing_code": opened.pairing_code,
        "expires_at": opened.expires_at,
    });
    Ok(([(SET_COOKIE, cookie::bind(app, &opened))], Json(answer)).into_response())
}

/// A session for a request that nobody has decided.
async fn open_session(
    app: &App,
    transaction: &str,
    screen: Option<String>,
) -> Result<Opened, CrossDeviceError> {
    let request = app.service.open_request(transaction)?;
    let taken = app.service.store().request_taken(&request.digest).await;
    if taken.map_err(Fault::from)? {
        return Err(CrossDeviceRefused::Decided.into());
    }
    let until = request.request.expires_at;
    app.service
        .cross_device()
        .open(transaction, until, screen)
        .await
}

/// `GET /x/wait`. Without a script the page loads itself again, so that a decision goes on from here.
pub(super) async fn wait(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, PageProblem> {
    let frame = visitor.frame();
    let fault = |fault: &Fault| PageProblem::fault(visitor.frame(), fault);
    let over = || PageProblem::new(visitor.frame(), ProblemKind::Expired);
    // 1. This browser's session.
    let bound = cookie::bound(&headers).ok_or_else(over)?;
    let sessions = app.service.cross_device();
    let screen = sessions
        .screen(bound.session, bound.secret)
        .await
        .map_err(|e| fault(&e))?;
    let screen = screen.ok_or_else(over)?;
    // 2. Decided: on.
    if screen.state == ScreenState::Decided {
        let redirect = sessions
            .pick_up(bound.session, bound.secret)
            .await
            .map_err(|e| fault(&e))?;
        return Ok(Redirect::to(&redirect.ok_or_else(over)?).into_response());
    }
    // 3. Otherwise what stands there.
    let open = app
        .service
        .open_request(&screen.transaction)
        .map_err(|invalid| PageProblem::invalid_request(visitor.frame(), invalid))?;
    let presented = Presented {
        transaction: screen.transaction.clone(),
        open,
    };
    let page = CrossDevice {
        session: bound.session.to_owned(),
        platform: platform_text(&presented, &visitor.language()),
        transaction: presented.transaction,
        number: screen.number,
        pairing_code: screen.pairing_code,
        host: host(&app.service.issuer),
        expires_at: screen.expires_at.0,
        state: page_state(screen.state),
        frame,
    };
    Ok(render(&page))
}

/// `GET /x/status/{session}`: asked every two seconds; when decided, the answer goes out once.
pub(super) async fn status(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let bound = cookie::bound_to(&headers, &session).ok_or_else(ApiProblem::not_found)?;
    let sessions = app.service.cross_device();
    let screen = sessions.screen(bound.session, bound.secret).await?;
    let screen = screen.ok_or_else(ApiProblem::not_found)?;
    let mut answer = status_json(&app, &session, &screen)?;
    if screen.state == ScreenState::Decided {
        let redirect = sessions.pick_up(bound.session, bound.secret).await?;
        answer["redirect"] = json!(redirect.ok_or_else(ApiProblem::not_found)?);
    }
    Ok(Json(answer).into_response())
}

fn status_json(app: &App, session: &str, screen: &Screen) -> Result<Value, ApiProblem> {
    Ok(json!({
        "state": screen.state.as_str(),
        "payload": payload(app, session)?,
        "pairing_code": screen.pairing_code,
        "expires_at": screen.expires_at,
    }))
}

/// `GET /x/qr/{session}.svg`: the present code.
pub(super) async fn image(
    State(app): State<Arc<App>>,
    Path(image): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let session = image
        .strip_suffix(".svg")
        .ok_or_else(ApiProblem::not_found)?;
    let bound = cookie::bound_to(&headers, session).ok_or_else(ApiProblem::not_found)?;
    let screen = app
        .service
        .cross_device()
        .screen(bound.session, bound.secret)
        .await?;
    screen.ok_or_else(ApiProblem::not_found)?;
    show::image(&payload(&app, session)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extend {
    session: String,
}

/// `POST /x/extend`: two more minutes, as a form or as JSON.
pub(super) async fn extend(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers().clone();
    if is_json(&headers) {
        let extended = async {
            let body: Extend = read(&bytes(request, &app).await?)?;
            let screen = extend_session(&app, &headers, &body.session).await?;
            Ok::<_, ApiProblem>(Json(status_json(&app, &body.session, &screen)?).into_response())
        };
        return extended.await.unwrap_or_else(IntoResponse::into_response);
    }
    let posted = match Posted::from_request(request, &app).await {
        Ok(posted) => posted,
        Err(refused) => return refused,
    };
    let session = posted.form.text("session").unwrap_or_default();
    match extend_session(&app, &headers, session).await {
        // What was decided in between goes on from the waiting page.
        Ok(_) | Err(CrossDeviceError::Refused(CrossDeviceRefused::Decided)) => {
            Redirect::to("/x/wait").into_response()
        }
        Err(error) => PageProblem::cross_device(posted.visitor.frame(), &error).into_response(),
    }
}

async fn extend_session(
    app: &App,
    headers: &HeaderMap,
    session: &str,
) -> Result<Screen, CrossDeviceError> {
    let bound = cookie::bound_to(headers, session).ok_or(CrossDeviceRefused::Unknown)?;
    app.service
        .cross_device()
        .extend(bound.session, bound.secret)
        .await
}

/// The text of the present code.
fn payload(app: &App, session: &str) -> Result<String, Fault> {
    let code = app.service.cross_device().code(session)?;
    Ok(format!("{}/x/{}", app.service.issuer, code.text()))
}

async fn bytes(request: Request, app: &Arc<App>) -> Result<Bytes, ApiProblem> {
    Bytes::from_request(request, app)
        .await
        .map_err(|_| ApiProblem::malformed())
}

/// JSON cannot be sent from another origin without being asked for, so it needs no other proof of
/// where it comes from.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = media_type
        .and_then(|text| text.split(';').next())
        .map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

fn page_state(state: ScreenState) -> CrossDeviceState {
    match state {
        ScreenState::Waiting => CrossDeviceState::Waiting,
        ScreenState::Scanned => CrossDeviceState::Scanned,
        ScreenState::Decided => CrossDeviceState::Decided,
        ScreenState::Expired => CrossDeviceState::Expired,
    }
}
