//! What a person decides, and why a decision may not be taken.

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::service::Fault;
use crate::statement::{StatementError, StatementRefused};
use crate::wangzheng::WangzhengState;

/// Type of the statement: `wz-approval+jwt`.
pub const APPROVAL_TYPE: &str = "wz-approval+jwt";

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
    /// Consent was given to something the request does not hold.
    #[error("R8.2: consent to an attribute the request does not hold")]
    AttributeNotRequested,
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
