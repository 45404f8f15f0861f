//! The contents page: path, method, handler.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use identity::service::Suite;

use crate::app::App;
use crate::oauth::{authorize, decide, keys, metadata, par, token, userinfo};
use crate::person::{account, apply, pages, session};
use crate::problem::framework;
use crate::{cross_device, health, log, security_headers};

/// Longest body of any request, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// Everything the service answers.
pub fn router(app: Arc<App>) -> Router {
    let https = app.https;
    let router = Router::new()
        .merge(provider("", Suite::International))
        .merge(provider("/sm", Suite::Commercial))
        .merge(person())
        .merge(pages::router())
        .merge(cross_device::router())
        .merge(log::router())
        .merge(health::router())
        // Bodies are small: a larger one is refused before it is read.
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(framework::in_our_form))
        .with_state(app);
    if https {
        router.layer(middleware::from_fn(security_headers::over_https))
    } else {
        router.layer(middleware::from_fn(security_headers::over_http))
    }
}

/// One OpenID Provider: the same handlers under `<issuer>` and `<issuer>/sm`.
fn provider(prefix: &str, suite: Suite) -> Router<Arc<App>> {
    let at = |path: &str| format!("{prefix}{path}");
    let server = "/.well-known/oauth-authorization-server";
    Router::new()
        .route(&at("/.well-known/openid-configuration"), get(metadata::get))
        // RFC 8414 §3.1 puts the path of an issuer behind the well-known part.
        .route(&format!("{server}{prefix}"), get(metadata::get))
        .route(&at("/oauth/jwks"), get(keys::jwks))
        .route(&at("/oauth/par"), post(par::post))
        .route(&at("/oauth/authorize"), get(authorize::get))
        .route(&at("/oauth/token"), post(token::post))
        .route(
            &at("/oauth/userinfo"),
            get(userinfo::answer).post(userinfo::answer),
        )
        .route(&at("/oauth/decide"), post(decide::post))
        .route(&at("/oauth/other"), get(decide::other))
        .layer(Extension(suite))
}

/// What a person's device calls.
fn person() -> Router<Arc<App>> {
    Router::new()
        .route("/.well-known/wangzheng-keys", get(keys::all))
        .route("/person/api/notice", get(apply::notices))
        .route("/person/api/apply", post(apply::apply))
        .route("/person/api/recover", post(apply::recover))
        .route("/person/api/set-pin", post(apply::set_pin))
        .route("/person/api/session", post(session::post))
        .route("/person/api/sign-out", post(session::sign_out))
        .route("/person/api/receipts", post(account::receipts))
        .route("/person/api/lock", post(account::lock))
        .route("/person/api/unlock", post(account::unlock))
        .route("/person/api/devices", post(account::devices))
        .route("/person/api/remove-device", post(account::remove_device))
        .route("/person/api/history-wrap", post(account::history_wrap))
        .route("/person/api/history-begin", post(account::history_begin))
}
