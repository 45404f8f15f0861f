//! The person's pages: each handler reads what the page shows and prints it.

pub mod apply;
mod files;
mod holder;
mod home;
pub mod posted;
mod recover;
mod scan;
mod settings;
pub mod show;

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
        .route("/history", get(home::history))
        .route("/history/{id}", get(home::history_entry))
        .route("/me", get(home::me))
        .route("/me/lock", get(home::lock))
        .route("/me/devices", get(home::devices))
        .route("/result/{name}", get(home::result))
        .route("/offline", get(home::offline))
        .route("/show", get(show::page))
        .route("/show/code.svg", get(show::code))
        .route("/show/{token}", get(show::read))
        .route("/scan", get(scan::page).post(scan::pair))
        .route("/settings", get(settings::page).post(settings::change))
        .route("/recover", get(recover::ways))
        .route("/recover/link", get(recover::link))
        .merge(apply::router(Purpose::Apply))
        .merge(apply::router(Purpose::Recover))
        .merge(apply::router(Purpose::NewPin))
        .merge(super::link::router())
        .route("/static/{*name}", get(files::asset))
        .route("/sw.js", get(files::service_worker))
        .fallback(files::nothing)
}
