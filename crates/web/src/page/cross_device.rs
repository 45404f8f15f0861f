//! H1 and H2: the platform's side of a verification, shown on the service's own domain.

use super::approval::{PlatformText, ScenarioText, sample_platform, sample_scenario};
use super::{Frame, Page, Template};

/// H1 at `/oauth/authorize` without a session: this device, the phone, or the platform's other way; all equal.
///
/// Its script signs in silently when this browser holds a key, and reloads. The phone is a plain form:
/// `transaction` to `POST /x/open`, which sets the bind cookie and redirects to H2.
#[derive(Debug, Template)]
#[template(path = "hosted/choose_way.html")]
pub struct ChooseWay {
    /// What surrounds the page.
    pub frame: Frame,
    /// The transaction, sealed.
    pub transaction: String,
    /// Who asks.
    pub platform: PlatformText,
    /// What for.
    pub scenario: ScenarioText,
}

/// H2 at `/x/wait`: a code that changes every two seconds, the number, the state. Works without a script by
/// reloading itself.
#[derive(Debug, Template)]
#[template(path = "hosted/cross_device.html")]
pub struct CrossDevice {
    /// What surrounds the page.
    pub frame: Frame,
    /// The transaction, sealed, for the other way.
    pub transaction: String,
    /// The session of the code.
    pub session: String,
    /// Who asks.
    pub platform: PlatformText,
    /// The number to choose on the phone.
    pub number: String,
    /// Eight digits for a phone without a camera.
    pub pairing_code: String,
    /// Host of this service, for the eye to compare with the address bar.
    pub host: String,
    /// Unix seconds when the code ends.
    pub expires_at: i64,
    /// Where it stands.
    pub state: CrossDeviceState,
}

/// Where a request on another screen stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossDeviceState {
    /// Nobody scanned it yet.
    Waiting,
    /// A phone took it up.
    Scanned,
    /// The person decided; this screen goes on.
    Decided,
    /// Its time is over.
    Expired,
}

impl CrossDeviceState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Scanned, Self::Decided, Self::Expired];

    /// The name in the API and in the texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Scanned => "scanned",
            Self::Decided => "decided",
            Self::Expired => "expired",
        }
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("script.cross_device.{}", self.name())
    }

    /// Its colour class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "plain",
            Self::Scanned | Self::Decided => "ok",
            Self::Expired => "warn",
        }
    }
}

impl CrossDevice {
    /// The pairing code in two groups, easier to read and to type.
    pub fn grouped_pairing_code(&self) -> String {
        match self.pairing_code.split_at_checked(4) {
            Some((first, second)) => format!("{first} {second}"),
            None => self.pairing_code.clone(),
        }
    }
}

impl Page for ChooseWay {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![(
            "three-ways",
            Self {
                frame: Frame {
                    signed_in: false,
                    ..frame.clone()
                },
                transaction: "c2VhbGVk".to_owned(),
                platform: sample_platform(),
                scenario: sample_scenario(),
            },
        )]
    }
}

impl Page for CrossDevice {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        CrossDeviceState::ALL
            .into_iter()
            .map(|state| {
                let page = Self {
                    frame: Frame {
                        signed_in: false,
                        ..frame.clone()
                    },
                    transaction: "c2VhbGVk".to_owned(),
                    session: "aGFuZGxl".to_owned(),
                    platform: sample_platform(),
                    number: "64".to_owned(),
                    pairing_code: "48205173".to_owned(),
                    host: "localhost:8080".to_owned(),
                    expires_at: 1_900_000_000,
                    state,
                };
                (state.name(), page)
            })
            .collect()
    }
}
