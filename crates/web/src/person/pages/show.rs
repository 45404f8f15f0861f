//! P11: a code a person shows at a counter. It says that a 网证 is genuine and active, and nothing of
//! whose it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use identity::clock::Timestamp;
use identity::device::DeviceHandle;
use identity::id::OpaqueId;
use identity::person::HolderView;
use identity::service::Fault;
use identity::wangzheng::WangzhengState;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::locale::Locale;
use crate::oauth::authorize::wants_json;
use crate::page::show::Show;
use crate::page::{Frame, Template, qr};
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::render;

use super::holder::Holder;

/// Seconds until the page fetches another code.
const LIVES_FOR: u32 = 30;
/// Seconds more in which a code that was just scanned is still good.
const GRACE: i64 = 15;
const LABEL: &str = "shown-code";

/// What the code carries, sealed: to its reader it is noise.
#[derive(Serialize, Deserialize)]
struct Shown {
    device: String,
    expires_at: Timestamp,
}

/// What became of a code that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Genuine, fresh, and the 网证 is active today.
    Valid,
    /// Genuine and too old: to be shown anew.
    Stale,
    /// Anything else; why is nobody's business.
    NotValid,
}

/// The page of a code that was read.
#[derive(Template)]
#[template(path = "person/shown.html")]
struct ShownPage {
    frame: Frame,
    reading: Reading,
    english: bool,
}

/// `/show`.
pub(super) async fn page(State(app): State<Arc<App>>, holder: Holder) -> Response {
    let active = holder.state(&app) == WangzhengState::Active;
    let image = active.then(|| "/show/code.svg".to_owned());
    render(&Show {
        frame: holder.frame,
        image,
        lives_for: LIVES_FOR,
    })
}

/// `/show/code.svg`: a new code with each request.
pub(super) async fn code(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Result<Response, ApiProblem> {
    let active = |view: &&HolderView| {
        view.wangzheng.state_on(app.service.now().day()) == WangzhengState::Active
    };
    let view = visitor
        .view()
        .filter(active)
        .ok_or_else(ApiProblem::not_found)?;
    let handle = DeviceHandle::of(view.person.person, view.device.device, app.service.keys());
    let shown = Shown {
        device: handle.map_err(Fault::from)?.0.to_string(),
        expires_at: app.service.now().plus(i64::from(LIVES_FOR) + GRACE),
    };
    let token = app.service.seal_value(LABEL, &shown)?;
    image(&format!("{}/show/{token}", app.service.issuer))
}

/// `/show/{token}`, for whoever reads the code.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, ApiProblem> {
    let reading = reading(&app, &token).await?;
    if wants_json(&headers) {
        let body =
            json!({ "valid": reading == Reading::Valid, "stale": reading == Reading::Stale });
        return Ok(Json(body).into_response());
    }
    let frame = visitor.frame();
    let english = frame.locale() == Locale::En;
    Ok(render(&ShownPage {
        frame,
        reading,
        english,
    }))
}

async fn reading(app: &App, token: &str) -> Result<Reading, Fault> {
    let shown = app.service.open_value::<Shown>(LABEL, token);
    let Some(shown) = shown else {
        return Ok(Reading::NotValid);
    };
    if app.service.now() >= shown.expires_at {
        return Ok(Reading::Stale);
    }
    let Some(handle) = OpaqueId::parse(&shown.device) else {
        return Ok(Reading::NotValid);
    };
    let view = app.service.holder_view(DeviceHandle(handle)).await?;
    let active = view.is_some_and(|view| {
        view.wangzheng.state_on(app.service.now().day()) == WangzhengState::Active
    });
    Ok(if active {
        Reading::Valid
    } else {
        Reading::NotValid
    })
}

/// A text as a code.
pub(crate) fn image(text: &str) -> Result<Response, ApiProblem> {
    match qr::svg(text) {
        Ok(svg) => Ok((StatusCode::OK, [(CONTENT_TYPE, "image/svg+xml")], svg).into_response()),
        Err(_) => Err(Fault::Invariant("a text too long for a code").into()),
    }
}
