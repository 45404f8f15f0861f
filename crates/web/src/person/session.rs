//! Who visits: a sealed cookie made by the device key, nothing stored (design §4 Stateless).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use http::request::Parts;
use identity::clock::Timestamp;
use identity::device::DeviceHandle;
use identity::id::OpaqueId;
use identity::person::HolderView;
use identity::statement::Uses;
use identity::wangzheng::WangzhengState;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::display::{self, Display};
use crate::oauth::decide::read;
use crate::page::{AgreementWaits, Frame};
use crate::problem::ApiProblem;

/// Name of the session cookie.
pub const COOKIE_NAME: &str = "wz_session";
/// Seconds a session lasts.
const LIFE: i64 = 12 * 3600;
const LABEL: &str = "session";
/// Type of the statement that opens a session.
const SESSION_TYPE: &str = "wz-session+jwt";

#[derive(Serialize, Deserialize)]
struct Session {
    device: String,
    expires_at: Timestamp,
}

/// Anyone who opens a page: display settings, and the person when there is a session.
pub struct Visitor {
    frame: Frame,
    view: Option<HolderView>,
}

impl Visitor {
    /// The frame of a page for this visitor.
    pub fn frame(&self) -> Frame {
        self.frame.clone()
    }

    /// The person, if signed in.
    pub fn view(&self) -> Option<&HolderView> {
        self.view.as_ref()
    }

    /// `zh-CN` or `en`.
    pub fn language(&self) -> String {
        self.frame.locale().tag().to_owned()
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = ApiProblem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let accept_language = parts
            .headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok());
        let settings = cookie(&parts.headers, display::COOKIE);
        let display = Display::of_request(settings, accept_language);
        let path = OriginalUri::from_request_parts(parts, app)
            .await
            .map_or_else(
                |_| "/".to_owned(),
                |uri| uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            );
        let mut frame = Frame::new(display, app.environment, &path);
        frame.help_phone.clone_from(&app.help_phone);
        let view = view(app, &parts.headers).await?;
        frame.signed_in = view.is_some();
        frame.locked = view
            .as_ref()
            .is_some_and(|view| view.wangzheng.state == WangzhengState::Locked);
        if let Some(view) = &view {
            frame.agreement_waits = agreement_waits(app, view).await?;
        }
        Ok(Self { frame, view })
    }
}

/// Whose consent a notice waits for (R11.1): of a child under 14 the guardian's (R4.2).
async fn agreement_waits(app: &App, view: &HolderView) -> Result<AgreementWaits, ApiProblem> {
    let (service, person) = (&app.service, &view.person);
    Ok(match service.owes_agreement(person).await? {
        true if service.is_under_guardian(person)? => AgreementWaits::OfGuardian,
        true => AgreementWaits::Own,
        false if service.owes_agreement_for_child(person).await? => AgreementWaits::ForChild,
        false => AgreementWaits::Nothing,
    })
}

/// The person of a session cookie that is still good. A removed device ends its sessions.
async fn view(app: &App, headers: &HeaderMap) -> Result<Option<HolderView>, ApiProblem> {
    let Some(text) = cookie(headers, COOKIE_NAME) else {
        return Ok(None);
    };
    let Some(session) = app.service.open_value::<Session>(LABEL, text) else {
        return Ok(None);
    };
    if app.service.now() >= session.expires_at {
        return Ok(None);
    }
    let Some(handle) = OpaqueId::parse(&session.device) else {
        return Ok(None);
    };
    Ok(app.service.holder_view(DeviceHandle(handle)).await?)
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

#[derive(Deserialize)]
struct Body {
    statement: String,
}

#[derive(Deserialize)]
struct Nothing {}

/// `POST /person/api/session`: the device signs, the browser gets a cookie.
pub async fn post(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = app
        .service
        .proven_device::<Nothing>(&body.statement, SESSION_TYPE, Uses::Once)
        .await?;
    let view = proven.view();
    let handle = DeviceHandle::of(view.person.person, view.device.device, app.service.keys())
        .map_err(identity::service::Fault::from)?;
    let session = Session {
        device: handle.0.to_string(),
        expires_at: app.service.now().plus(LIFE),
    };
    let value = app.service.seal_value(LABEL, &session)?;
    let secure = if app.https { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFE}{secure}");
    Ok(([(SET_COOKIE, cookie)], Json(json!({ "signed_in": true }))).into_response())
}

/// `POST /person/api/sign-out`: the cookie goes; the device key stays.
pub async fn sign_out() -> Response {
    let cookie = format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(SET_COOKIE, cookie)], Json(json!({ "signed_in": false }))).into_response()
}
