//! `/family/read`: a relative reads a document for somebody whose own phone has no reader (C8).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::document::DocumentKind as Kind;

use crate::app::App;
use crate::page::document::DocumentKind;
use crate::page::reading::ReadForPage;
use crate::problem::page::render;

use super::holder::Holder;

/// The page.
pub(super) async fn page(State(app): State<Arc<App>>, holder: Holder) -> Response {
    render(&ReadForPage {
        issuer: app.service.issuer.clone(),
        kinds: Kind::ALL.map(|kind| DocumentKind(kind.as_str())).to_vec(),
        persons: app.sandbox_persons.clone(),
        frame: holder.frame,
    })
}
