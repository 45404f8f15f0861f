//! What a wallet says to the service and understands of its answers, without files and without a network of its own.
//!
//! The command line, the walk of the demo and the load tool drive this same code; each brings a [`Transport`].
//! Everything a wallet asserts is a statement signed by its device key ([`statement`]).

pub(crate) mod application;
pub(crate) mod approval;
pub(crate) mod complaint;
pub(crate) mod consents;
pub(crate) mod guardian;
pub(crate) mod history;
pub(crate) mod inclusion;
pub(crate) mod keys;
pub(crate) mod leave;
pub(crate) mod lock;
pub(crate) mod notices;
pub(crate) mod recovery;
pub(crate) mod rights;
pub(crate) mod statement;
pub(crate) mod transport;
pub(crate) mod waiting;

use crypto::random::Random;
use identity::clock::{Clock, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use keys::{KeyText, RecoveryCode};
use transport::{Answer, Method, Transport, Unreachable};

/// What a person's device holds: everything that is needed to act as that person here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wallet {
    /// The service that issued the 网证.
    pub issuer: String,
    /// Name of the sandbox person.
    pub person: String,
    /// What the service calls this device, 26 characters.
    pub device: String,
    /// Signs statements, ES256.
    pub device_key: KeyText,
    /// Opens what is wrapped to this device.
    pub agreement_key: KeyText,
    /// Opens the person's receipts; absent on a recovered device until its first act.
    pub history_key: Option<KeyText>,
    /// The SD-JWT with its disclosures.
    pub credential: String,
    /// The 网号 as it may be shown.
    pub wanghao_masked: String,
    /// The 口令. A real wallet never keeps it; a sandbox wallet answers for its person.
    pub pin: String,
    /// What brings history and device back when this file is lost.
    pub recovery_code: Option<RecoveryCode>,
    /// Whether the service keeps the history key wrapped for this device.
    pub history_settled: bool,
    /// Unix seconds from which the service lets this device act (a recovery with nobody to object waits).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_from: Option<i64>,
}

/// The service as a wallet sees it.
pub(crate) struct Service<'a, T> {
    /// How to reach it.
    pub transport: &'a T,
    /// Its name; statements are made out to it.
    pub issuer: &'a str,
    /// The time of this device.
    pub clock: &'a dyn Clock,
    /// Randomness for keys, identifiers and seals.
    pub random: &'a dyn Random,
}

impl<T: Transport> Service<'_, T> {
    /// Now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn ask(&self, path: &str) -> Result<Answer, Failed> {
        Ok(self.transport.call(Method::Get, path, None).await?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        self.transport
            .call(Method::Post, path, Some(body))
            .await?
            .accepted()
    }
}

/// A rule of the service said no, or its answer leads back to the platform with an error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    /// The rule: `pin_wrong`, `already_holds`, `invalid_request` …
    pub rule: String,
    /// In words for the person.
    pub detail: String,
    /// Where the platform hears of it, if it does.
    pub redirect: Option<String>,
    /// Further members of the answer: `attempts_left`, `locked_until` …
    pub further: serde_json::Map<String, Value>,
}

/// Why something did not come about.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Failed {
    /// A rule said no.
    #[error("refused: {}", .0.rule)]
    Refused(Refusal),
    /// The registry does not answer: the application is kept by the service, and nothing was decided (R15.2).
    #[error(
        "登记库暂时没有应答，你的申请保留到 {until}，尚未作出任何决定；稍后再运行同一命令即可继续 · the registry cannot be reached; your application is kept until {until}; nothing was decided; run the same command again to go on"
    )]
    Waiting {
        /// Last day it is kept.
        until: String,
    },
    /// No answer.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// An answer that is not one: a newer service, or another one.
    #[error("the service answered in a way this wallet does not understand ({0})")]
    NotUnderstood(&'static str),
    /// Something received does not open or verify.
    #[error("{0} does not verify; do not trust it")]
    NotGenuine(&'static str),
}

impl Refusal {
    /// A rule the wallet itself keeps.
    pub(crate) fn own(rule: &str, detail: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            detail: detail.into(),
            redirect: None,
            further: serde_json::Map::new(),
        }
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Reads an answer's body into the shape a call promises.
fn understand<T: serde::de::DeserializeOwned>(
    body: Value,
    call: &'static str,
) -> Result<T, Failed> {
    serde_json::from_value(body).map_err(|_| Failed::NotUnderstood(call))
}
