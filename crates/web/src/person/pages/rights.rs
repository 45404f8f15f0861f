//! P24 and P25.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity::platform::LocalText;
use identity::rights::held::held;

use crate::app::App;
use crate::page::rights::{HeldRow, MyData, MyDocument, Reason};
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;

/// P24: the document and the number.
pub(super) async fn document(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let card = holder.card(&app)?;
    let language = holder.frame.locale().tag();
    let said = |text: &LocalText| text.text(language).to_owned();
    let explained = app.service.explain(&holder.view);
    let reasons = explained.reasons.iter().map(|reason| Reason {
        why: said(&reason.why),
        next: said(&reason.next),
    });
    Ok(render(&MyDocument {
        issuer: app.service.issuer.clone(),
        card,
        valid_until: holder.view.wangzheng.valid_until.to_string(),
        checked_on: holder.view.wangzheng.document_checked_on.to_string(),
        reasons: reasons.collect(),
        waiting: explained.waiting.as_ref().map(said),
        frame: holder.frame,
    }))
}

/// P25: what is held, and what can be done about it.
pub(super) async fn data(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let card = holder.card(&app)?;
    let language = holder.frame.locale().tag();
    let said = |text: &LocalText| text.text(language).to_owned();
    let rows = held().into_iter().map(|row| HeldRow {
        title: said(&row.title),
        purpose: said(&row.purpose),
        retention: said(&row.retention),
        basis: row.basis,
        sensitive: row.sensitive,
    });
    Ok(render(&MyData {
        issuer: app.service.issuer.clone(),
        card,
        held: rows.collect(),
        restricted: holder.view.wangzheng.restricted_on.is_some(),
        answered_by: app.service.answered_by(app.service.now().day()),
        frame: holder.frame,
    }))
}
