//! `GET /oauth/authorize`: what a platform asks is put before the person (RFC 6749 §4.1.1, RFC 9126 §4).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use identity::platform::Profile;
use identity::service::Suite;
use identity::verification::request::{Channel, OpenRequest, RequestInvalid};
use openid::{
    AuthorizationRequest, AuthorizationResponse, ErrorCode, Form, OAuthError, PushedReference,
    RedirectUri, ReturnAddress,
};

use crate::app::App;
use crate::page::problem::ProblemKind;
use crate::person::approval;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::PageProblem;

use super::client::find;
use super::{issuer, request};

/// A request that may be put before the person: its sealed text and what it says.
pub struct Presented {
    /// The sealed text.
    pub transaction: String,
    /// Opened.
    pub open: OpenRequest,
}

/// Why no person is asked.
enum Refused {
    /// The platform may be told, at its registered address (RFC 6749 §4.1.2.1).
    ToPlatform(String),
    /// Only the person may be told: the client or its address is not known.
    ToPerson(OAuthError),
    /// A pushed request that does not open.
    Sealed(RequestInvalid),
}

/// Shows the request: as a page, or as JSON to a command-line wallet.
pub async fn get(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> Response {
    let presented = match present(&app, suite, query.as_deref()) {
        Ok(presented) => presented,
        Err(refused) => return answer_refused(refused, &headers, &visitor),
    };
    // A request that was decided is not shown again: reload and back button end here (B2).
    match app
        .service
        .store()
        .request_taken(&presented.open.digest)
        .await
    {
        Ok(false) => {}
        Ok(true) if wants_json(&headers) => {
            return ApiProblem::from(
                identity::verification::decision::DecisionRefused::AlreadyDecided,
            )
            .into_response();
        }
        Ok(true) => return PageProblem::new(visitor.frame(), ProblemKind::Taken).into_response(),
        Err(error) => {
            return ApiProblem::from(identity::service::Fault::from(error)).into_response();
        }
    }
    if wants_json(&headers) {
        return Json(approval::json(&presented, &visitor.language())).into_response();
    }
    approval::page(&app, presented, &visitor)
}

/// Whether the caller is a program.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(http::header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| {
        let mut types = accept
            .split(',')
            .map(|part| part.split(';').next().unwrap_or("").trim());
        types.next() == Some("application/json")
    })
}

fn present(app: &App, suite: Suite, query: Option<&str>) -> Result<Presented, Refused> {
    // 1. Readable at all?
    let form = Form::from_query(query).map_err(|error| Refused::ToPerson(error.into()))?;
    // 2. A pushed request, or one spelled out.
    match PushedReference::parse(&form).map_err(Refused::ToPerson)? {
        Some(reference) => pushed(app, suite, &reference),
        None => spelled_out(app, suite, &form),
    }
}

fn pushed(app: &App, suite: Suite, reference: &PushedReference) -> Result<Presented, Refused> {
    let transaction = reference.request_uri.reference().to_owned();
    let open = app
        .service
        .open_request(&transaction)
        .map_err(Refused::Sealed)?;
    // RFC 9126 §4: the client_id must be the one that pushed.
    let same = open.request.client.as_str() == reference.client_id.as_str();
    // What a platform started itself waits at the person's devices, and comes by no address.
    let by_browser = open.request.channel == Channel::Redirect;
    if same && by_browser && open.request.suite == suite {
        Ok(Presented { transaction, open })
    } else {
        Err(Refused::Sealed(RequestInvalid::Unknown))
    }
}

fn spelled_out(app: &App, suite: Suite, form: &Form) -> Result<Presented, Refused> {
    // 1. Who, and may the answer go there? Until this is known, only the person is told.
    let address = ReturnAddress::parse(form).map_err(Refused::ToPerson)?;
    let unknown = || Refused::ToPerson(ErrorCode::InvalidRequest.because("the client is unknown"));
    let registered = find(app, address.client_id.as_str()).ok_or_else(unknown)?;
    let client = registered.client();
    if !client.redirect_uris.contains(address.redirect_uri.as_str()) {
        let error = ErrorCode::InvalidRequest.because("the redirect_uri is not registered");
        return Err(Refused::ToPerson(error));
    }
    let tell = |error: OAuthError| {
        let response = AuthorizationResponse {
            outcome: Err(error),
            state: address.state.clone(),
            issuer: issuer(&app.service, suite).into_owned(),
        };
        Refused::ToPlatform(response.location(&address.redirect_uri))
    };
    // 2. The `fapi` profile pushes its requests (FAPI 2.0 §5.3.2.2).
    if client.profile == Profile::Fapi {
        return Err(tell(
            ErrorCode::InvalidRequest.because("requests of this client are pushed"),
        ));
    }
    // 3. The request itself.
    let asked = AuthorizationRequest::parse(form).map_err(tell)?;
    // A suspension is told to the person, who would otherwise only be sent back (R5.1).
    let platform = &registered.platform.id;
    if app.service.standing(platform).suspended.is_some() {
        return Err(Refused::Sealed(RequestInvalid::NoLongerApproved));
    }
    let sealed =
        request::seal(app, suite, &registered, &asked).map_err(|refused| tell(refused.into()))?;
    let open = app
        .service
        .open_request(&sealed.text)
        .map_err(Refused::Sealed)?;
    Ok(Presented {
        transaction: sealed.text,
        open,
    })
}

fn answer_refused(refused: Refused, headers: &HeaderMap, visitor: &Visitor) -> Response {
    match refused {
        Refused::ToPlatform(location) => Redirect::to(&location).into_response(),
        Refused::ToPerson(error) if wants_json(headers) => ApiProblem::from(error).into_response(),
        Refused::ToPerson(_) => {
            PageProblem::new(visitor.frame(), ProblemKind::PlatformUnknown).into_response()
        }
        Refused::Sealed(invalid) if wants_json(headers) => {
            ApiProblem::from(invalid).into_response()
        }
        Refused::Sealed(invalid) => {
            PageProblem::invalid_request(visitor.frame(), invalid).into_response()
        }
    }
}

/// Where the answer to a request goes, with the given outcome. RFC 9207: `iss` is always there.
pub fn location(
    app: &App,
    open: &OpenRequest,
    outcome: Result<openid::Secret, OAuthError>,
) -> Option<String> {
    let form = Form::parse(open.request.binding.as_bytes()).ok()?;
    let asked = AuthorizationRequest::parse(&form).ok()?;
    let issuer = issuer(&app.service, open.request.suite).into_owned();
    let response = AuthorizationResponse {
        outcome,
        state: asked.state,
        issuer,
    };
    let redirect_uri: &RedirectUri = &asked.redirect_uri;
    Some(response.location(redirect_uri))
}
