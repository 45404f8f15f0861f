//! Who receives: a platform's app, by an access token for its own streams (RFC 6749 §4.4, RFC 6750).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use identity::clock::Timestamp;
use identity::id::ClientId;
use identity::service::{RegisteredClient, Suite};
use identity::signal::Stream;
use openid::{Challenge, ErrorCode, Form, OAuthError, PresentedToken, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::oauth::client::AuthenticatedClient;
use crate::problem::{ApiProblem, oauth_fault};

const LABEL: &str = "stream-token";
/// Seconds a token for streams is good for.
const LIFE: i64 = 3600;
/// May read and poll.
const READ: &str = "ssf.read";
/// May do all of it.
const MANAGE: &str = "ssf.manage";

/// What a token for streams stands for.
#[derive(Serialize, Deserialize)]
struct StreamToken {
    client: ClientId,
    suite: Suite,
    manages: bool,
    expires_at: Timestamp,
}

/// `grant_type=client_credentials` at the token endpoint: a token for the client's own streams, and for nothing else.
pub fn token(
    app: &App,
    suite: Suite,
    client: &AuthenticatedClient,
    form: &Form,
) -> Result<Response, OAuthError> {
    let scope = form.text("scope").unwrap_or(MANAGE);
    if !scope.split(' ').all(|one| one == READ || one == MANAGE) {
        return Err(ErrorCode::InvalidScope.because("scopes here are ssf.read and ssf.manage"));
    }
    let token = StreamToken {
        client: client.registered().client().id.clone(),
        suite,
        manages: scope.split(' ').any(|one| one == MANAGE),
        expires_at: app.service.now().plus(LIFE),
    };
    let sealed = app.service.seal_value(LABEL, &token);
    let answer = json!({
        "access_token": sealed.map_err(|fault| oauth_fault(&fault))?,
        "token_type": "Bearer",
        "expires_in": LIFE,
        "scope": scope,
    });
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// To read and poll.
    Read,
    /// To make, change and delete.
    Manage,
}

/// An app that proved who it is. Only [`Receiver::of`] makes one.
pub struct Receiver {
    registered: RegisteredClient,
    suite: Suite,
}

/// Why a call is not answered.
pub enum NotReceiver {
    /// RFC 6750 §3.
    Challenge(OAuthError),
    /// Nothing was presented.
    Nothing,
    /// Anything else.
    Problem(ApiProblem),
}

impl<T: Into<ApiProblem>> From<T> for NotReceiver {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}

impl IntoResponse for NotReceiver {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Problem(problem) => return problem.into_response(),
            Self::Nothing => None,
            Self::Challenge(error) => Some(error),
        };
        let code = error.map_or(401, |error| error.code.http_status());
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::UNAUTHORIZED);
        let mut response = status.into_response();
        let challenge = Challenge::Token(TokenType::Bearer, error).to_string();
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}

impl Receiver {
    /// The app of a token that is good now, at this issuer, for this.
    pub fn of(
        app: &App,
        suite: Suite,
        headers: &HeaderMap,
        needs: Needs,
    ) -> Result<Self, NotReceiver> {
        let header = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let presented = PresentedToken::parse(header)
            .map_err(NotReceiver::Challenge)?
            .filter(|presented| presented.token_type == TokenType::Bearer)
            .ok_or(NotReceiver::Nothing)?;
        let invalid = || NotReceiver::Challenge(ErrorCode::InvalidToken.into());
        let token: StreamToken = app
            .service
            .open_value(LABEL, presented.token.expose())
            .ok_or_else(invalid)?;
        if token.suite != suite || app.service.now() >= token.expires_at {
            return Err(invalid());
        }
        if needs == Needs::Manage && !token.manages {
            return Err(NotReceiver::Challenge(ErrorCode::InsufficientScope.into()));
        }
        let registered = app.service.client(&token.client).ok_or_else(invalid)?;
        Ok(Self { registered, suite })
    }

    /// The app with its platform.
    pub fn registered(&self) -> &RegisteredClient {
        &self.registered
    }

    /// The issuer it is at.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// Its stream; a stream of another app or of the other issuer is none.
    pub async fn stream(&self, app: &App) -> Result<Option<Stream>, ApiProblem> {
        let platform = &self.registered.platform.id;
        let stream = app.service.stream(platform).await?;
        Ok(stream.filter(|stream| {
            stream.client == self.registered.client().id && stream.suite == self.suite
        }))
    }

    /// Its stream of this id; anybody else's is not found.
    pub async fn stream_named(&self, app: &App, id: &str) -> Result<Stream, ApiProblem> {
        let stream = self.stream(app).await?;
        stream
            .filter(|stream| stream.id == id)
            .ok_or_else(ApiProblem::not_found)
    }
}
