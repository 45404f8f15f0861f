//! The public log over HTTP: heads, tiles, proofs, keys (C6). No route here knows a bucket.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use crypto::digest::Digest;
use http::HeaderValue;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use identity::log::keys::{LogKeys, origin_of};
use identity::log::proof::inclusion_proof;
use identity::log::tile::{HASHES_PER_TILE, TileAddress, published_tile};
use identity::service::Fault;
use openid::Form;

use crate::app::App;
use crate::problem::ApiProblem;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*address}", get(tile))
        .route("/log/proof", get(proof))
        .route("/log/keys", get(keys))
}

/// The newest signed head (C2SP tlog-checkpoint).
async fn checkpoint(State(app): State<Arc<App>>) -> Result<Response, ApiProblem> {
    let head = app
        .service
        .store()
        .checkpoint()
        .await
        .map_err(Fault::from)?;
    let head = head.ok_or_else(ApiProblem::not_found)?;
    Ok(public(
        "text/plain; charset=utf-8",
        "no-cache",
        head.into_bytes(),
    ))
}

/// A tile (C2SP tlog-tiles). A full one never changes: a CDN may keep it for ever.
async fn tile(
    State(app): State<Arc<App>>,
    Path(address): Path<String>,
) -> Result<Response, ApiProblem> {
    let address = TileAddress::parse(&address).ok_or_else(ApiProblem::not_found)?;
    let bytes = published_tile(app.service.store(), address)
        .await
        .map_err(Fault::from)?;
    let bytes = bytes.ok_or_else(ApiProblem::not_found)?;
    let cache = if u64::from(address.width) == HASHES_PER_TILE {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    Ok(public("application/octet-stream", cache, bytes))
}

/// The proof that the leaf of a receipt's commitment is in the tree.
async fn proof(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiProblem> {
    let form = Form::from_query(query.as_deref())?;
    let commitment: Digest = form
        .text("commitment")
        .and_then(|text| serde_json::from_value(text.into()).ok())
        .ok_or_else(ApiProblem::malformed)?;
    let proof = inclusion_proof(app.service.store(), &commitment)
        .await
        .map_err(Fault::from)?;
    let proof = proof.ok_or_else(ApiProblem::not_found)?;
    let headers = [
        (CACHE_CONTROL, "no-cache"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, Json(proof)).into_response())
}

/// The keys that sign heads.
async fn keys(State(app): State<Arc<App>>) -> Response {
    let keys = LogKeys::of_store(&origin_of(&app.service.issuer), app.service.keys());
    public(
        "application/json",
        "public, max-age=300",
        keys.to_json().into_bytes(),
    )
}

fn public(media_type: &'static str, cache: &'static str, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, body).into_response()
}
