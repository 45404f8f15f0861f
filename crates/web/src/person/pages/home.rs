//! Pages that show and start things: home, requests, history, "me" and what hangs on it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::wangzheng::WangzhengState;

use crate::app::App;
use crate::page::approval::{Outcome, ResultPage};
use crate::page::device::Devices;
use crate::page::first_visit::FirstVisit;
use crate::page::history::{History, HistoryEntry};
use crate::page::home::Home;
use crate::page::me::{LockPage, Me};
use crate::page::problem::{Offline, ProblemKind};
use crate::page::requests::{Requests, WaitingRequest};
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;

/// P1 for strangers, P10 for a person.
pub(super) async fn home(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Result<Response, PageProblem> {
    let frame = visitor.frame();
    let Some(view) = visitor.view() else {
        return Ok(render(&FirstVisit { frame }));
    };
    let holder = Holder {
        frame,
        view: view.clone(),
    };
    let card = holder.card(&app)?;
    let (waiting, _) = waiting(&app, &holder).await?;
    let mut frame = holder.frame;
    frame.waiting = waiting.len();
    Ok(render(&Home {
        frame,
        card,
        waiting,
    }))
}

/// P16. What platforms started themselves; what this device has opened is added by the device.
pub(super) async fn requests(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let (waiting, refused_lately) = waiting(&app, &holder).await?;
    let mut frame = holder.frame;
    frame.waiting = waiting.len();
    Ok(render(&Requests {
        frame,
        waiting,
        refused_lately,
    }))
}

/// What platforms started themselves, and how many were refused lately (S5).
async fn waiting(app: &App, holder: &Holder) -> Result<(Vec<WaitingRequest>, u32), PageProblem> {
    let list = app.service.waiting_requests(&holder.view.person).await;
    let list = list.map_err(|fault| PageProblem::fault(holder.frame.clone(), &fault))?;
    let language = holder.frame.locale().tag();
    let cards = list.waiting.iter().rev();
    let cards = cards.map(|one| crate::person::waiting::card(one, language));
    Ok((cards.collect(), list.refused_lately))
}

/// P17.
pub(super) async fn history(State(app): State<Arc<App>>, holder: Holder) -> Response {
    render(&History {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
    })
}

/// P18. The id is the device's business: it names a row of the person's own sealed history.
pub(super) async fn history_entry(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    holder: Holder,
) -> Response {
    let is_row = id.len() <= 20 && id.bytes().all(|digit| digit.is_ascii_digit());
    if !is_row {
        return PageProblem::new(holder.frame, ProblemKind::NotFound).into_response();
    }
    render(&HistoryEntry {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
        id,
    })
}

/// P27.
pub(super) async fn me(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let card = holder.card(&app)?;
    Ok(render(&Me {
        frame: holder.frame,
        card,
    }))
}

/// P20.
pub(super) async fn lock(State(app): State<Arc<App>>, holder: Holder) -> Response {
    let locked = holder.state(&app) == WangzhengState::Locked;
    render(&LockPage {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
        locked,
    })
}

/// P21.
pub(super) async fn devices(State(app): State<Arc<App>>, holder: Holder) -> Response {
    render(&Devices {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
    })
}

/// P15.
pub(super) async fn result(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Response {
    match Outcome::from_name(&name) {
        Some(outcome) => render(&ResultPage {
            frame: visitor.frame(),
            issuer: app.service.issuer.clone(),
            outcome,
        }),
        None => PageProblem::new(visitor.frame(), ProblemKind::NotFound).into_response(),
    }
}

/// What the service worker keeps: nothing of a person is in it.
pub(super) async fn offline(visitor: Visitor) -> Response {
    let mut frame = visitor.frame();
    frame.signed_in = false;
    frame.locked = false;
    render(&Offline { frame })
}
