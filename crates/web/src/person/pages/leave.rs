//! P26: 注销 (R9.5).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::erasure::leave::OpenDuty;
use identity::service::Fault;

use crate::app::App;
use crate::page::leave::LeavePage;
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;

/// What leaving means for this person, today.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let service = &app.service;
    let trouble = |fault: Fault| PageProblem::fault(holder.frame.clone(), &fault);
    let person = &holder.view.person;
    let erase_at = service.leaving(person).await.map_err(trouble)?;
    let duties = service.open_duties(person).await.map_err(trouble)?;
    let children = duties
        .iter()
        .map(|OpenDuty::GuardianOf { children }| *children);
    let policy = &service.policy;
    let today = service.now().day();
    Ok(render(&LeavePage {
        children: children.sum(),
        issuer: service.issuer.clone(),
        erase_on: erase_at.map(|at| at.day().to_string()),
        at_once: policy.leave_cooling_off == 0,
        cooling_off_days: (policy.leave_cooling_off / 86_400).to_string(),
        backups_until: today.plus(policy.backup_days).to_string(),
        frame: holder.frame,
    }))
}
