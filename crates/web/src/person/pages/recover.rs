//! The ways back for a browser that holds no key (P-recovery).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::page::recover::{LinkDevice, Recover};
use crate::person::session::Visitor;
use crate::problem::page::render;

/// `/recover`.
pub(super) async fn ways(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let seconds = u64::try_from(app.service.policy.recovery_delay).unwrap_or(0);
    let waiting_hours = u32::try_from(seconds.div_ceil(3600)).unwrap_or(u32::MAX);
    render(&Recover {
        frame: visitor.frame(),
        waiting_hours,
    })
}

/// `/recover/link`.
pub(super) async fn link(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    render(&LinkDevice {
        frame: visitor.frame(),
        issuer: app.service.issuer.clone(),
    })
}
