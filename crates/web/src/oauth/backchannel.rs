//! `POST /oauth/bc-authorize` (CIBA Core §7, poll mode) and its grant at the token endpoint (§10.1): the step-up of a
//! suspicious account (S5).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use identity::platform::Profile;
use identity::service::Suite;
use identity::verification::backchannel::{Answer, Question};
use identity::verification::redeem::Exchange;
use openid::{
    BackchannelRequest, BackchannelResponse, BackchannelTokenRequest, ErrorCode, Form,
    IdentityVerification, OAuthError, Secret,
};

use crate::app::App;
use crate::problem::{OAuthProblem, oauth_fault};

use super::client::{AuthenticatedClient, authenticate};
use super::form;
use super::par::refuse;
use super::request::{self, NotSealed};
use super::token::{self, Bound};

/// Takes a request that a platform starts itself. The answer looks the same whoever the hint is of (R8.1).
pub async fn post(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    // 1. Who; production clients alone (design §5 Profiles).
    let form = form(&headers, &body)?;
    let client = authenticate(&app, suite, &headers, &form, "/oauth/bc-authorize")?;
    let registered = client.registered();
    if registered.client().profile != Profile::Fapi {
        return Err(ErrorCode::UnauthorizedClient
            .because("requests of this profile go through the browser")
            .into());
    }
    // 2. What.
    let asked = BackchannelRequest::parse(&form)?;
    let details = asked.authorization_details.as_ref();
    let question = Question {
        asked: request::asked(details, &asked.acr_values).map_err(OAuthError::from)?,
        subject: asked.login_hint.expose().to_owned(),
        message: asked.binding_message,
        life: asked.requested_expiry.map(i64::from),
        binding: details.map_or_else(String::new, bind),
    };
    // 3. Put before the person, if there is one.
    let acknowledged = app
        .service
        .ask_by_backchannel(registered, question, suite)
        .await
        .map_err(|fault| oauth_fault(&fault))?;
    let acknowledged = match acknowledged {
        Ok(acknowledged) => acknowledged,
        Err(rule) => return Err(refuse(&app, registered, NotSealed::Rule(rule)).await),
    };
    let seconds = |seconds| u32::try_from(seconds).unwrap_or(u32::MAX);
    let response = BackchannelResponse {
        auth_req_id: Secret::new(acknowledged.id),
        expires_in: seconds(acknowledged.expires_in),
        interval: seconds(acknowledged.interval),
        number: acknowledged.number,
    };
    Ok(Json(response).into_response())
}

/// The grant of §10.1: pending, a result once, or an error that says nothing of why.
pub(super) async fn tokens(
    app: &App,
    suite: Suite,
    client: &AuthenticatedClient,
    form: &Form,
) -> Result<Response, OAuthProblem> {
    let registered = client.registered();
    let request = BackchannelTokenRequest::parse(form)?;
    let answer = app
        .service
        .answer_by_backchannel(&registered.client().id, suite, request.auth_req_id.expose())
        .await
        .map_err(|fault| oauth_fault(&fault))?;
    let grant = match answer {
        Answer::Approved(grant) => grant,
        Answer::Pending => return Err(ErrorCode::AuthorizationPending.into()),
        Answer::TooSoon => return Err(ErrorCode::SlowDown.into()),
        Answer::Denied => return Err(ErrorCode::AccessDenied.into()),
        Answer::Expired => return Err(ErrorCode::ExpiredToken.into()),
        Answer::Unknown => return Err(ErrorCode::InvalidGrant.into()),
    };
    let exchange = app
        .service
        .exchange(&grant)
        .await
        .map_err(|fault| oauth_fault(&fault))?;
    let Exchange::Verified(result) = exchange else {
        // The person locked the 网证 or took the approval back meanwhile: not given (R8.1).
        return Err(ErrorCode::AccessDenied.into());
    };
    let bound = Bound {
        client_id: token::client_id(&grant)?,
        nonce: None,
        details: bound_details(&grant.binding)?,
    };
    token::respond(app, registered, &grant, bound, result)
}

fn bind(details: &IdentityVerification) -> String {
    Form::encode([("authorization_details", details.to_json().as_str())])
}

fn bound_details(binding: &str) -> Result<Option<IdentityVerification>, OAuthError> {
    let broken = || {
        oauth_fault(&identity::service::Fault::Invariant(
            "binding of an inquiry",
        ))
    };
    let form = Form::parse(binding.as_bytes()).map_err(|_| broken())?;
    form.text("authorization_details")
        .map(IdentityVerification::parse)
        .transpose()
        .map_err(|_| broken())
}
