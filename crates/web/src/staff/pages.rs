//! Pages of the desks: operator, supervisor, platform.

mod audit;
mod case;
mod case_step;
mod complaint;
mod complaint_counts;
mod complaints;
mod compliance;
mod counter;
mod deferral;
mod desk;
mod draft;
mod exception;
mod incident;
mod incident_notice;
mod incident_step;
mod incidents;
mod legal_request;
mod legal_requests;
mod notice;
mod notices;
mod overdue;
mod own_platform;
mod people;
mod person;
mod places;
mod platforms;
mod posted;
mod preview;
mod proposal;
mod queue;
mod register;
mod registration;
mod review;
mod scenario;
mod supervisor;
mod withdrawals;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Routes of all desks.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/sign-in", get(desk::sign_in))
        .merge(operator())
        .merge(written())
        .merge(supervisor_and_platform())
}

fn operator() -> Router<Arc<App>> {
    Router::new()
        .route("/operator", get(queue::queue))
        .route("/operator/proposals/{id}", get(proposal::proposal))
        .route("/operator/reviews/{digest}", get(review::page))
        .route("/operator/review", post(review::answer))
        .route("/operator/platforms", get(platforms::platforms))
        .route("/operator/platforms/{id}", get(platforms::platform))
        .route("/operator/persons", get(person::page).post(person::find))
        .route("/operator/look", post(person::look))
        .route("/operator/counter", get(counter::page).post(counter::read))
        .route("/operator/people", get(people::people))
        .route("/operator/audit", get(audit::audit))
}

/// What is recorded, published and answered.
fn written() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/operator/incidents",
            get(incidents::list).post(incidents::open),
        )
        .route(
            "/operator/incidents/{id}",
            get(incident::page).post(incident_step::take),
        )
        .route("/operator/incidents/{id}/report", get(incident::report))
        .route("/operator/notices", get(notices::list))
        .route(
            "/operator/notices/{id}",
            get(notice::page).post(notice::check),
        )
        .route("/operator/deferrals", post(deferral::lift))
        .route("/operator/exceptions", post(exception::check))
        .route("/operator/complaints", get(complaints::list))
        .route(
            "/operator/complaints/{number}",
            get(complaint::page).post(complaint::take_up),
        )
        .route(
            "/operator/complaints/cases/{case}",
            get(case::page).post(case::take),
        )
        .route(
            "/operator/legal-requests",
            get(legal_requests::list).post(legal_requests::enter),
        )
        .route(
            "/operator/legal-requests/{request}",
            get(legal_request::page).post(legal_request::take),
        )
}

fn supervisor_and_platform() -> Router<Arc<App>> {
    Router::new()
        .route("/supervisor", get(supervisor::overview))
        .route("/supervisor/platforms", get(supervisor::platforms))
        .route("/supervisor/platforms/{id}", get(supervisor::platform))
        .route("/supervisor/log", get(supervisor::log))
        .route("/supervisor/compliance", get(compliance::page))
        .route("/supervisor/incidents", get(incidents::list))
        .route("/supervisor/incidents/{id}", get(incident::page))
        .route("/supervisor/incidents/{id}/report", get(incident::report))
        .route("/supervisor/complaints", get(complaint_counts::page))
        .route("/supervisor/legal-requests", get(legal_requests::list))
        .route("/platform", get(own_platform::home))
        .route(
            "/platform/registration",
            get(registration::registration).post(registration::register),
        )
        .route(
            "/platform/scenario",
            get(scenario::scenario).post(scenario::submit),
        )
        .route(
            "/platform/withdrawals",
            get(withdrawals::page).post(withdrawals::confirm),
        )
}
