//! Cross-device hand-off (H2): a rotating code, a number to match, one pick-up.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;

use crate::app::App;
use crate::problem::ApiProblem;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
}

/// Decides a request that stands on another screen.
pub async fn decide(_app: &App, _payload: &str, _statement: &str) -> Result<Response, ApiProblem> {
    Err(ApiProblem::not_found())
}
