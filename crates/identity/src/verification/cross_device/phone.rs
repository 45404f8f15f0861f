//! The phone's part: take the code up, pick the number, hand the answer back.

use crypto::digest::Digest;
use subtle::ConstantTimeEq;

use crate::handover::guess;

use super::code::Code;
use super::{
    Claim, CrossDevice, CrossDeviceError, CrossDeviceRefused, MOST_WRONG_PICKS, Session, State,
};

/// Who takes a code up.
#[derive(Debug, Clone)]
pub struct Claimer {
    /// Names the browser or program, so that it may load the page again.
    pub browser: Digest,
    /// Handle of the device, when a person is signed in.
    pub device: Option<String>,
    /// This browser saw the code while it was fresh, and signed in since.
    pub saw_it_fresh: bool,
}

/// What a phone sees that took a code up.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The sealed request.
    pub transaction: String,
    /// The numbers to pick from.
    pub numbers: [String; 3],
    /// Kind of browser of the screen, if known.
    pub other_screen: Option<String>,
}

impl CrossDevice<'_> {
    /// The present code of the session behind eight digits; `None` when there is none.
    pub async fn pair(&self, typed: &str) -> Result<Code, CrossDeviceError> {
        let digits = guess::typed(typed).ok_or(CrossDeviceRefused::Unknown)?;
        if !self.guesses.try_one(&digits, self.desk.now) {
            return Err(CrossDeviceRefused::TooManyGuesses.into());
        }
        let session = self
            .desk
            .read::<String>(&self.pairing_digest(&digits)?)
            .await?;
        let session = session.ok_or(CrossDeviceRefused::Unknown)?.content;
        let held = self
            .read(&session)
            .await?
            .ok_or(CrossDeviceRefused::Unknown)?;
        held.content.live(self.desk.now)?;
        self.guesses.right(&digits, self.desk.now);
        Ok(self.code(&session)?)
    }

    /// Takes a code up: it has to be fresh, and of many phones one gets it. The same one may load
    /// the page again.
    pub async fn claim(&self, code: &Code, by: &Claimer) -> Result<Claimed, CrossDeviceError> {
        let (now, life) = (self.desk.now, self.life);
        self.change(&code.session, move |session| {
            session.live(now)?;
            match &mut session.claim {
                None if !(code.fresh || by.saw_it_fresh) => {
                    return Err(CrossDeviceRefused::Stale.into());
                }
                None => {
                    session.claim = Some(Claim {
                        browser: by.browser,
                        device: by.device.clone(),
                    });
                    session.state = State::Scanned;
                    session.renew(now, life);
                }
                Some(claim) if claim.is_by(by) => {
                    claim.browser = by.browser;
                    claim.device = claim.device.take().or_else(|| by.device.clone());
                }
                Some(_) => return Err(CrossDeviceRefused::TakenElsewhere.into()),
            }
            Ok(session.claimed())
        })
        .await
    }

    /// Compares the number the person picked; the second wrong one ends the session.
    pub(super) async fn pick(&self, session: &str, picked: &str) -> Result<(), CrossDeviceError> {
        let now = self.desk.now;
        let attempts_left = self
            .change(session, move |session| {
                session.live(now)?;
                if session.number.as_bytes().ct_eq(picked.as_bytes()).into() {
                    return Ok(None);
                }
                session.wrong_picks += 1;
                if session.wrong_picks >= MOST_WRONG_PICKS {
                    session.state = State::Dead;
                }
                Ok(Some(MOST_WRONG_PICKS.saturating_sub(session.wrong_picks)))
            })
            .await?;
        match attempts_left {
            None => Ok(()),
            Some(attempts_left) => Err(CrossDeviceRefused::NumberWrong { attempts_left }.into()),
        }
    }

    /// Leaves the answer for the screen. The first one stays.
    pub async fn hand_back(
        &self,
        session: &str,
        statement: Digest,
        redirect: &str,
    ) -> Result<(), CrossDeviceError> {
        self.change(session, move |session| {
            match &session.state {
                State::Decided {
                    statement: first, ..
                } if *first != statement => {
                    return Err(CrossDeviceRefused::Decided.into());
                }
                State::Decided { .. } => {}
                _ => {
                    session.state = State::Decided {
                        statement,
                        redirect: redirect.to_owned(),
                    };
                }
            }
            Ok(())
        })
        .await
    }
}

impl Claim {
    fn is_by(&self, claimer: &Claimer) -> bool {
        let same_device = self.device.is_some() && self.device == claimer.device;
        let contradicts = self.device.is_some() && claimer.device.is_some() && !same_device;
        same_device || (self.browser == claimer.browser && !contradicts)
    }
}

impl Session {
    fn claimed(&self) -> Claimed {
        Claimed {
            transaction: self.transaction.clone(),
            numbers: self.numbers.clone(),
            other_screen: self.other_screen.clone(),
        }
    }
}
