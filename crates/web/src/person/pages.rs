//! The person's pages: each handler reads what the page shows and prints it.

pub mod apply;
mod complaint;
mod family;
mod files;
mod holder;
mod home;
mod leave;
pub mod notices;
pub mod posted;
mod reading;
mod recover;
mod rights;
mod scan;
mod settings;
pub mod show;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::page::apply::Purpose;

/// Routes of all pages.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(home::home))
        .route("/requests", get(home::requests))
        .route("/requests/{handle}", get(waiting::page))
        .route("/history", get(home::history))
        .route("/history/{id}", get(home::history_entry))
        .route("/me", get(home::me))
        .route("/me/lock", get(home::lock))
        .route("/me/consents", get(waiting::consents))
        .route("/me/leave", get(leave::page))
        .route("/me/devices", get(home::devices))
        .route("/family", get(family::page))
        .route("/family/notices", get(notices::of_children))
        .route("/family/read", get(reading::page))
        .route("/me/notices", get(notices::mine))
        .route("/me/agreements", get(notices::agreements))
        .route("/inbox", get(notices::inbox))
        .route("/notices/{id}", get(notices::newest))
        .route("/notices/{id}/{version}", get(notices::version))
        .route("/me/document", get(rights::document))
        .route("/me/data", get(rights::data))
        .route("/result/{name}", get(home::result))
        .route("/offline", get(home::offline))
        .route("/show", get(show::page))
        .route("/show/code.svg", get(show::code))
        .route("/show/{token}", get(show::read))
        .route("/scan", get(scan::page).post(scan::pair))
        .route("/complain", get(complaint::form).post(complaint::file))
        .route("/complaints", get(complaint::list).post(complaint::find))
        .route("/settings", get(settings::page).post(settings::change))
        .route("/recover", get(recover::ways))
        .route("/recover/link", get(recover::link))
        .merge(apply::router(Purpose::Apply))
        .merge(apply::router(Purpose::Recover))
        .merge(apply::router(Purpose::NewPin))
        .merge(apply::router(Purpose::Renew))
        .merge(super::link::router())
        .merge(super::leave::router())
        .merge(super::rights::router())
        .merge(super::reading::router())
        .route("/static/{*name}", get(files::asset))
        .route("/sw.js", get(files::service_worker))
        .fallback(files::nothing)
}
