//! P13, P14 and P15: who asks what and why, the decision, and what came of it.

use super::apply::NoticeText;
use super::{Frame, Page, Template};

/// P13 at `/oauth/authorize` and, for a request from another screen, at `/x/{payload}`.
///
/// The script signs with the device key and posts to `/oauth/decide`; declining and the other way work without it.
/// P14, the separate consent, is a second screen of its own inside the page.
#[derive(Debug, Template)]
#[template(path = "person/approval.html")]
pub struct Approval {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The transaction, sealed.
    pub transaction: String,
    /// The payload of the code, when the request stands on another screen.
    pub session: Option<String>,
    /// Who asks.
    pub platform: PlatformText,
    /// What for.
    pub scenario: ScenarioText,
    /// What the mode asks of the person beside the device key.
    pub mode: ModeText,
    /// What the consent to a face rests on, where the mode asks for one.
    pub face_notice: Option<NoticeText>,
    /// Attributes that may be given, each only with its own tick (R8.2).
    pub attributes: Vec<AttributeText>,
    /// What leaves in any case, as shown (`核验结果`, …); the page always adds the pairwise identifier.
    pub discloses: Vec<String>,
    /// Unix seconds when the request ends.
    pub expires_at: i64,
    /// The numbers to choose from; empty when there is no other screen.
    pub numbers: Vec<String>,
    /// Kind of browser on the other screen (`Windows · Chrome`), if known. Never a place.
    pub other_screen: Option<String>,
    /// What the platform shows on its own screen, where it started the request itself.
    pub message: Option<String>,
    /// Whether a guardian decides beside the person (R5.2).
    pub guardian_decides: bool,
    /// Why this request can only be refused.
    pub blocked: Option<Blocked>,
}

/// The platform as registered.
#[derive(Clone, Debug)]
pub struct PlatformText {
    /// The app that asks, for a complaint about it.
    pub client: String,
    /// Trade name.
    pub name: String,
    /// Host the answer goes to.
    pub host: String,
    /// Whether the service authenticated it.
    pub verified: bool,
    /// The legal person that processes the data.
    pub operator: String,
    /// How to reach it.
    pub contact: String,
}

impl PlatformText {
    /// The first character of the name, for the mark beside it.
    pub fn initial(&self) -> String {
        self.name
            .chars()
            .find(|c| c.is_alphanumeric())
            .unwrap_or('·')
            .to_string()
    }
}

/// The reviewed scenario.
#[derive(Clone, Debug)]
pub struct ScenarioText {
    /// Title (`注册账号`).
    pub title: String,
    /// Purpose in one sentence.
    pub purpose: String,
    /// The legal basis as cited.
    pub legal_basis: String,
    /// Its words, if known.
    pub legal_text: Option<String>,
    /// How long the platform keeps what it gets.
    pub retention: String,
    /// The other lawful way the platform offers (R6.2).
    pub alternative: String,
}

/// What beside the device key the mode asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModeText {
    /// The 口令.
    pub pin: bool,
    /// The face, here by the simulator.
    pub face: bool,
}

/// An attribute the platform may get.
#[derive(Clone, Debug)]
pub struct AttributeText {
    /// Its name in the credential (`name`).
    pub name: String,
    /// Its name as shown (`姓名`).
    pub title: String,
    /// The statute that requires it.
    pub basis: String,
    /// What would be told, where the service computes it (an age marker); other values are on the device alone.
    pub value: Option<String>,
}

/// Why a request can only be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The platform could not be authenticated.
    PlatformUnverified,
    /// The platform's access is suspended.
    PlatformSuspended,
    /// It asks for more than was reviewed.
    AsksTooMuch,
    /// The person has locked the 网证.
    Locked,
    /// A notice waits for the person's consent (R9.2, R11.1).
    AgreementWaits,
    /// A notice waits for the guardian of a child under 14 (R4.2, R11.1).
    GuardianAgreementWaits,
    /// The 网证 is suspended, expired or revoked.
    NotUsable,
}

impl Blocked {
    /// Every case.
    pub const ALL: [Self; 7] = [
        Self::PlatformUnverified,
        Self::PlatformSuspended,
        Self::AsksTooMuch,
        Self::Locked,
        Self::AgreementWaits,
        Self::GuardianAgreementWaits,
        Self::NotUsable,
    ];

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PlatformUnverified => "approval.blocked.platform_unverified",
            Self::PlatformSuspended => "approval.blocked.platform_suspended",
            Self::AsksTooMuch => "approval.blocked.asks_too_much",
            Self::Locked => "approval.blocked.locked",
            Self::AgreementWaits => "approval.blocked.agreement_waits",
            Self::GuardianAgreementWaits => "approval.blocked.guardian_agreement_waits",
            Self::NotUsable => "approval.blocked.not_usable",
        }
    }
}

impl Approval {
    /// Kinds of data that do not leave, as keys: all but what the platform may ask for here.
    pub fn withheld(&self) -> Vec<String> {
        withheld(&self.attributes)
    }
}

/// Kinds of data that do not leave beside these attributes, as keys.
pub(crate) fn withheld(attributes: &[AttributeText]) -> Vec<String> {
    [
        "name",
        "document_number",
        "birth_date",
        "photo",
        "address",
        "phone",
        "wanghao",
    ]
    .into_iter()
    .filter(|kind| !attributes.iter().any(|attribute| attribute.name == *kind))
    .map(|kind| format!("attribute.{kind}"))
    .collect()
}

/// P15 at `/result/{outcome}`: the end of a request on the phone. Says what was given and what was not.
#[derive(Debug, Template)]
#[template(path = "person/result.html")]
pub struct ResultPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person approved; the other screen goes on.
    Approved,
    /// The person refused.
    Refused,
    /// It ended before the decision.
    Expired,
    /// It was already decided, here or elsewhere.
    Taken,
    /// The wrong number was chosen.
    NumberWrong,
    /// The person reported it and locked the 网证.
    Reported,
    /// The person took an approval back within ten minutes (R9.2).
    Undone,
}

impl Outcome {
    /// Every case.
    pub const ALL: [Self; 7] = [
        Self::Approved,
        Self::Refused,
        Self::Expired,
        Self::Taken,
        Self::NumberWrong,
        Self::Reported,
        Self::Undone,
    ];

    /// The name in the address and in the texts (`result.<name>.title|what|next`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Taken => "taken",
            Self::NumberWrong => "number-wrong",
            Self::Reported => "reported",
            Self::Undone => "undone",
        }
    }

    /// The outcome of an address.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// The key of one of its texts.
    pub fn text(self, part: &str) -> String {
        format!("result.{}.{part}", self.name())
    }

    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Approved | Self::Undone => "check",
            Self::Refused => "x",
            Self::Expired => "clock",
            Self::Taken => "device",
            Self::NumberWrong => "warning",
            Self::Reported => "lock",
        }
    }

    /// Its colour class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Approved => "ok",
            Self::Refused | Self::Expired | Self::Taken | Self::Undone => "plain",
            Self::NumberWrong | Self::Reported => "warn",
        }
    }
}

mod samples;
pub(crate) use samples::{sample_platform, sample_scenario};
