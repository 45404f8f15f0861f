//! Style sheets, scripts, icons, the service worker; and what is answered where nothing is.

use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::asset::{self, Asset};
use crate::oauth::authorize::wants_json;
use crate::page::problem::ProblemKind;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::PageProblem;

/// `/static/<release>/<name>`.
pub(super) async fn asset(OriginalUri(uri): OriginalUri) -> Response {
    send(asset::find(uri.path()))
}

/// `/sw.js`, which has to be at the root to govern the whole origin.
pub(super) async fn service_worker() -> Response {
    send(asset::service_worker())
}

fn send(asset: Option<Asset>) -> Response {
    let Some(Asset {
        body,
        content_type,
        cache_control,
    }) = asset
    else {
        return ApiProblem::not_found().into_response();
    };
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, cache_control)];
    (headers, body.into_owned()).into_response()
}

/// No such path: a page for people, `application/problem+json` for programs.
pub(super) async fn nothing(headers: HeaderMap, visitor: Visitor) -> Response {
    let browser = headers
        .get(http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if wants_json(&headers) || !browser {
        return ApiProblem::not_found().into_response();
    }
    PageProblem::new(visitor.frame(), ProblemKind::NotFound).into_response()
}
