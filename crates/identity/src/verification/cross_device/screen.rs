//! The screen's part: open, show, extend, pick up. Each needs the secret of the screen's cookie.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::sha256;
use crypto::random;

use crate::clock::Timestamp;
use crate::handover::desk::Held;
use crate::handover::guess::eight_digits;
use crate::service::Fault;

use super::{CrossDevice, CrossDeviceError, CrossDeviceRefused, PICK_UP_GRACE, Session, State};

/// A session as its screen gets it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What the code names.
    pub session: String,
    /// The secret that binds the session to the browser.
    pub secret: String,
    /// The number to match.
    pub number: String,
    /// Eight digits for a phone without a camera.
    pub pairing_code: String,
    /// Over at this moment, unless extended.
    pub expires_at: Timestamp,
}

/// What the screen shows.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The sealed request.
    pub transaction: String,
    /// The number to match.
    pub number: String,
    /// Eight digits for a phone without a camera.
    pub pairing_code: String,
    /// Over at this moment, unless extended.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: ScreenState,
}

/// Where a session stands, for its screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreenState {
    /// Nobody took the code up.
    Waiting,
    /// A phone took it up.
    Scanned,
    /// Decided; the answer waits to be picked up.
    Decided,
    /// Over.
    Expired,
}

impl ScreenState {
    /// `waiting`, `scanned`, `decided` or `expired`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Scanned => "scanned",
            Self::Decided => "decided",
            Self::Expired => "expired",
        }
    }
}

impl CrossDevice<'_> {
    /// Opens a session for a request that is good `until` then.
    pub async fn open(
        &self,
        transaction: &str,
        until: Timestamp,
        other_screen: Option<String>,
    ) -> Result<Opened, CrossDeviceError> {
        let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let id = text(&random::array::<12>(self.desk.random));
        let secret = text(&random::array::<16>(self.desk.random));
        let row_end = until.plus(PICK_UP_GRACE);
        // 1. A pairing code nobody else has now.
        let pairing_code = self.reserve_pairing_code(&id, row_end).await?;
        // 2. The session.
        let (number, numbers) = self.numbers();
        let session = Session {
            transaction: transaction.to_owned(),
            number: number.clone(),
            numbers,
            bind: sha256(&[secret.as_bytes()]),
            pairing_code: pairing_code.clone(),
            other_screen,
            expires_at: self.desk.now.plus(self.life).min(until),
            until,
            wrong_picks: 0,
            claim: None,
            state: State::Waiting,
        };
        let expires_at = session.expires_at;
        if !self.desk.open(self.digest(&id)?, &session, row_end).await? {
            return Err(Fault::Invariant("96 random bits came twice").into());
        }
        Ok(Opened {
            session: id,
            secret,
            number,
            pairing_code,
            expires_at,
        })
    }

    /// What the screen of a session shows; `None` for anybody else.
    pub async fn screen(&self, session: &str, secret: &str) -> Result<Option<Screen>, Fault> {
        let held = self.bound(session, secret).await?;
        Ok(held.map(|held| held.content.screen(self.desk.now)))
    }

    /// Two more minutes, up to the end of the request; also when its time was over.
    pub async fn extend(&self, session: &str, secret: &str) -> Result<Screen, CrossDeviceError> {
        let (now, life) = (self.desk.now, self.life);
        self.change(session, move |content| {
            if !content.is_bound_to(secret) {
                return Err(CrossDeviceRefused::Unknown.into());
            }
            match content.state {
                State::Waiting | State::Scanned if now < content.until => content.renew(now, life),
                State::Decided { .. } => return Err(CrossDeviceRefused::Decided.into()),
                _ => return Err(CrossDeviceRefused::Over.into()),
            }
            Ok(content.screen(now))
        })
        .await
    }

    /// Where the screen goes on, once: of two that ask, one gets it.
    pub async fn pick_up(&self, session: &str, secret: &str) -> Result<Option<String>, Fault> {
        let Some(Held { row, content }) = self.bound(session, secret).await? else {
            return Ok(None);
        };
        let State::Decided { redirect, .. } = content.state else {
            return Ok(None);
        };
        if !self.desk.take(&row).await? {
            return Ok(None);
        }
        // The pairing code leads nowhere any more: it goes with the session.
        let pairing = self.pairing_digest(&content.pairing_code)?;
        if let Some(held) = self.desk.read::<String>(&pairing).await? {
            self.desk.take(&held.row).await?;
        }
        Ok(Some(redirect))
    }

    async fn bound(&self, session: &str, secret: &str) -> Result<Option<Held<Session>>, Fault> {
        let held = self.read(session).await?;
        Ok(held.filter(|held| held.content.is_bound_to(secret)))
    }

    async fn reserve_pairing_code(&self, id: &str, until: Timestamp) -> Result<String, Fault> {
        for _ in 0..8 {
            let code = eight_digits(self.desk.random);
            if self
                .desk
                .open(self.pairing_digest(&code)?, &id.to_owned(), until)
                .await?
            {
                return Ok(code);
            }
        }
        Err(Fault::Invariant("eight pairing codes in a row were in use"))
    }

    /// A number of two digits, and the same among two others in random order.
    pub(in crate::verification) fn numbers(&self) -> (String, [String; 3]) {
        let mut numbers: Vec<u64> = Vec::new();
        while numbers.len() < 3 {
            let number = 10 + self.below(90);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let right = usize::try_from(self.below(3)).unwrap_or_default();
        let text = |at: usize| numbers[at].to_string();
        (text(right), [text(0), text(1), text(2)])
    }

    fn below(&self, bound: u64) -> u64 {
        u64::from_be_bytes(random::array(self.desk.random)) % bound
    }
}

impl Session {
    fn screen(&self, now: Timestamp) -> Screen {
        let state = match self.state {
            State::Decided { .. } => ScreenState::Decided,
            _ if self.live(now).is_err() => ScreenState::Expired,
            State::Scanned => ScreenState::Scanned,
            _ => ScreenState::Waiting,
        };
        Screen {
            transaction: self.transaction.clone(),
            number: self.number.clone(),
            pairing_code: self.pairing_code.clone(),
            expires_at: self.expires_at,
            state,
        }
    }
}
