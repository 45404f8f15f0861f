//! The phone: takes a code up and puts the request before the person (P13).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use identity::device::DeviceHandle;
use identity::service::Fault;
use identity::verification::cross_device::{
    Claimed, Claimer, Code, CrossDeviceError, CrossDeviceRefused,
};
use serde_json::json;

use crate::app::App;
use crate::oauth::authorize::{Presented, wants_json};
use crate::page::approval::Approval;
use crate::page::first_visit::OpenWallet;
use crate::person::approval;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::{PageProblem, render};

use super::cookie::Ticket;

/// `GET /x/{payload}`.
pub(super) async fn take_up(
    State(app): State<Arc<App>>,
    Path(payload): Path<String>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Response {
    let taken = take(&app, &payload, &headers, &visitor).await;
    match taken {
        Ok(response) => response,
        Err(error) if wants_json(&headers) => ApiProblem::from(error).into_response(),
        Err(error) => PageProblem::cross_device(visitor.frame(), &error).into_response(),
    }
}

async fn take(
    app: &App,
    payload: &str,
    headers: &HeaderMap,
    visitor: &Visitor,
) -> Result<Response, CrossDeviceError> {
    // 1. A code of ours?
    let sessions = app.service.cross_device();
    let code = sessions
        .read_code(payload)?
        .ok_or(CrossDeviceRefused::Unknown)?;
    let earlier = Ticket::of(app, headers, code.session());
    // 2. A browser without a session signs in first; that it saw the code in time is not forgotten.
    if visitor.view().is_none() && !wants_json(headers) {
        return sign_in_first(app, &code, earlier.as_ref(), visitor);
    }
    // 3. Taken up, by one.
    let saw_it_fresh = earlier.is_some();
    let ticket = earlier.unwrap_or_else(|| Ticket::new(app, code.session()));
    let phone = Claimer {
        browser: ticket.browser(),
        device: device(app, visitor)?,
        saw_it_fresh,
    };
    let claimed = sessions.claim(&code, &phone).await?;
    let request = app.service.open_request(&claimed.transaction)?;
    let presented = Presented {
        transaction: claimed.transaction.clone(),
        open: request,
    };
    // 4. Shown.
    let shown = if wants_json(headers) {
        answer(&presented, &claimed, visitor)
    } else {
        page(app, presented, claimed, &code, visitor)
    };
    Ok(([(SET_COOKIE, ticket.cookie(app)?)], shown).into_response())
}

fn sign_in_first(
    app: &App,
    code: &Code,
    earlier: Option<&Ticket>,
    visitor: &Visitor,
) -> Result<Response, CrossDeviceError> {
    let page = render(&OpenWallet {
        frame: visitor.frame(),
    });
    if earlier.is_some() {
        return Ok(page);
    }
    if !code.fresh {
        return Err(CrossDeviceRefused::Stale.into());
    }
    let ticket = Ticket::new(app, code.session()).cookie(app)?;
    Ok(([(SET_COOKIE, ticket)], page).into_response())
}

fn device(app: &App, visitor: &Visitor) -> Result<Option<String>, Fault> {
    let Some(view) = visitor.view() else {
        return Ok(None);
    };
    let handle = DeviceHandle::of(view.person.person, view.device.device, app.service.keys())?;
    Ok(Some(handle.0.to_string()))
}

fn answer(presented: &Presented, claimed: &Claimed, visitor: &Visitor) -> Response {
    let mut answer = approval::json(presented, &visitor.language());
    answer["number_match"] = json!(true);
    answer["numbers"] = json!(claimed.numbers);
    Json(answer).into_response()
}

fn page(
    app: &App,
    presented: Presented,
    claimed: Claimed,
    code: &Code,
    visitor: &Visitor,
) -> Response {
    let frame = visitor.frame();
    let blocked = visitor
        .view()
        .and_then(|view| approval::blocked(app, view, &frame));
    let language = visitor.language();
    render(&Approval {
        session: Some(code.text()),
        numbers: claimed.numbers.to_vec(),
        other_screen: claimed.other_screen,
        blocked,
        ..approval::approval(app, presented, visitor.frame(), visitor.view(), &language)
    })
}
