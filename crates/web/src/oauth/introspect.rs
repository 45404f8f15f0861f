//! `POST /oauth/introspect` (RFC 7662) and `POST /oauth/revoke` (RFC 7009): about a client's own tokens, and no others.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use identity::service::Suite;
use identity::verification::redeem::AccessToken;
use openid::{ActiveToken, Introspection, Scope, TokenReference, TokenType};

use crate::app::App;
use crate::problem::{OAuthProblem, oauth_fault};

use super::client::authenticate;
use super::{form, issuer};

/// Says whether a token is good. Whatever is wrong with it, or whosever it is, the answer is the same (§2.2).
pub async fn introspect(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    let token = own_token(&app, suite, &headers, &body, "/oauth/introspect").await?;
    let answer = token.and_then(|token| {
        Some(ActiveToken {
            iss: issuer(&app.service, suite).into_owned(),
            sub: token.subject.as_str().to_owned(),
            client_id: openid::ClientId::new(token.client.as_str())?,
            scope: Scope::openid(),
            token_type: TokenType::Bearer,
            iat: token.expires_at.0 - app.service.policy.access_token_life,
            exp: token.expires_at.0,
            cnf: None,
        })
    });
    let answer = answer.map_or(Introspection::Inactive, Introspection::Active);
    Ok(Json(answer).into_response())
}

/// Gives a token up. What is none is given up already (RFC 7009 §2.2).
pub async fn revoke(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    if let Some(token) = own_token(&app, suite, &headers, &body, "/oauth/revoke").await? {
        let revoked = app.service.revoke_access_token(&token).await;
        revoked.map_err(|fault| oauth_fault(&fault))?;
    }
    Ok(StatusCode::OK.into_response())
}

async fn own_token(
    app: &App,
    suite: Suite,
    headers: &HeaderMap,
    body: &Bytes,
    endpoint: &str,
) -> Result<Option<AccessToken>, OAuthProblem> {
    let form = form(headers, body)?;
    let client = authenticate(app, suite, headers, &form, endpoint)?;
    let reference = TokenReference::parse(&form)?;
    let token = app
        .service
        .open_access_token(reference.token.expose())
        .await
        .map_err(|fault| oauth_fault(&fault))?;
    let id = &client.registered().client().id;
    Ok(token.filter(|token| token.client == *id && token.suite == suite))
}
