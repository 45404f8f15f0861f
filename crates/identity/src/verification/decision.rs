//! What a person decides, and why a decision may not be taken.

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::guardianship::GuardianRefused;
use crate::service::Fault;
use crate::statement::{StatementError, StatementRefused};
use crate::wangzheng::WangzhengState;

/// Type of the statement: `wz-approval+jwt`.
pub const APPROVAL_TYPE: &str = "wz-approval+jwt";

/// What a device hands in: the decision it signed, and what it shows of the credential. It may hold values of the
/// person, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct HandedIn<'a> {
    /// The decision, `wz-approval+jwt`.
    pub statement: &'a str,
    /// The credential with the ticked disclosures and a key binding to this request (RFC 9901); absent when nothing of
    /// it was ticked.
    pub presentation: Option<&'a str>,
    /// What the guardian of a child under 14 states beside it, `wz-guardian+jwt` (R5.2).
    pub guardian: Option<&'a str>,
}

/// The signed decision of a person, as the device states it.
#[derive(Debug, Clone, Deserialize)]
pub struct Approval {
    /// base64url of SHA-256 of the sealed request: the decision is about this request only.
    pub transaction: String,
    /// Yes or no.
    pub decision: Choice,
    /// Seconds: when the person decided.
    pub iat: i64,
    /// Attributes the person ticked, one by one (R8.2).
    #[serde(default)]
    pub attributes: Vec<String>,
    /// The 口令, when the mode asks for it.
    #[serde(default)]
    pub pin: Option<String>,
    /// What the face comparison is given, when the mode asks for it. Never stored (P-face).
    #[serde(default)]
    pub face: Option<String>,
    /// Digest of the face notice, when the person agrees to it with this decision (Art. 9(1), P-face).
    #[serde(default)]
    pub face_notice: Option<crypto::digest::Digest>,
    /// The number the person picked, in a cross-device session.
    #[serde(default)]
    pub number: Option<String>,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 同意.
    Approve,
    /// 拒绝.
    Refuse,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The platform gets this code.
    Approved {
        /// Sealed, single use.
        code: String,
    },
    /// The platform hears no more than that access was denied (R8.1).
    Refused,
}

/// Why a decision is not taken. The person is told; the platform hears nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecisionRefused {
    /// The statement itself.
    #[error(transparent)]
    Statement(#[from] StatementRefused),
    /// The statement is about another request.
    #[error("the statement is about another request")]
    OtherRequest,
    /// Somebody decided this request before.
    #[error("the request was decided before")]
    AlreadyDecided,
    /// The 网证 cannot be used now.
    #[error("the credential is {}", .0.as_str())]
    NotActive(WangzhengState),
    /// A notice in force has no consent of this person: a newer version asks again, or it was withdrawn.
    #[error(
        "R9.2: a notice of the service waits for your consent; nothing is processed without it"
    )]
    AgreementNeeded,
    /// A face is processed with its own consent only (Art. 9(1), P-face).
    #[error("R9.2: there is no consent to a face check in force; choose another way or give it")]
    FaceConsentNeeded,
    /// R4.4: no use below the minimum age.
    #[error("R4.4: no service under the minimum age")]
    TooYoung,
    /// R5.2: a guardian has to consent to this use, and none did.
    #[error("R5.2: a guardian must consent to each use by a child under 14")]
    GuardianNeeded,
    /// The guardian's part.
    #[error("{0}")]
    Guardian(#[from] GuardianRefused),
    /// Consent was given to something the request does not hold.
    #[error("R8.2: consent to an attribute the request does not hold")]
    AttributeNotRequested,
    /// Consent was given to something that is approved no more.
    #[error("R8.2: the attribute is not approved for this platform")]
    AttributeNotApproved,
    /// Consent without the values.
    #[error("R8.2: the device did not show what was consented to")]
    PresentationNeeded,
    /// What was shown does not verify, is bound to something else, or is not exactly what was consented to.
    #[error("R8.2: what the device shows is not exactly what was consented to")]
    PresentationInvalid,
    /// The credential on the device is not the one in force.
    #[error("R15.2: the credential on this device is out of date")]
    CredentialOutdated,
    /// The mode asks for a 口令.
    #[error("the mode asks for the PIN")]
    PinNeeded,
    /// Wrong 口令.
    #[error("wrong PIN")]
    PinWrong {
        /// Attempts before it locks.
        attempts_left: u8,
    },
    /// The 口令 is locked.
    #[error("the PIN is locked")]
    PinLocked {
        /// Until when.
        until: Timestamp,
    },
    /// The mode asks for a face.
    #[error("the mode asks for a face")]
    FaceNeeded,
    /// The face does not match.
    #[error("the face does not match")]
    FaceMismatch,
}

/// A decision that is not taken, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// Refused by a rule.
    #[error(transparent)]
    Refused(#[from] DecisionRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StatementError> for DecisionError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Refused(refused) => Self::Refused(refused.into()),
            StatementError::Fault(fault) => Self::Fault(fault),
        }
    }
}
