//! A platform's request: checked against what was reviewed, then sealed (R5.1, R8.2).

use std::sync::Arc;

use crypto::digest::{Digest, sm3};
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ClientId, PlatformId, ScenarioId};
use crate::platform::Platform;
use crate::scenario::Scenario;
use crate::service::{Fault, RegisteredClient, Service, Suite};

use super::mode::Mode;

/// What a platform asks for, as it came over some protocol.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The scenario; the app's default when absent.
    pub scenario: Option<ScenarioId>,
    /// Attributes wished, by name.
    pub attributes: Vec<String>,
    /// Modes wished, in order of preference.
    pub modes: Vec<Mode>,
}

/// Why a request is not put to the person: over-asking ends here (R5.1, R8.2, S6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// The scenario was not reviewed and approved for this platform.
    #[error("R5.1: the scenario is not approved for this platform")]
    ScenarioNotApproved,
    /// No scenario named and none is the default.
    #[error("R5.1: no scenario named, and the platform has no default")]
    NoDefaultScenario,
    /// An attribute has no registered legal basis in this scenario.
    #[error("R8.2: an attribute lies outside the approved scenario")]
    AttributeNotApproved,
    /// Every wished mode is weaker than the scenario's.
    #[error("S6: the modes asked for are weaker than the scenario's")]
    ModeTooWeak,
}

/// A request as it travels: sealed by the service, opaque to everyone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerificationRequest {
    /// 128 random bits: two equal requests are two requests.
    id: [u8; 16],
    /// The platform.
    pub platform: PlatformId,
    /// The app.
    pub client: ClientId,
    /// The scenario.
    pub scenario: ScenarioId,
    /// The mode agreed on.
    pub mode: Mode,
    /// Attributes wished; what leaves is decided by the person (R8.2).
    pub attributes: Vec<String>,
    /// The algorithms the answer is signed with.
    pub suite: Suite,
    /// Good until.
    pub expires_at: Timestamp,
    /// What the protocol must find again at the end (redirect URI, challenge, nonce …). Opaque here.
    pub binding: String,
}

/// A sealed request.
#[derive(Debug, Clone)]
pub struct SealedRequest {
    /// The text, base64url.
    pub text: String,
    /// Seconds it is good for.
    pub expires_in: i64,
}

/// An opened request with what it refers to.
#[derive(Clone)]
pub struct OpenRequest {
    /// The request.
    pub request: VerificationRequest,
    /// The platform as registered now.
    pub platform: Arc<Platform>,
    /// The digest it is taken by.
    pub digest: Digest,
    scenario: usize,
}

impl OpenRequest {
    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.platform.scenarios[self.scenario]
    }
}

/// Why a sealed request does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestInvalid {
    /// Not a request of this service.
    #[error("not a request of this service")]
    Unknown,
    /// Too old.
    #[error("the request has expired")]
    Expired,
    /// The platform or scenario is no longer there.
    #[error("the platform or scenario is no longer approved")]
    NoLongerApproved,
}

const LABEL: &str = "verification-request";

impl Service {
    /// Checks what is asked against what was approved, and seals it.
    pub fn request_verification(
        &self,
        registered: &RegisteredClient,
        asked: &Asked,
        suite: Suite,
        binding: String,
    ) -> Result<Result<SealedRequest, RequestRefused>, Fault> {
        let approved = match check(&registered.platform, asked) {
            Ok(approved) => approved,
            Err(refused) => return Ok(Err(refused)),
        };
        let now = self.now();
        let request = VerificationRequest {
            id: random::array(self.random()),
            platform: registered.platform.id.clone(),
            client: registered.client().id.clone(),
            scenario: approved.0.id.clone(),
            mode: approved.1,
            attributes: asked.attributes.clone(),
            suite,
            expires_at: now.plus(self.policy.request_life),
            binding,
        };
        Ok(Ok(SealedRequest {
            text: self.seal_value(LABEL, &request)?,
            expires_in: self.policy.request_life,
        }))
    }

    /// Opens a sealed request. Whether it was taken is another question, asked of the store.
    pub fn open_request(&self, text: &str) -> Result<OpenRequest, RequestInvalid> {
        let now = self.now();
        let request: VerificationRequest = self
            .open_value(LABEL, text)
            .ok_or(RequestInvalid::Unknown)?;
        if now >= request.expires_at {
            return Err(RequestInvalid::Expired);
        }
        let platform = self
            .platform(&request.platform)
            .ok_or(RequestInvalid::NoLongerApproved)?;
        let scenario = platform
            .scenarios
            .iter()
            .position(|scenario| scenario.id == request.scenario)
            .ok_or(RequestInvalid::NoLongerApproved)?;
        Ok(OpenRequest {
            request,
            platform,
            digest: sm3(&[text.as_bytes()]),
            scenario,
        })
    }
}

/// The rules of a request, in order: R5.1, R8.2, S6.
fn check<'a>(
    platform: &'a Platform,
    asked: &Asked,
) -> Result<(&'a Scenario, Mode), RequestRefused> {
    let scenario = match &asked.scenario {
        Some(id) => platform
            .scenarios
            .iter()
            .find(|scenario| scenario.id == *id)
            .ok_or(RequestRefused::ScenarioNotApproved)?,
        None => platform
            .default_scenario()
            .ok_or(RequestRefused::NoDefaultScenario)?,
    };
    let within = asked.attributes.iter().all(|wished| {
        scenario
            .attributes
            .iter()
            .any(|approved| approved.name == *wished)
    });
    if !within {
        return Err(RequestRefused::AttributeNotApproved);
    }
    let mode = Mode::negotiate(scenario.mode, &asked.modes).ok_or(RequestRefused::ModeTooWeak)?;
    Ok((scenario, mode))
}
