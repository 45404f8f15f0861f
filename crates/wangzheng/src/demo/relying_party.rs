//! A platform's OpenID Connect client, as another party would write it: PAR, PKCE and `private_key_jwt` in production,
//! a client secret in the sandbox. It believes nothing it has not checked, and keeps every byte it received.

pub(crate) mod answer;
pub(crate) mod callback;
mod connection;
mod disclosed;
pub(crate) mod events;
pub(crate) mod id_token;
mod request;

use std::sync::Arc;

use crypto::{PrivateKey, random::Random};
use identity::{clock::Clock, verification::mode::Mode};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use connection::{Connection, Provider};
use id_token::IdToken;

/// A client of one service.
pub(crate) struct RelyingParty {
    issuer: String,
    client_id: String,
    redirect_uri: String,
    authentication: Authentication,
    decryption_key: Option<PrivateKey>,
    connection: Connection,
    provider: OnceCell<Provider>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// How the client proves who it is.
pub(crate) enum Authentication {
    /// `private_key_jwt` with this key; requests are pushed.
    Key {
        /// ES256.
        key: PrivateKey,
        /// Its `kid`.
        key_id: Option<String>,
    },
    /// `client_secret_basic`; requests go through the browser.
    Secret(String),
}

/// Who the client is.
pub(crate) struct Registration {
    /// The service.
    pub(crate) issuer: String,
    /// OAuth client id.
    pub(crate) client_id: String,
    /// One of its registered redirect URIs.
    pub(crate) redirect_uri: String,
    /// Key or secret.
    pub(crate) authentication: Authentication,
    /// Opens what is disclosed to it, if anything ever is.
    pub(crate) decryption_key: Option<PrivateKey>,
}

/// What a platform wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    /// One of its scenarios.
    pub(crate) scenario: String,
    /// The scenario's own mode.
    pub(crate) mode: Mode,
    /// Attributes to ask for; none: only the result.
    pub(crate) attributes: Vec<String>,
}

/// A request under way: what the answer has to fit. It is used up by the first answer.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    /// What was asked.
    pub(crate) wish: Wish,
    /// Names the request in the answer.
    pub(crate) state: String,
    nonce: String,
    verifier: String,
    /// Everything received so far.
    pub(crate) trace: Trace,
}

#[cfg(test)]
impl Pending {
    /// A request under way with this state, for tests.
    pub(crate) fn sample(state: &str) -> Self {
        Self {
            wish: Wish {
                scenario: "account-registration".to_owned(),
                mode: Mode::Wangzheng,
                attributes: Vec::new(),
            },
            state: state.to_owned(),
            nonce: "n".to_owned(),
            verifier: "v".repeat(43),
            trace: Trace::default(),
        }
    }
}

/// A request that was accepted.
#[derive(Debug)]
pub(crate) struct Started {
    /// Where the browser goes.
    pub(crate) address: String,
    /// What to keep.
    pub(crate) pending: Pending,
}

/// What a platform learns of a person (R8.1).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verified {
    /// The checked ID token.
    pub(crate) id_token: IdToken,
    /// Claims of the checked receipt.
    pub(crate) receipt: Map<String, Value>,
    /// What the person gave, decrypted and checked; empty when nothing was given (R8.2).
    pub(crate) disclosed: Map<String, Value>,
}

/// Something the platform received, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Received {
    /// What it is.
    pub(crate) what: What,
    /// The bytes as text.
    pub(crate) text: String,
}

/// The kinds of things received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// Answer to the pushed request.
    PushedRequest,
    /// Query of the redirect.
    Callback,
    /// Answer of the token endpoint.
    TokenResponse,
    /// Answer of the UserInfo endpoint.
    UserInfo,
}

/// Everything received in one verification, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Trace(pub(crate) Vec<Received>);

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoResult {
    /// The service does not answer.
    #[error("the service does not answer")]
    Unreachable,
    /// The service refused the request or the exchange, by OAuth error code.
    #[error("the service refused: {0}")]
    Error(String),
    /// The person did not approve, for whatever reason (R8.1).
    #[error("not given: {0}")]
    NotGiven(String),
    /// What came back does not hold; the words say which check.
    #[error("refused what came back: {0}")]
    Distrusted(Distrust),
}

/// Which check an answer failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Distrust {
    /// RFC 9207: the answer of another issuer.
    #[error("iss is another issuer's")]
    Issuer,
    /// The answer to another request, or one answered before.
    #[error("state is unknown")]
    State,
    /// An answer of no known form.
    #[error("malformed")]
    Form,
    /// A signature, its algorithm, its type or its key.
    #[error("signature")]
    Signature,
    /// Made out to another client.
    #[error("aud is another client's")]
    Audience,
    /// Of another request.
    #[error("nonce is another request's")]
    Nonce,
    /// Too old, or of the future.
    #[error("not valid now")]
    Time,
    /// Weaker than what was asked for.
    #[error("acr is weaker than the scenario's")]
    Mode,
    /// The receipt does not belong to the token.
    #[error("the receipt is about something else")]
    Receipt,
    /// The result is none.
    #[error("no pass")]
    Result,
    /// What was disclosed does not open, verify, or belong to this token.
    #[error("verified_claims")]
    Disclosed,
}

impl From<Distrust> for NoResult {
    fn from(distrust: Distrust) -> Self {
        Self::Distrusted(distrust)
    }
}

impl Trace {
    fn add(&mut self, what: What, text: &str) {
        self.0.push(Received {
            what,
            text: text.to_owned(),
        });
    }

    /// What was received of a kind.
    pub(crate) fn find(&self, what: What) -> Option<&str> {
        self.0
            .iter()
            .find(|received| received.what == what)
            .map(|received| received.text.as_str())
    }
}

impl RelyingParty {
    /// A client with its registration. Nothing is asked of the service yet.
    pub(crate) fn new(
        registration: Registration,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            issuer: registration.issuer,
            client_id: registration.client_id,
            redirect_uri: registration.redirect_uri,
            authentication: registration.authentication,
            decryption_key: registration.decryption_key,
            connection: Connection(http),
            provider: OnceCell::new(),
            clock,
            random,
        }
    }

    async fn provider(&self) -> Result<&Provider, NoResult> {
        self.provider
            .get_or_try_init(|| self.connection.discover(&self.issuer))
            .await
    }
}

#[cfg(test)]
mod tests;
