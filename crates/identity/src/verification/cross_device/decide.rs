//! The decision about a request on another screen: everything a decision needs, and the number.

use crypto::digest::{Digest, sm3};

use crate::device::DeviceHandle;
use crate::service::{Fault, Service};
use crate::verification::approve::ProvenDecision;
use crate::verification::decision::{Choice, Decision, HandedIn};
use crate::verification::request::OpenRequest;

use super::{CrossDeviceError, CrossDeviceRefused, Session, State};

/// What came of a decision about a request on another screen.
pub enum Elsewhere {
    /// Decided now: the answer is still to be handed back.
    Now(Box<DecidedElsewhere>),
    /// This very statement decided it before, and the answer lies there.
    Before,
}

/// A decision whose answer goes back to the screen by
/// [`CrossDevice::hand_back`](super::CrossDevice::hand_back).
pub struct DecidedElsewhere {
    /// The session.
    pub session: String,
    /// Names the statement.
    pub statement: Digest,
    /// The request.
    pub request: OpenRequest,
    /// What was decided.
    pub decision: Decision,
}

impl Service {
    /// Decides the request behind a code. The code has to be genuine; it may be old by now, for the
    /// phone took it up when it was fresh.
    pub async fn decide_elsewhere(
        &self,
        code: &str,
        handed_in: HandedIn<'_>,
    ) -> Result<Elsewhere, CrossDeviceError> {
        let sessions = self.cross_device();
        // 1. Whose code, and was it taken up?
        let code = sessions
            .read_code(code)?
            .ok_or(CrossDeviceRefused::Unknown)?;
        let held = sessions
            .read(&code.session)
            .await?
            .ok_or(CrossDeviceRefused::Unknown)?;
        let digest = sm3(&[b"wangzheng-cross-device", handed_in.statement.as_bytes()]);
        let session = held.content;
        if session.decided_by(&digest) {
            return Ok(Elsewhere::Before);
        }
        session.live(self.now())?;
        // 2. Who decides, and about this request?
        let request = self.open_request(&session.transaction)?;
        let proven = self
            .prove_decision(&session.transaction, request.clone(), handed_in)
            .await?;
        self.check_claim(&session, &proven)?;
        // 3. The number, only to approve: whoever refuses need not look at the screen.
        if proven.approval().decision == Choice::Approve {
            let picked = proven.approval().number.as_deref();
            let picked = picked.ok_or(CrossDeviceRefused::NumberNeeded)?;
            sessions.pick(&code.session, picked).await?;
        }
        // 4. The decision itself, like any other.
        let decision = self.decide(&proven).await?;
        Ok(Elsewhere::Now(Box::new(DecidedElsewhere {
            session: code.session,
            statement: digest,
            request,
            decision,
        })))
    }

    /// The device that took the code up decides, where it is known.
    fn check_claim(
        &self,
        session: &Session,
        proven: &ProvenDecision,
    ) -> Result<(), CrossDeviceError> {
        let claim = session
            .claim
            .as_ref()
            .ok_or(CrossDeviceRefused::NotScanned)?;
        let view = proven.view();
        let handle = DeviceHandle::of(view.person.person, view.device.device, self.keys())
            .map_err(Fault::from)?;
        match &claim.device {
            Some(device) if *device != handle.0.to_string() => {
                Err(CrossDeviceRefused::TakenElsewhere.into())
            }
            _ => Ok(()),
        }
    }
}

impl Session {
    fn decided_by(&self, digest: &Digest) -> bool {
        matches!(&self.state, State::Decided { statement, .. } if statement == digest)
    }
}
