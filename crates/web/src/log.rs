//! The public log over HTTP: heads, tiles, proofs (C6). No route here knows a bucket.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
}
