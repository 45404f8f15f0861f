//! A member of a platform confirms at the console what the platform carried out, with evidence (R8.3, R9.5; R9 页面).
//!
//! The evidence stays with the platform. The log binds its digest to who confirmed what, so that the paper that is
//! shown later can be held against it; whom it is about is in neither.

use crypto::digest::sm3;

use crate::audit::{AuditEvent, EventDraft};
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, NotYourDuty};

use super::SignalId;

/// Longest evidence, in characters: a number, a place, a sentence.
pub const LONGEST_EVIDENCE: usize = 2000;

/// Why a confirmation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmRefused {
    /// Somebody else's work.
    #[error(transparent)]
    Duty(#[from] NotYourDuty),
    /// Said to be done, and nothing that shows it.
    #[error("R8.3: a confirmation names its evidence, in at most 2000 characters")]
    NoEvidence,
    /// The platform has nothing open of this number.
    #[error("there is nothing to confirm")]
    Unknown,
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// By a rule.
    #[error(transparent)]
    Refused(ConfirmRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<ConfirmRefused>> From<T> for ConfirmError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

impl Service {
    /// Confirms one signal of the member's own platform. Event `signal_confirmed`, with the digest of the evidence.
    pub async fn confirm_with_evidence(
        &self,
        staff: &ActingStaff,
        signal: SignalId,
        evidence: &str,
    ) -> Result<(), ConfirmError> {
        // 1. Whose: the own platform's, whatever the form says.
        staff.must(Duty::SpeakForPlatform)?;
        let platform = staff.platform().ok_or(ConfirmRefused::Unknown)?;
        // 2. What shows it.
        let evidence = evidence.trim();
        if evidence.is_empty() || evidence.chars().count() > LONGEST_EVIDENCE {
            return Err(ConfirmRefused::NoEvidence.into());
        }
        // 3. Confirmed and recorded in one unit.
        let event = AuditEvent::SignalConfirmed {
            platform: platform.clone(),
            by: staff.login().clone(),
            evidence: sm3(&[b"wangzheng-signal-evidence", &signal.0, evidence.as_bytes()]),
            minute: self.now().minute(),
        };
        let event = EventDraft::new(event, self.random());
        let settled = self
            .store
            .settle_signals(platform, vec![signal], self.now(), event)
            .await
            .map_err(Fault::from)?;
        if settled == 0 {
            return Err(ConfirmRefused::Unknown.into());
        }
        Ok(())
    }
}
