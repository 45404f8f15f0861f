//! A second device (P-recovery): a device that is already the person's vouches for a new one.
//!
//! The old device shows eight digits, the new one claims them with its own key, the person compares
//! four digits on both screens, and the old device confirms and wraps the history key. One link, one
//! new device, two minutes.

use crypto::digest::Digest;
use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::device::DeviceHandle;
use crate::handover::desk::Desk;
use crate::handover::guess::{self, Guesses, eight_digits};
use crate::id::PersonId;
use crate::service::Fault;
use crate::wangzheng::WangzhengState;

use super::apply::{ApplyError, ApplyRefused};

mod device;
mod keys;
#[cfg(test)]
mod tests;

use keys::NewKeys;

pub use device::Linked;

const LABEL: &str = "device-link";
/// Seconds a link waits, from its code to the confirmation.
const LIFE: i64 = 120;

/// Links between devices at one moment.
#[derive(Clone, Copy)]
struct Links<'a> {
    desk: Desk<'a>,
    guesses: &'a Guesses,
}

/// What a link's row holds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Link {
    person: PersonId,
    expires_at: Timestamp,
    state: State,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum State {
    Waiting,
    Claimed(NewKeys),
    /// The old device has said yes; the device is being written.
    Confirmed(NewKeys),
    /// It is written.
    Linked {
        claim: [u8; 16],
        device: String,
    },
}

/// A code for a new device.
#[derive(Debug, Clone)]
pub struct LinkCode {
    /// Eight digits.
    pub code: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A claim, as the new device gets it.
#[derive(Debug, Clone)]
pub struct LinkClaim {
    /// Sealed; asks for the outcome.
    pub claim: String,
    /// Four digits of the new key, to compare.
    pub check: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A claim, as the old device sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedLink {
    /// Name of the new device.
    pub name: String,
    /// Its agreement key, 65 bytes SEC1: the history key is wrapped to it.
    pub agreement_key: Vec<u8>,
    /// Four digits of its signing key, to compare.
    pub check: String,
}

/// Why a link is refused.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefused {
    /// No such link, over, cancelled, or somebody else's.
    #[error("there is no such link")]
    Unknown,
    /// Another device claimed it.
    #[error("another device claimed this code")]
    Taken,
    /// Nobody claimed it yet.
    #[error("no device claimed this code")]
    NotClaimed,
    /// Too many wrong codes were typed.
    #[error("too many wrong codes")]
    TooManyGuesses,
    /// No device is added while the 网证 is not usable: a lock holds for this too (C3).
    #[error("the credential is {}", .0.as_str())]
    NotActive(WangzhengState),
    /// A key, a wrap, a statement, or the number of devices.
    #[error(transparent)]
    Device(ApplyRefused),
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] LinkRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ApplyError> for LinkError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(refused) => LinkRefused::Device(refused).into(),
            ApplyError::Fault(fault) => fault.into(),
        }
    }
}

impl Links<'_> {
    fn digest(&self, code: &str) -> Result<Digest, Fault> {
        Ok(self
            .desk
            .keys
            .mac(SecretName::Tag, &[LABEL.as_bytes(), code.as_bytes()])?)
    }

    /// A code nobody else has now.
    async fn start(&self, person: PersonId) -> Result<LinkCode, Fault> {
        let expires_at = self.desk.now.plus(LIFE);
        let link = Link {
            person,
            expires_at,
            state: State::Waiting,
        };
        for _ in 0..8 {
            let code = eight_digits(self.desk.random);
            if self
                .desk
                .open(self.digest(&code)?, &link, expires_at)
                .await?
            {
                return Ok(LinkCode { code, expires_at });
            }
        }
        Err(Fault::Invariant("eight link codes in a row were in use"))
    }

    /// A new device claims a code: of many, one gets it. Answers the code as it was meant.
    async fn claim(&self, typed: &str, keys: &NewKeys) -> Result<(String, Timestamp), LinkError> {
        let code = guess::typed(typed).ok_or(LinkRefused::Unknown)?;
        if !self.guesses.try_one(&code, self.desk.now) {
            return Err(LinkRefused::TooManyGuesses.into());
        }
        let claimed = self
            .desk
            .change(&self.digest(&code)?, |link: &mut Link| {
                if link.state != State::Waiting {
                    return Err(LinkError::from(LinkRefused::Taken));
                }
                link.state = State::Claimed(keys.clone());
                Ok(link.expires_at)
            })
            .await;
        if matches!(
            claimed,
            Ok(Some(_)) | Err(LinkError::Refused(LinkRefused::Taken))
        ) {
            self.guesses.right(&code, self.desk.now);
        }
        let expires_at = claimed?.ok_or(LinkRefused::Unknown)?;
        Ok((code, expires_at))
    }

    /// Who claimed a person's code; `None` while nobody has.
    async fn claimed(
        &self,
        person: PersonId,
        code: &str,
    ) -> Result<Option<ClaimedLink>, LinkError> {
        let held = self.desk.read::<Link>(&self.digest(code)?).await?;
        let link = held
            .map(|held| held.content)
            .filter(|link| link.person == person);
        match link.ok_or(LinkRefused::Unknown)?.state {
            State::Waiting => Ok(None),
            State::Claimed(keys) | State::Confirmed(keys) => Ok(Some(keys.shown()?)),
            State::Linked { .. } => Err(LinkRefused::Taken.into()),
        }
    }

    /// The old device says yes, once.
    async fn confirm(&self, person: PersonId, code: &str) -> Result<NewKeys, LinkError> {
        let confirmed = self
            .desk
            .change(&self.digest(code)?, |link: &mut Link| {
                if link.person != person {
                    return Err(LinkError::from(LinkRefused::Unknown));
                }
                match link.state.clone() {
                    State::Waiting => Err(LinkRefused::NotClaimed.into()),
                    State::Claimed(keys) => {
                        link.state = State::Confirmed(keys.clone());
                        Ok(keys)
                    }
                    State::Confirmed(_) | State::Linked { .. } => Err(LinkRefused::Taken.into()),
                }
            })
            .await?;
        confirmed.ok_or(LinkRefused::Unknown.into())
    }

    /// The device is written: the new one may learn its handle.
    async fn linked(
        &self,
        code: &str,
        claim: [u8; 16],
        device: DeviceHandle,
    ) -> Result<(), LinkError> {
        let device = device.0.to_string();
        self.desk
            .change(&self.digest(code)?, |link: &mut Link| {
                link.state = State::Linked {
                    claim,
                    device: device.clone(),
                };
                Ok::<_, LinkError>(())
            })
            .await?;
        Ok(())
    }

    /// Ends a person's link; `false` when there was none.
    async fn end(&self, person: PersonId, code: &str) -> Result<bool, LinkError> {
        let held = self.desk.read::<Link>(&self.digest(code)?).await?;
        match held.filter(|held| held.content.person == person) {
            Some(held) => Ok(self.desk.take(&held.row).await?),
            None => Ok(false),
        }
    }

    /// The handle of the device a claim became; `None` while it waits. It may be asked again: an
    /// answer can be lost, and the row goes with the link anyway.
    async fn outcome(&self, code: &str, claim: [u8; 16]) -> Result<Option<String>, LinkError> {
        let held = self.desk.read::<Link>(&self.digest(code)?).await?;
        match held.ok_or(LinkRefused::Unknown)?.content.state {
            State::Claimed(keys) | State::Confirmed(keys) if keys.claim == claim => Ok(None),
            State::Linked {
                claim: linked,
                device,
            } if linked == claim => Ok(Some(device)),
            _ => Err(LinkRefused::Unknown.into()),
        }
    }
}
