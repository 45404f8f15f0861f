//! What goes wrong with complaints, cases and legal requests.

use http::StatusCode;
use identity::complaint::file::{ComplaintError, ComplaintRefused};
use identity::complaint::officer::{OfficerError, OfficerRefused};

use super::ApiProblem;

impl From<ComplaintError> for ApiProblem {
    fn from(error: ComplaintError) -> Self {
        match error {
            ComplaintError::Refused(refused) => refused.into(),
            ComplaintError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ComplaintRefused> for ApiProblem {
    fn from(refused: ComplaintRefused) -> Self {
        let code = match refused {
            ComplaintRefused::PlatformUnknown => "platform_unknown",
            ComplaintRefused::TooLong => "complaint_too_long",
            ComplaintRefused::ReceiptNotGenuine => "receipt_not_genuine",
            ComplaintRefused::ReceiptOfAnother => "receipt_of_another",
            ComplaintRefused::TooMany => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return Self::new(status, "busy", refused.to_string());
            }
        };
        Self::rule(code, refused)
    }
}

impl From<OfficerError> for ApiProblem {
    fn from(error: OfficerError) -> Self {
        match error {
            OfficerError::Refused(refused) => refused.into(),
            OfficerError::Fault(fault) => fault.into(),
        }
    }
}

impl From<OfficerRefused> for ApiProblem {
    fn from(refused: OfficerRefused) -> Self {
        match refused {
            OfficerRefused::NotThisRole => Self::rule("not_your_duty", refused),
            OfficerRefused::Unknown => Self::not_found(),
            OfficerRefused::NotInState => {
                Self::new(StatusCode::CONFLICT, "not_in_state", refused.to_string())
            }
            OfficerRefused::OtherPlatform => Self::rule("other_platform", refused),
            OfficerRefused::NoReasons => Self::rule("no_reasons", refused),
        }
    }
}
