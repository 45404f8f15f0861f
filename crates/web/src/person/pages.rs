//! The person's pages: each handler reads what the page shows and prints it.

pub mod apply;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Routes of all pages.
pub fn router() -> Router<Arc<App>> {
    Router::new()
}
