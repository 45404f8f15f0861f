//! Cross-device hand-off (H2): a rotating code, a number to match, one pick-up.

mod browser;
mod cookie;
mod decide;
mod phone;
mod screen;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub use decide::decide;

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/x/open", post(screen::open))
        .route("/x/wait", get(screen::wait))
        .route("/x/extend", post(screen::extend))
        .route("/x/status/{session}", get(screen::status))
        .route("/x/qr/{image}", get(screen::image))
        .route("/x/{payload}", get(phone::take_up))
}
