//! Who of the staff is there: a sealed cookie, bound to the registered key, over after fifteen idle minutes (R12.4).

use std::ops::Deref;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use identity::service::Fault;
use identity::staff::ActingStaff;
use identity::staff::sign_in::Session;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::person::session::cookie;
use crate::problem::ApiProblem;

/// Name of the session cookie: never the person's (design §5).
pub const COOKIE_NAME: &str = "wz_staff";
/// Where these sessions count.
const PLACES: [&str; 4] = ["/staff", "/operator", "/supervisor", "/platform"];

/// A signed-in member of staff. As an extractor it also holds R3.1 and R12.1: a role that reads does not get past any
/// call that could change something.
pub struct Staff {
    acting: ActingStaff,
    session: Session,
}

impl Deref for Staff {
    type Target = ActingStaff;

    fn deref(&self) -> &ActingStaff {
        &self.acting
    }
}

impl Staff {
    /// Of a cookie; `None` when there is no session.
    pub(crate) async fn of(app: &App, headers: &HeaderMap) -> Result<Option<Self>, Fault> {
        let Some(text) = cookie(headers, COOKIE_NAME) else {
            return Ok(None);
        };
        let found = app.service.acting_staff(text).await?;
        Ok(found.map(|(acting, session)| Self { acting, session }))
    }
}

impl FromRequestParts<Arc<App>> for Staff {
    type Rejection = ApiProblem;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let staff = Self::of(app, &parts.headers).await?;
        let staff = staff.ok_or_else(ApiProblem::not_signed_in)?;
        if reads(&parts.method) {
            return Ok(staff);
        }
        // The cookie is SameSite=Strict; this says the same a second time.
        let site = parts.headers.get("sec-fetch-site");
        if site.is_some_and(|site| site != "same-origin" && site != "none") {
            return Err(ApiProblem::cross_site());
        }
        // R3.1, R12.1: supervisors and the audit administrator change nothing, whatever the handler.
        if staff.role().is_read_only() && parts.uri.path() != "/staff/api/sign-out" {
            return Err(ApiProblem::read_only());
        }
        Ok(staff)
    }
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Middleware: each use of a session begins its fifteen minutes anew.
pub async fn renewed(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let counts = PLACES.iter().any(|place| path.starts_with(place));
    let session = if counts {
        Staff::of(&app, request.headers()).await
    } else {
        Ok(None)
    };
    let mut response = next.run(request).await;
    // What the handler says of the cookie stands.
    if let Ok(Some(staff)) = session
        && !response.headers().contains_key(SET_COOKIE)
    {
        match app.service.staff_session_seen(staff.session) {
            Ok(value) => set(response.headers_mut(), &line(&app, &value)),
            Err(fault) => tracing::error!(%fault, "fault"),
        }
    }
    response
}

fn set(headers: &mut HeaderMap, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        headers.append(SET_COOKIE, value);
    }
}

/// The cookie line; no lifetime, so that the browser forgets it when it closes.
fn line(app: &App, value: &str) -> String {
    let secure = if app.https { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// `POST /staff/api/challenge`: what the registered key is to sign. Anyone may ask; it says nothing.
pub async fn challenge(State(app): State<Arc<App>>) -> Result<Response, ApiProblem> {
    let challenge = app.service.staff_challenge()?;
    Ok(Json(json!({ "challenge": challenge, "issuer": app.service.issuer })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    statement: String,
    password: String,
}

/// `POST /staff/api/sign-in`: key over the challenge, then the password.
pub async fn sign_in(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: SignIn = read(&body)?;
    let proven = app.service.staff_key_proven(&body.statement).await?;
    // Stretching takes its time on purpose: not on a thread that serves others.
    let password = body.password;
    let tried = tokio::task::spawn_blocking(move || proven.stretch(&password))
        .await
        .map_err(|_| Fault::Invariant("a password was not stretched"))??;
    let (acting, value) = app.service.staff_sign_in(tried).await?;
    let cookie = line(&app, &value);
    Ok(([(SET_COOKIE, cookie)], Json(who(&app, &acting))).into_response())
}

/// `POST /staff/api/sign-out`.
pub async fn sign_out(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, ApiProblem> {
    app.service.staff_sign_out(&staff.session).await?;
    let cookie = format!("{}; Max-Age=0", line(&app, ""));
    Ok(([(SET_COOKIE, cookie)], Json(json!({ "signed_in": false }))).into_response())
}

/// `GET /staff/api/session`: who is signed in, and what the role may do.
pub async fn show(State(app): State<Arc<App>>, staff: Staff) -> Response {
    Json(who(&app, &staff)).into_response()
}

fn who(app: &App, staff: &ActingStaff) -> serde_json::Value {
    json!({
        "login": staff.login(),
        "name": staff.name(),
        "role": staff.role(),
        "platform": staff.platform(),
        "duties": staff.role().duties(),
        "read_only": staff.role().is_read_only(),
        "home": home(staff),
        "idle_seconds": app.service.policy.staff_idle,
    })
}

/// Where a member of staff begins.
pub fn home(staff: &ActingStaff) -> &'static str {
    if staff.role().is_supervisor() {
        "/supervisor"
    } else if staff.role().is_operator() {
        "/operator"
    } else {
        "/platform"
    }
}
