//! Faces for staff of the operator, supervisors and members of platforms. Their sessions share nothing with a person's.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub mod act;
pub mod case;
pub mod counter;
pub mod incident;
pub mod legal_request;
pub mod notice;
pub mod over_asking;
pub mod pages;
pub mod person;
pub mod review;
pub mod session;

/// Routes of sign-in and of acts of two persons.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/api/challenge", post(session::challenge))
        .route("/staff/api/sign-in", post(session::sign_in))
        .route("/staff/api/sign-out", post(session::sign_out))
        .route("/staff/api/session", get(session::show))
        .route("/staff/api/over-asking", get(over_asking::list))
        .route("/staff/api/propose", post(act::propose))
        .route("/staff/api/confirm", post(act::confirm))
        .route("/staff/api/decline", post(act::decline))
        .merge(case::router())
        .merge(legal_request::router())
        .route("/staff/api/proposals", get(act::list))
        .route("/staff/api/submit", post(review::submit))
        .route("/staff/api/submissions", get(review::list))
        .route("/staff/api/review", post(review::review))
        .route("/staff/api/find-subject", post(person::find))
        .route("/staff/api/look", post(person::look))
        .route("/staff/api/read-at-counter", post(counter::read_document))
        .merge(pages::router())
        .route(
            "/staff/api/incidents",
            get(incident::list).post(incident::open),
        )
        .route(
            "/staff/api/incidents/{id}",
            get(incident::show).post(incident::lead),
        )
        .route("/staff/api/incidents/{id}/report", get(incident::report))
        .route("/staff/api/notices", get(notice::list))
        .route("/staff/api/notices/preview", post(notice::preview))
        .route("/staff/api/deferrals", get(notice::deferrals))
        .route("/staff/api/deferrals/lift", post(notice::lift))
}
