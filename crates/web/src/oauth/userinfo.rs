//! `GET|POST /oauth/userinfo` (OIDC Core §5.3): `sub` and nothing else (R8.1).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use identity::service::Suite;
use openid::{Challenge, ErrorCode, PresentedToken, TokenType};
use serde_json::json;

use crate::app::App;
use crate::problem::{OAuthProblem, oauth_fault};

/// Answers the holder of a token that is still good.
pub async fn answer(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
) -> Response {
    let authorization = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let presented = match PresentedToken::parse(authorization) {
        Ok(Some(presented)) if presented.token_type == TokenType::Bearer => presented,
        Ok(_) => {
            return challenge(
                &Challenge::Token(TokenType::Bearer, None),
                StatusCode::UNAUTHORIZED,
            );
        }
        Err(error) => {
            return challenge(
                &Challenge::Token(TokenType::Bearer, Some(error)),
                StatusCode::BAD_REQUEST,
            );
        }
    };
    match app
        .service
        .open_access_token(presented.token.expose())
        .await
    {
        Ok(Some(token)) if token.suite == suite => {
            Json(json!({ "sub": token.subject })).into_response()
        }
        Ok(_) => {
            let error = ErrorCode::InvalidToken.into();
            challenge(
                &Challenge::Token(TokenType::Bearer, Some(error)),
                StatusCode::UNAUTHORIZED,
            )
        }
        Err(fault) => OAuthProblem::from(oauth_fault(&fault)).into_response(),
    }
}

/// RFC 6750 §3: the challenge says what is missing; the body is empty.
fn challenge(challenge: &Challenge, status: StatusCode) -> Response {
    let mut response = status.into_response();
    if let Ok(value) = HeaderValue::from_str(&challenge.to_string()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}
