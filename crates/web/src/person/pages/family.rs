//! P22: the family page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::age::AgeGroup;
use identity::guardianship::family::{ChildView, GuardianView};

use crate::app::App;
use crate::page::apply::NoticeText;
use crate::page::family::{Child, FamilyPage, Relative};
use crate::problem::page::{PageProblem, render};

use super::apply::notice_text;
use super::holder::{Holder, card_state};

/// `/family`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let family = app.service.family(&holder.view).await;
    let family = family.map_err(|fault| PageProblem::fault(holder.frame.clone(), &fault))?;
    let adult = family.group == AgeGroup::Adult;
    let language = holder.frame.locale().tag();
    Ok(render(&FamilyPage {
        issuer: app.service.issuer.clone(),
        adult,
        minors_notice: minors_notice(&app, language).filter(|_| adult),
        children: family.children.into_iter().map(child).collect(),
        guardians: family.guardians.into_iter().map(guardian).collect(),
        frame: holder.frame,
    }))
}

/// The notice that a guardian consents to for a child under 14 (Art. 11, R4.2).
fn minors_notice(app: &App, language: &str) -> Option<NoticeText> {
    let notices = app.service.notices();
    let notice = notices.iter().find(|notice| notice.is_for_minors())?;
    Some(notice_text(notice, language))
}

fn child(child: ChildView) -> Child {
    let under_14 = matches!(
        child.group,
        AgeGroup::BelowMinimum | AgeGroup::GuardianApplies
    );
    Child {
        name: child.name_masked,
        under_14,
        card: card_state(child.state),
        changes_on: child.changes_on.to_string(),
    }
}

fn guardian(guardian: GuardianView) -> Relative {
    let state = if guardian.can_decide {
        "family.can"
    } else {
        "family.cannot"
    };
    Relative {
        name: guardian.name_masked,
        state,
    }
}
