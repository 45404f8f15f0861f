//! P16 and P13 for what platforms start themselves (S5), and P19.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::oauth::authorize::Presented;
use crate::page::approval::Approval;
use crate::page::consent::Consents;
use crate::page::problem::ProblemKind;
use crate::person::approval;
use crate::person::waiting::handle;
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;

/// P13 at `/requests/{handle}`: a request that waits for this very person. Anybody else's is not found.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(named): Path<String>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let list = app.service.waiting_requests(&holder.view.person).await;
    let list = list.map_err(|fault| PageProblem::fault(holder.frame.clone(), &fault))?;
    let found = list.waiting.into_iter().find(|one| handle(one) == named);
    let Some(found) = found else {
        return Err(PageProblem::new(holder.frame, ProblemKind::Taken));
    };
    let language = holder.frame.locale().tag().to_owned();
    let blocked = approval::blocked(&app, &holder.view, &holder.frame);
    let presented = Presented {
        transaction: found.transaction,
        open: found.open,
    };
    let page = approval::approval(&app, presented, holder.frame, Some(&holder.view), &language);
    Ok(render(&Approval {
        numbers: found.numbers.to_vec(),
        message: found.message,
        blocked,
        ..page
    })
    .into_response())
}

/// P19.
pub(super) async fn consents(State(app): State<Arc<App>>, holder: Holder) -> Response {
    render(&Consents {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
    })
}
