//! Pages of the desks: operator, supervisor, platform.

mod compliance;
mod desk;
mod operator;
mod person;
mod platform;
mod review;
mod supervisor;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub use desk::{Desk, StaffForm};

/// Routes of all desks.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/sign-in", get(desk::sign_in))
        .route("/operator", get(operator::queue))
        .route("/operator/proposals/{id}", get(operator::proposal))
        .route("/operator/reviews/{digest}", get(review::page))
        .route("/operator/review", post(review::answer))
        .route("/operator/platforms", get(operator::platforms))
        .route("/operator/platforms/{id}", get(operator::platform))
        .route("/operator/persons", get(person::page).post(person::find))
        .route("/operator/look", post(person::look))
        .route("/operator/people", get(operator::people))
        .route("/operator/audit", get(operator::audit))
        .route("/supervisor", get(supervisor::overview))
        .route("/supervisor/platforms", get(supervisor::platforms))
        .route("/supervisor/platforms/{id}", get(supervisor::platform))
        .route("/supervisor/log", get(supervisor::log))
        .route("/supervisor/compliance", get(compliance::page))
        .route("/platform", get(platform::home))
        .route(
            "/platform/registration",
            get(platform::registration).post(platform::register),
        )
        .route(
            "/platform/scenario",
            get(platform::scenario).post(platform::submit),
        )
}
