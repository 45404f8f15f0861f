//! A request on one screen, decided on another (H2): a code that rotates, a number to match, one
//! pick-up.
//!
//! What stands against phishing by relayed codes: the code is fresh for seconds, one phone takes it
//! up, the person picks the number that the screen shows, and the answer goes to the browser that
//! opened the session and to no other. None of it stops a live relay; modes for high-risk purposes
//! need more (RFC 10027).

use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::clock::Timestamp;
use crate::handover::desk::{Desk, Held};
use crate::handover::guess::Guesses;
use crate::service::{Fault, Service};

use super::decision::DecisionError;
use super::request::RequestInvalid;

mod code;
mod decide;
mod phone;
mod screen;
#[cfg(test)]
mod tests;

pub use code::Code;
pub use decide::{DecidedElsewhere, Elsewhere};
pub use phone::{Claimed, Claimer};
pub use screen::{Opened, Screen, ScreenState};

const LABEL: &str = "cross-device";
/// Wrong numbers that end a session.
const MOST_WRONG_PICKS: u8 = 2;
/// Seconds an answer waits for the screen after the request itself has ended.
const PICK_UP_GRACE: i64 = 60;

/// Cross-device sessions at one moment.
#[derive(Clone, Copy)]
pub struct CrossDevice<'a> {
    desk: Desk<'a>,
    guesses: &'a Guesses,
    /// Seconds from opening, from the scan, or from an extension.
    life: i64,
}

/// What a session's row holds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Session {
    /// The sealed request.
    transaction: String,
    /// What the screen shows.
    number: String,
    /// What the phone offers, that one among them.
    numbers: [String; 3],
    /// SHA-256 of the secret in the screen's cookie.
    bind: Digest,
    pairing_code: String,
    /// Kind of browser of the screen, for the person's eyes.
    other_screen: Option<String>,
    /// Over at this moment, unless extended.
    expires_at: Timestamp,
    /// The request's own end: no extension goes beyond.
    until: Timestamp,
    wrong_picks: u8,
    claim: Option<Claim>,
    state: State,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum State {
    Waiting,
    Scanned,
    /// Decided by the statement of this digest; the answer goes to this address.
    Decided {
        statement: Digest,
        redirect: String,
    },
    Dead,
}

/// Who took the code up.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Claim {
    browser: Digest,
    device: Option<String>,
}

/// Why a cross-device step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CrossDeviceRefused {
    /// No such session, not a code of this service, or not this browser's.
    #[error("there is no such session")]
    Unknown,
    /// A genuine code that is not fresh: a picture of it, or a link somebody sent.
    #[error("the code is not fresh")]
    Stale,
    /// Another phone took it up.
    #[error("another device took up this code")]
    TakenElsewhere,
    /// Nobody took it up yet.
    #[error("the code was not taken up")]
    NotScanned,
    /// Its time is over, or two wrong numbers ended it.
    #[error("the session is over")]
    Over,
    /// It was decided before.
    #[error("the request was decided before")]
    Decided,
    /// An approval has to name the number on the screen.
    #[error("the number on the screen is missing")]
    NumberNeeded,
    /// A wrong number.
    #[error("the number is not the one on the screen")]
    NumberWrong {
        /// Picks before the session ends.
        attempts_left: u8,
    },
    /// Too many wrong codes were typed.
    #[error("too many wrong codes")]
    TooManyGuesses,
}

/// Refused by a rule of sessions, of requests, or of decisions; or a fault.
#[derive(Debug, thiserror::Error)]
pub enum CrossDeviceError {
    /// By a rule of sessions.
    #[error(transparent)]
    Refused(#[from] CrossDeviceRefused),
    /// The request behind it.
    #[error(transparent)]
    Request(#[from] RequestInvalid),
    /// The decision.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Service {
    /// The sessions now.
    pub fn cross_device(&self) -> CrossDevice<'_> {
        CrossDevice {
            desk: self.desk(LABEL),
            guesses: &self.guesses,
            life: self.policy.cross_device_life,
        }
    }
}

impl CrossDevice<'_> {
    fn digest(&self, session: &str) -> Result<Digest, Fault> {
        Ok(self
            .desk
            .keys
            .mac(SecretName::Tag, &[LABEL.as_bytes(), session.as_bytes()])?)
    }

    fn pairing_digest(&self, code: &str) -> Result<Digest, Fault> {
        Ok(self
            .desk
            .keys
            .mac(SecretName::Tag, &[b"pairing-code", code.as_bytes()])?)
    }

    async fn read(&self, session: &str) -> Result<Option<Held<Session>>, Fault> {
        self.desk.read(&self.digest(session)?).await
    }

    /// Changes a session by compare-and-set; what `step` refuses is not written.
    async fn change<O: Send>(
        &self,
        session: &str,
        step: impl Fn(&mut Session) -> Result<O, CrossDeviceError> + Send + Sync,
    ) -> Result<O, CrossDeviceError> {
        let changed = self.desk.change(&self.digest(session)?, step).await?;
        changed.ok_or(CrossDeviceRefused::Unknown.into())
    }
}

impl Session {
    fn is_bound_to(&self, secret: &str) -> bool {
        sha256(&[secret.as_bytes()]).0.ct_eq(&self.bind.0).into()
    }

    /// Refuses what came too late.
    fn live(&self, now: Timestamp) -> Result<(), CrossDeviceRefused> {
        match self.state {
            State::Decided { .. } => Err(CrossDeviceRefused::Decided),
            State::Dead => Err(CrossDeviceRefused::Over),
            _ if now >= self.expires_at => Err(CrossDeviceRefused::Over),
            _ => Ok(()),
        }
    }

    /// Gives the whole life again, up to the end of the request.
    fn renew(&mut self, now: Timestamp, life: i64) {
        self.expires_at = now.plus(life).min(self.until).max(self.expires_at);
    }
}
