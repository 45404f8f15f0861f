//! P27: how the pages look. Open to everyone, kept in a cookie that says nothing of who it is.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;

use crate::app::App;
use crate::display::{DisplayForm, local_path};
use crate::page::me::Settings;
use crate::person::session::Visitor;
use crate::problem::page::render;

use super::posted::Posted;

/// The page.
pub(super) async fn page(visitor: Visitor) -> Response {
    render(&Settings {
        frame: visitor.frame(),
    })
}

/// Takes what the form names and goes back to where it stood.
pub(super) async fn change(State(app): State<Arc<App>>, posted: Posted) -> Response {
    let field = |name: &str| posted.form.text(name).map(str::to_owned);
    let form = DisplayForm {
        language: field("language"),
        theme: field("theme"),
        size: field("size"),
        mode: field("mode"),
        return_to: field("return_to"),
    };
    let mut display = posted.visitor.frame().display;
    display.change(&form);
    let back = local_path(form.return_to.as_deref().unwrap_or("/")).to_owned();
    (
        [(SET_COOKIE, display.set_cookie(app.https))],
        Redirect::to(&back),
    )
        .into_response()
}
