//! P22: the family page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::age::AgeGroup;

use crate::app::App;
use crate::page::family::{FamilyPage, Relative};
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;

/// `/family`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let family = app.service.family(&holder.view).await;
    let family = family.map_err(|fault| PageProblem::fault(holder.frame.clone(), &fault))?;
    let children = family.children.into_iter().map(|child| Relative {
        name: child.name_masked,
        state: match child.group {
            AgeGroup::GuardianSupervises | AgeGroup::Adult => "family.supervises",
            AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => "family.acts",
        },
    });
    let guardians = family.guardians.into_iter().map(|guardian| Relative {
        name: guardian.name_masked,
        state: if guardian.can_decide {
            "family.can"
        } else {
            "family.cannot"
        },
    });
    Ok(render(&FamilyPage {
        issuer: app.service.issuer.clone(),
        children: children.collect(),
        guardians: guardians.collect(),
        frame: holder.frame,
    }))
}
