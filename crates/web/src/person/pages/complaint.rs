//! Complaints as pages: open to everyone, also to who has no 网证 (R7.3). Nothing here needs a script; with one, and a
//! device, the complaint is signed and its answer comes into the inbox.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::complaint::answer::ComplaintStatus;
use identity::complaint::file::{Complainant, ComplaintError, ComplaintRefused, NewComplaint};
use identity::complaint::{ComplaintKind, ComplaintNumber, ComplaintSecret};
use identity::id::PlatformId;

use crate::app::App;
use crate::page::Frame;
use crate::page::complaint::{
    AnswerText, Complain, ComplaintFound, ComplaintReceived, Complaints, PlatformChoice,
};
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

use super::posted::Posted;

/// `GET /complain`.
pub(super) async fn form(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    show(&app, visitor.frame(), None, "")
}

fn show(app: &App, frame: Frame, trouble: Option<&'static str>, text: &str) -> Response {
    let language = frame.locale().tag();
    let platforms = app.service.platforms();
    let platforms = platforms.iter().map(|platform| PlatformChoice {
        id: platform.id.to_string(),
        name: platform.name.text(language).to_owned(),
        host: platform.host.clone(),
        clients: platform
            .clients
            .iter()
            .map(|client| client.id.to_string())
            .collect::<Vec<_>>()
            .join(" "),
    });
    let platforms = platforms.collect();
    render(&Complain {
        issuer: app.service.issuer.clone(),
        platforms,
        trouble,
        text: text.to_owned(),
        frame,
    })
}

/// `POST /complain`: without a 网证.
pub(super) async fn file(State(app): State<Arc<App>>, posted: Posted) -> Response {
    let frame = posted.visitor.frame();
    let field = |name: &str| posted.form.text(name).unwrap_or_default().trim();
    let text = field("text");
    let (Some(platform), Some(kind)) = (
        PlatformId::parse(field("platform")),
        ComplaintKind::from_name(field("kind")),
    ) else {
        return show(&app, frame, Some("complain.choose_both"), text);
    };
    let complaint = NewComplaint {
        platform,
        kind,
        text: text.to_owned(),
        receipts: Vec::new(),
        share: field("share") == "yes",
        contact: Some(field("contact"))
            .filter(|contact| !contact.is_empty())
            .map(str::to_owned),
    };
    let by = Complainant::WithoutWangzheng;
    match app.service.complain(complaint, by).await {
        Ok(acknowledged) => render(&ComplaintReceived {
            frame,
            number: acknowledged.number.to_string(),
            secret: acknowledged.secret.to_string(),
            due_on: acknowledged.due_on.to_string(),
            kind: kind.as_str(),
        }),
        Err(ComplaintError::Refused(refused)) => {
            let key = match refused {
                ComplaintRefused::PlatformUnknown => "complain.choose_both",
                ComplaintRefused::TooMany => "complain.too_many",
                _ => "complain.too_long",
            };
            show(&app, frame, Some(key), text)
        }
        Err(ComplaintError::Fault(fault)) => PageProblem::fault(frame, &fault).into_response(),
    }
}

/// `GET /complaints`: ask by number and secret; a device lists its own.
pub(super) async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    render(&Complaints {
        frame: visitor.frame(),
        issuer: app.service.issuer.clone(),
        found: None,
        trouble: None,
    })
}

/// `POST /complaints`: by number and secret.
pub(super) async fn find(State(app): State<Arc<App>>, posted: Posted) -> Response {
    let frame = posted.visitor.frame();
    let field = |name: &str| posted.form.text(name).unwrap_or_default();
    let number = ComplaintNumber::parse(field("number"));
    let secret = ComplaintSecret::parse(field("secret"));
    let status = match number.zip(secret) {
        Some((number, secret)) => app
            .service
            .complaint_status(number, &secret)
            .await
            .map(|status| status.map(|status| found(number, &status))),
        None => Ok(None),
    };
    match status {
        Ok(found) => render(&Complaints {
            trouble: found.is_none().then_some("complaints.not_found"),
            frame,
            issuer: app.service.issuer.clone(),
            found,
        }),
        Err(fault) => PageProblem::fault(frame, &fault).into_response(),
    }
}

fn found(number: ComplaintNumber, status: &ComplaintStatus) -> ComplaintFound {
    ComplaintFound {
        number: number.to_string(),
        kind: status.kind.as_str(),
        state: status.state.as_str(),
        received_on: status.received_on.to_string(),
        due_on: status.due_on.to_string(),
        answer: status.answer.as_ref().map(|answer| AnswerText {
            outcome: answer.outcome.as_str(),
            reasons: answer.reasons.clone(),
            on: answer.on.to_string(),
        }),
    }
}
