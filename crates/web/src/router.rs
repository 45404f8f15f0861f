//! The contents page: path, method, handler.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use identity::service::Suite;

use crate::app::App;
use crate::oauth::{
    authorize, backchannel, decide, introspect, keys, metadata, par, token, userinfo,
};
use crate::person::complaint;
use crate::person::{account, agreement, apply, consent, family, pages, session, waiting};
use crate::problem::framework;
use crate::ssf::{poll, status, stream};
use crate::transparency;
use crate::{cross_device, health, log, metrics, security_headers, staff};

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
        .merge(family::router())
        .merge(cross_device::router())
        .merge(staff::router())
        .merge(log::router())
        .merge(health::router())
        .merge(transparency::router())
        .merge(metrics::router(app.metrics_access.clone()))
        // Bodies are small: a larger one is refused before it is read.
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(framework::in_our_form))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            staff::session::renewed,
        ))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            transparency::count_refusals,
        ))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            metrics::measured,
        ))
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
        .route(&at("/oauth/incident"), post(staff::incident::subjects))
        .route(
            &at("/oauth/userinfo"),
            get(userinfo::answer).post(userinfo::answer),
        )
        .route(&at("/oauth/bc-authorize"), post(backchannel::post))
        .route(&at("/oauth/introspect"), post(introspect::introspect))
        .route(&at("/oauth/revoke"), post(introspect::revoke))
        .route(&at("/.well-known/ssf-configuration"), get(stream::metadata))
        .route(
            &at("/ssf/stream"),
            get(stream::read)
                .post(stream::create)
                .patch(stream::update)
                .put(stream::replace)
                .delete(stream::delete),
        )
        .route(&at("/ssf/status"), get(status::read).post(status::change))
        .route(&at("/ssf/verify"), post(status::verify))
        .route(&at("/ssf/poll"), post(poll::post))
        .route(&at("/oauth/decide"), post(decide::post))
        .route(&at("/oauth/other"), get(decide::other))
        .layer(Extension(suite))
}

/// What a person's device calls.
fn person() -> Router<Arc<App>> {
    Router::new()
        .route("/.well-known/wangzheng-keys", get(keys::all))
        .route("/.well-known/jwt-vc-issuer", get(keys::credential_issuer))
        .route("/person/api/notice", get(apply::notices))
        .route("/person/api/apply", post(apply::apply))
        .route("/person/api/application", post(apply::application))
        .route("/person/api/recover", post(apply::recover))
        .route("/person/api/set-pin", post(apply::set_pin))
        .route("/person/api/session", post(session::post))
        .route("/person/api/sign-out", post(session::sign_out))
        .route("/person/api/receipts", post(account::receipts))
        .route("/person/api/notices", post(agreement::notices))
        .route("/person/api/agree", post(agreement::agree))
        .route("/person/api/withdraw-agreement", post(agreement::withdraw))
        .route("/person/api/consents", post(consent::list))
        .route("/person/api/withdraw-consent", post(consent::withdraw))
        .route("/person/api/request-deletion", post(consent::delete))
        .route("/person/api/tracking", post(consent::tracking))
        .route("/person/api/undo-approval", post(consent::undo))
        .route("/person/api/requests", post(waiting::list))
        .route("/person/api/lock", post(account::lock))
        .route("/person/api/unlock", post(account::unlock))
        .route("/person/api/complain", post(complaint::complain))
        .route("/person/api/complaints", post(complaint::complaints))
        .route("/person/api/devices", post(account::devices))
        .route("/person/api/remove-device", post(account::remove_device))
        .route("/person/api/history-wrap", post(account::history_wrap))
        .route("/person/api/history-begin", post(account::history_begin))
}
