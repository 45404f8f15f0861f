//! What goes wrong between two devices: cross-device sessions and device links.

use http::StatusCode;
use identity::notice::{AgreementError, AgreementRefused};
use identity::person::link::{LinkError, LinkRefused};
use identity::verification::cross_device::{CrossDeviceError, CrossDeviceRefused};
use identity::wangzheng::WangzhengState;

use crate::page::Frame;
use crate::page::problem::ProblemKind;

use super::ApiProblem;
use super::page::PageProblem;

impl From<CrossDeviceError> for ApiProblem {
    fn from(error: CrossDeviceError) -> Self {
        match error {
            CrossDeviceError::Refused(refused) => refused.into(),
            CrossDeviceError::Request(invalid) => invalid.into(),
            CrossDeviceError::Decision(decision) => decision.into(),
            CrossDeviceError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CrossDeviceRefused> for ApiProblem {
    fn from(refused: CrossDeviceRefused) -> Self {
        let code = match refused {
            CrossDeviceRefused::Unknown => return Self::not_found(),
            CrossDeviceRefused::TooManyGuesses => return too_many(&refused),
            CrossDeviceRefused::NumberWrong { attempts_left } => {
                return Self::rule("number_wrong", refused).with("attempts_left", attempts_left);
            }
            CrossDeviceRefused::Stale => "code_stale",
            CrossDeviceRefused::TakenElsewhere | CrossDeviceRefused::Decided => "request_taken",
            CrossDeviceRefused::NotScanned => "not_scanned",
            CrossDeviceRefused::Over => "request_expired",
            CrossDeviceRefused::NumberNeeded => "number_needed",
        };
        Self::rule(code, refused)
    }
}

impl PageProblem {
    /// A refusal between two devices, as a person sees it.
    pub fn cross_device(frame: Frame, error: &CrossDeviceError) -> Self {
        let refused = match error {
            CrossDeviceError::Refused(refused) => *refused,
            CrossDeviceError::Request(invalid) => return Self::invalid_request(frame, *invalid),
            CrossDeviceError::Fault(fault) => return Self::fault(frame, fault),
            CrossDeviceError::Decision(_) => return Self::new(frame, ProblemKind::BadRequest),
        };
        let kind = match refused {
            CrossDeviceRefused::Unknown
            | CrossDeviceRefused::Stale
            | CrossDeviceRefused::NotScanned => ProblemKind::CodeInvalid,
            CrossDeviceRefused::TakenElsewhere | CrossDeviceRefused::Decided => ProblemKind::Taken,
            CrossDeviceRefused::Over => ProblemKind::Expired,
            CrossDeviceRefused::TooManyGuesses => ProblemKind::TooMany,
            CrossDeviceRefused::NumberNeeded | CrossDeviceRefused::NumberWrong { .. } => {
                ProblemKind::BadRequest
            }
        };
        Self::new(frame, kind)
    }
}

impl From<AgreementError> for ApiProblem {
    fn from(error: AgreementError) -> Self {
        let refused = match error {
            AgreementError::Refused(refused) => refused,
            AgreementError::Fault(fault) => return fault.into(),
        };
        match refused {
            AgreementRefused::Unknown => Self::not_found(),
            AgreementRefused::Outdated => Self::rule("notice_outdated", refused),
            AgreementRefused::Child(refused) => refused.into(),
        }
    }
}

impl From<LinkError> for ApiProblem {
    fn from(error: LinkError) -> Self {
        let refused = match error {
            LinkError::Refused(refused) => refused,
            LinkError::Fault(fault) => return fault.into(),
        };
        let code = match refused {
            LinkRefused::Unknown => return Self::not_found(),
            LinkRefused::TooManyGuesses => return too_many(&refused),
            LinkRefused::Device(refused) => return refused.into(),
            LinkRefused::Taken => "link_taken",
            LinkRefused::NotClaimed => "link_not_claimed",
            LinkRefused::NotActive(WangzhengState::Locked) => "locked",
            LinkRefused::NotActive(_) => "not_usable",
        };
        Self::rule(code, refused)
    }
}

fn too_many(refused: &impl ToString) -> ApiProblem {
    ApiProblem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many",
        refused.to_string(),
    )
}
