//! The platform asks again, until there is an answer; it gets a result once (B2).

use crate::clock::Timestamp;
use crate::id::ClientId;
use crate::service::{Fault, Service, Suite};
use crate::verification::redeem::Grant;

use super::{Inquiry, LABEL, State, inquiry_digest};

/// What a platform hears that asks again.
pub enum Answer {
    /// Nobody decided yet.
    Pending,
    /// It asks too often.
    TooSoon,
    /// Not given, for whatever reason (R8.1).
    Denied,
    /// Nobody decided in time.
    Expired,
    /// No inquiry of this app, or answered before.
    Unknown,
    /// Approved: what has to be exchanged now. Given to one caller.
    Approved(Box<Grant>),
}

impl Service {
    /// Answers a platform that asks again.
    pub async fn answer_by_backchannel(
        &self,
        client: &ClientId,
        suite: Suite,
        id: &str,
    ) -> Result<Answer, Fault> {
        let desk = self.desk(LABEL);
        let digest = inquiry_digest(&desk, id)?;
        // 1. An inquiry of this app, at this issuer.
        let Some(held) = desk.read::<Inquiry>(&digest).await? else {
            return Ok(Answer::Unknown);
        };
        let inquiry = held.content;
        if inquiry.client != *client || inquiry.suite != suite {
            return Ok(Answer::Unknown);
        }
        // 2. Not too often, whatever the answer would be.
        if self.pace.too_soon(digest, self.now()) && inquiry.is_open(self.now()) {
            return Ok(Answer::TooSoon);
        }
        // 3. What there is. An answer is taken away by the one who gets it.
        match inquiry.state {
            State::Approved { code } => {
                if !desk.take(&held.row).await? {
                    return Ok(Answer::Unknown);
                }
                let grant = self
                    .open_code(&code)
                    .ok_or(Fault::Invariant("the code of an inquiry"))?;
                Ok(Answer::Approved(Box::new(grant)))
            }
            State::Refused => {
                desk.take(&held.row).await?;
                Ok(Answer::Denied)
            }
            State::Open { no_from: Some(at) } if self.now() >= at => {
                desk.take(&held.row).await?;
                Ok(Answer::Denied)
            }
            State::Open { .. } if self.now() >= inquiry.expires_at => Ok(Answer::Expired),
            State::Open { .. } => Ok(Answer::Pending),
        }
    }
}

impl Inquiry {
    fn is_open(&self, now: Timestamp) -> bool {
        match self.state {
            State::Open { no_from } => now < self.expires_at && no_from.is_none_or(|at| now < at),
            _ => false,
        }
    }
}
