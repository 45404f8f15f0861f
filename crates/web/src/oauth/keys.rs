//! Published keys: the JWKS of each issuer and the keys of receipts, credentials and log.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use crypto::SignatureAlgorithm;
use crypto::keystore::{PublishedKey, SigningPurpose};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use identity::service::Suite;
use jose::jwk::{Jwk, JwkSet};
use serde_json::{Value, json};

use crate::app::App;

/// `jwks_uri`: the main issuer publishes IANA-registered names only, since many clients refuse a
/// whole set for one unknown curve; `<issuer>/sm` publishes SM2 (design §4 Algorithms).
pub async fn jwks(State(app): State<Arc<App>>, Extension(suite): Extension<Suite>) -> Response {
    public(Json(JwkSet {
        keys: set(&app, suite),
    }))
}

/// Every key of every purpose, for auditors and wallets: `{"keys":[{"purpose","algorithm","key_id","jwk"}]}`.
pub async fn all(State(app): State<Arc<App>>) -> Response {
    let keys: Vec<Value> = SigningPurpose::ALL
        .into_iter()
        .flat_map(|purpose| app.service.keys().published(purpose))
        .map(|key| {
            json!({
                "purpose": purpose_name(key.purpose),
                "algorithm": jose::algorithm_name(key.algorithm),
                "key_id": key.key_id,
                "jwk": jwk(&key),
            })
        })
        .collect();
    public(Json(json!({ "keys": keys })))
}

/// `/.well-known/jwt-vc-issuer`: who issues the 网证, and the keys a reader checks it with (SD-JWT VC, JWT VC Issuer
/// Metadata). Registered curves only, as in [`jwks`]; the SM2 keys are in [`all`].
pub async fn credential_issuer(State(app): State<Arc<App>>) -> Response {
    let keys = app.service.keys().published(SigningPurpose::Credential);
    let registered = keys
        .iter()
        .filter(|key| key.algorithm != SignatureAlgorithm::Sm2Sm3);
    let jwks = JwkSet {
        keys: registered.map(jwk).collect(),
    };
    public(Json(json!({ "issuer": app.service.issuer, "jwks": jwks })))
}

fn public(body: impl IntoResponse) -> Response {
    let headers = [
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, body).into_response()
}

/// Keys for tokens and receipts of one issuer.
fn set(app: &App, suite: Suite) -> Vec<Jwk> {
    let belongs = |key: &PublishedKey| {
        (key.algorithm == SignatureAlgorithm::Sm2Sm3) == (suite == Suite::Commercial)
    };
    [SigningPurpose::Token, SigningPurpose::Receipt]
        .into_iter()
        .flat_map(|purpose| app.service.keys().published(purpose))
        .filter(belongs)
        .map(|key| jwk(&key))
        .collect()
}

fn jwk(key: &PublishedKey) -> Jwk {
    Jwk::verifying(&key.key, &key.key_id, key.algorithm)
}

fn purpose_name(purpose: SigningPurpose) -> &'static str {
    match purpose {
        SigningPurpose::Token => "token",
        SigningPurpose::Credential => "credential",
        SigningPurpose::Receipt => "receipt",
        SigningPurpose::Checkpoint => "checkpoint",
    }
}
