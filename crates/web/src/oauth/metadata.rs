//! Discovery (OpenID Connect Discovery §4, RFC 8414): one document for each issuer.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use identity::disclosure::attribute::Attribute;
use identity::disclosure::sealed::TRUST_FRAMEWORK;
use identity::service::Suite;
use jose::algorithm_name;
use openid::{Endpoints, ProviderMetadata};

use identity::platform::Profile;

use crate::app::App;

use super::client::algorithms;
use super::issuer;

/// What this issuer offers; nothing is listed that is not there.
pub async fn get(State(app): State<Arc<App>>, Extension(suite): Extension<Suite>) -> Response {
    let headers = [
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, Json(document(&app, suite))).into_response()
}

/// The document.
pub fn document(app: &App, suite: Suite) -> ProviderMetadata {
    let issuer = issuer(&app.service, suite);
    let at = |path: &str| format!("{issuer}{path}");
    let mut document = ProviderMetadata::new(
        &issuer,
        Endpoints {
            authorization: &at("/oauth/authorize"),
            pushed_authorization_request: &at("/oauth/par"),
            token: &at("/oauth/token"),
            jwks: &at("/oauth/jwks"),
        },
    );
    let names = |list: &[&str]| {
        list.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    document.userinfo_endpoint = Some(at("/oauth/userinfo"));
    document.id_token_signing_alg_values_supported = match suite {
        Suite::International => names(&["ES256", "RS256"]),
        Suite::Commercial => names(&["SGD_SM3_SM2"]),
    };
    document.token_endpoint_auth_methods_supported =
        names(&["private_key_jwt", "client_secret_basic"]);
    document.token_endpoint_auth_signing_alg_values_supported = algorithms(suite, Profile::Simple)
        .iter()
        .map(|a| algorithm_name(*a).to_owned())
        .collect();
    // R8.2: what could be given, were it reviewed, and consented to.
    document.verified_claims_supported = Some(true);
    document.trust_frameworks_supported = names(&[TRUST_FRAMEWORK]);
    document.claims_in_verified_claims_supported = names(&Attribute::ALL.map(Attribute::as_str));
    // CIBA Core §4: a platform may start a step-up itself, and asks for the answer.
    document.backchannel_authentication_endpoint = Some(at("/oauth/bc-authorize"));
    document.backchannel_token_delivery_modes_supported = names(&["poll"]);
    document.backchannel_user_code_parameter_supported = Some(false);
    document.grant_types_supported = names(&[
        "authorization_code",
        "client_credentials",
        openid::CIBA_GRANT,
    ]);
    document.introspection_endpoint = Some(at("/oauth/introspect"));
    document.revocation_endpoint = Some(at("/oauth/revoke"));
    document.ui_locales_supported = names(&["zh-CN", "en"]);
    document
}
