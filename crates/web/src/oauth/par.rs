//! `POST /oauth/par` (RFC 9126).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use identity::service::{RegisteredClient, Suite};
use openid::{
    AuthorizationRequest, ErrorCode, OAuthError, PushedAuthorizationResponse, RequestUri,
};

use crate::app::App;
use crate::problem::{OAuthProblem, oauth_fault};

use super::client::authenticate;
use super::request::NotSealed;
use super::{form, request};

/// Takes a request from an authenticated client and answers with a reference to it. Nothing is
/// stored: the reference *is* the request, sealed.
pub async fn post(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    // 1. Who (RFC 9126 §2.1).
    let form = form(&headers, &body)?;
    let client = authenticate(&app, suite, &headers, &form, "/oauth/par")?;
    // 2. What.
    let asked = AuthorizationRequest::parse(&form)?;
    let registered = client.registered();
    if asked.client_id.as_str() != registered.client().id.as_str() {
        return Err(ErrorCode::InvalidRequest
            .because("client_id is another client's")
            .into());
    }
    // 3. Sealed.
    let sealed = match request::seal(&app, suite, registered, &asked) {
        Ok(sealed) => sealed,
        Err(refused) => return Err(refuse(&app, registered, refused).await),
    };
    let request_uri = RequestUri::new(&sealed.text)
        .ok_or(ErrorCode::InvalidRequest.because("the request is too large"))?;
    let expires_in = u32::try_from(sealed.expires_in).unwrap_or(u32::MAX);
    let response = PushedAuthorizationResponse {
        request_uri,
        expires_in,
    };
    Ok((StatusCode::CREATED, Json(response)).into_response())
}

/// Names the rule to the platform's engineers; what asked for too much is counted for supervision (R8.2).
pub(super) async fn refuse(
    app: &App,
    registered: &RegisteredClient,
    refused: NotSealed,
) -> OAuthProblem {
    if let NotSealed::Rule(rule) = refused
        && let Err(fault) = app.service.count_over_asking(registered, rule).await
    {
        return oauth_fault(&fault).into();
    }
    OAuthError::from(refused).into()
}
