//! A platform's request: checked against what was reviewed, then sealed (R5.1, R8.2).

use std::sync::Arc;

use crypto::digest::{Digest, sm3};
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::disclosure::attribute::Attribute;
use crate::disclosure::registered::{Asking, NotApproved};
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
    /// The platform is suspended: nothing of it is approved until that is lifted.
    #[error("R5.1: the platform is suspended")]
    PlatformSuspended,
    /// An attribute has no registered legal basis in this scenario.
    #[error("R8.2: an attribute lies outside the approved scenario")]
    AttributeNotApproved,
    /// Attributes leave encrypted, and there is no key to encrypt to.
    #[error("R8.2: no encryption key is registered for this issuer")]
    NoEncryptionKey,
    /// An age bracket without a registered duty.
    #[error("R10.1: no registered duty about this age bracket")]
    BracketNotApproved,
    /// A request for attributes whose answer would not fit into a code.
    #[error("R8.2: a request for attributes is too long")]
    TooLong,
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
    pub attributes: Vec<Attribute>,
    /// The algorithms the answer is signed with.
    pub suite: Suite,
    /// How the answer goes back.
    #[serde(default)]
    pub channel: Channel,
    /// Good until.
    pub expires_at: Timestamp,
    /// What the protocol must find again at the end (redirect URI, challenge, nonce …). Opaque here.
    pub binding: String,
}

/// How the answer to a request goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By the person's browser.
    #[default]
    Redirect,
    /// The platform asked by itself and fetches the answer (S5, step-up).
    Backchannel,
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

/// How the answer to a request goes back, and how long it is waited for.
pub(super) struct Reply {
    pub(super) channel: Channel,
    pub(super) life: i64,
    pub(super) binding: String,
}

impl Reply {
    fn redirect(service: &Service, binding: String) -> Self {
        Self {
            channel: Channel::Redirect,
            life: service.policy.request_life,
            binding,
        }
    }
}

impl Service {
    /// Checks what is asked against what was approved, and seals it.
    pub fn request_verification(
        &self,
        registered: &RegisteredClient,
        asked: &Asked,
        suite: Suite,
        binding: String,
    ) -> Result<Result<SealedRequest, RequestRefused>, Fault> {
        self.seal_request(registered, asked, suite, Reply::redirect(self, binding))
    }

    pub(super) fn seal_request(
        &self,
        registered: &RegisteredClient,
        asked: &Asked,
        suite: Suite,
        reply: Reply,
    ) -> Result<Result<SealedRequest, RequestRefused>, Fault> {
        if self.standing(&registered.platform.id).suspended.is_some() {
            return Ok(Err(RequestRefused::PlatformSuspended));
        }
        let approved = match self.check_asked(registered, asked, suite, &reply.binding) {
            Ok(approved) => approved,
            Err(refused) => return Ok(Err(refused)),
        };
        let now = self.now();
        self.platform_days
            .requested(&registered.platform.id, now.day());
        let request = VerificationRequest {
            id: random::array(self.random()),
            platform: registered.platform.id.clone(),
            client: registered.client().id.clone(),
            scenario: approved.scenario,
            mode: approved.mode,
            attributes: approved.attributes,
            suite,
            channel: reply.channel,
            expires_at: now.plus(reply.life),
            binding: reply.binding,
        };
        Ok(Ok(SealedRequest {
            text: self.seal_value(LABEL, &request)?,
            expires_in: reply.life,
        }))
    }

    /// Opens a sealed request. Whether it was taken is another question, asked of the store.
    pub fn open_request(&self, text: &str) -> Result<OpenRequest, RequestInvalid> {
        let open = self.open_past_request(text)?;
        if self.now() >= open.request.expires_at {
            return Err(RequestInvalid::Expired);
        }
        if self.standing(&open.platform.id).suspended.is_some() {
            return Err(RequestInvalid::NoLongerApproved);
        }
        Ok(open)
    }

    /// The same for one that may be over: to take back what was given to it.
    pub(crate) fn open_past_request(&self, text: &str) -> Result<OpenRequest, RequestInvalid> {
        let request: VerificationRequest = self
            .open_value(LABEL, text)
            .ok_or(RequestInvalid::Unknown)?;
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

    /// The rules of a request, in order: R5.1, R8.2, R10.1, S6.
    fn check_asked(
        &self,
        registered: &RegisteredClient,
        asked: &Asked,
        suite: Suite,
        binding: &str,
    ) -> Result<Approved, RequestRefused> {
        let platform = &registered.platform;
        // 1. A reviewed scenario of this platform (R5.1).
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
        // 2. Attributes that were approved for it, each on its own law (Art. 8(2), R8.2).
        let asking = Asking {
            platform,
            client: registered.client(),
            scenario,
            suite,
        };
        let mut attributes = Vec::new();
        for name in &asked.attributes {
            let attribute =
                Attribute::from_name(name).ok_or(RequestRefused::AttributeNotApproved)?;
            asking.approved(attribute, &self.policy.age_markers)?;
            attributes.push(attribute);
        }
        // The answer carries the ciphertext and the request: both have to fit.
        if !attributes.is_empty() && binding.len() > LONGEST_WITH_ATTRIBUTES {
            return Err(RequestRefused::TooLong);
        }
        // 3. A mode that is not weaker (S6).
        let mode =
            Mode::negotiate(scenario.mode, &asked.modes).ok_or(RequestRefused::ModeTooWeak)?;
        Ok(Approved {
            scenario: scenario.id.clone(),
            attributes,
            mode,
        })
    }
}

/// Bytes of a request with attributes: a code is at most 8 KiB in a token request.
const LONGEST_WITH_ATTRIBUTES: usize = 2560;

/// What is left of a wish after the rules.
struct Approved {
    scenario: ScenarioId,
    attributes: Vec<Attribute>,
    mode: Mode,
}

impl From<NotApproved> for RequestRefused {
    fn from(refused: NotApproved) -> Self {
        match refused {
            NotApproved::OutsideScenario
            | NotApproved::NoLegalBasis
            | NotApproved::SimpleProfile => Self::AttributeNotApproved,
            NotApproved::NoEncryptionKey => Self::NoEncryptionKey,
            NotApproved::NoBracket => Self::BracketNotApproved,
        }
    }
}
