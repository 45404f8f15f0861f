//! What the framework refuses before a handler sees it — a body too large, a path that is no text,
//! another method — in the form of its branch of the router, and not in the framework's own words.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use openid::ErrorCode;

use super::{ApiProblem, OAuthProblem};

/// Wraps the whole router. No handler of ours refuses with plain text or with nothing but a status.
pub async fn in_our_form(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let oauth = ["par", "token", "bc-authorize", "introspect", "revoke"]
        .iter()
        .any(|endpoint| path.ends_with(&format!("/oauth/{endpoint}")));
    let head = request.method() == Method::HEAD;
    let response = next.run(request).await;
    // RFC 6750 §3: a challenge says what is missing; its body is empty.
    let challenges = response.headers().contains_key(WWW_AUTHENTICATE);
    if head || challenges || !is_frameworks(&response) {
        return response;
    }
    let status = response.status();
    let mut ours = if oauth {
        OAuthProblem::from(ErrorCode::InvalidRequest.because(words(status).1)).into_response()
    } else {
        let (code, title) = words(status);
        ApiProblem::new(status, code, title).into_response()
    };
    *ours.status_mut() = status;
    if let Some(allowed) = response.headers().get(ALLOW) {
        ours.headers_mut().insert(ALLOW, allowed.clone());
    }
    ours
}

fn is_frameworks(response: &Response) -> bool {
    let media_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(http::HeaderValue::as_bytes);
    response.status().is_client_error()
        && media_type.is_none_or(|media_type| media_type.starts_with(b"text/plain"))
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the request is too large"),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "there is no such method here"),
        _ => ("malformed", "the request cannot be read"),
    }
}
