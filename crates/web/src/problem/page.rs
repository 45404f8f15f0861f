//! A failure as a person sees it: a page that says what happened and one next step.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use identity::service::Fault;
use identity::store::StoreError;
use identity::verification::request::RequestInvalid;

use crate::page::Frame;
use crate::page::problem::{ProblemKind, ProblemPage};

/// Failure of a page.
pub struct PageProblem(Box<ProblemPage>);

impl PageProblem {
    /// A failure of a kind.
    pub fn new(frame: Frame, kind: ProblemKind) -> Self {
        Self(Box::new(ProblemPage {
            frame,
            kind,
            reference: reference(kind),
            next: None,
        }))
    }

    /// A fault; logged here, once.
    pub fn fault(frame: Frame, fault: &Fault) -> Self {
        let kind = match fault {
            Fault::Store(StoreError::Busy) => ProblemKind::Unavailable,
            _ => ProblemKind::Internal,
        };
        tracing::error!(%fault, reference = reference(kind), "fault");
        Self::new(frame, kind)
    }

    /// A sealed request that does not open.
    pub fn invalid_request(frame: Frame, invalid: RequestInvalid) -> Self {
        let kind = match invalid {
            RequestInvalid::Unknown => ProblemKind::BadRequest,
            RequestInvalid::Expired => ProblemKind::Expired,
            RequestInvalid::NoLongerApproved => ProblemKind::PlatformSuspended,
        };
        Self::new(frame, kind)
    }
}

/// The code a person can read out: the kind, for it is all that may be known of a failure.
fn reference(kind: ProblemKind) -> String {
    format!("WZ-{}", kind.name().to_uppercase().replace('_', "-"))
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let status = match self.0.kind {
            ProblemKind::NotFound => StatusCode::NOT_FOUND,
            ProblemKind::Expired | ProblemKind::Taken => StatusCode::GONE,
            ProblemKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            ProblemKind::BadRequest
            | ProblemKind::PlatformUnknown
            | ProblemKind::PlatformSuspended
            | ProblemKind::AsksTooMuch
            | ProblemKind::StaleForm
            | ProblemKind::CodeInvalid => StatusCode::BAD_REQUEST,
        };
        (status, render(&*self.0)).into_response()
    }
}

/// Prints a page. A template that does not print is a fault of the build, not of a request.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page does not print");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
