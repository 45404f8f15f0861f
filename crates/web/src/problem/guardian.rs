//! What goes wrong about guardians. The person and the guardian are told; the platform hears nothing of it (R8.1).

use http::StatusCode;
use identity::age::AgeGroup;
use identity::guardianship::GuardianRefused;
use identity::guardianship::consents::{ForChildError, ForChildRefused};
use identity::guardianship::request::{AskError, AskRefused};
use identity::guardianship::statement::GuardianError;
use identity::wangzheng::WangzhengState;

use super::ApiProblem;

/// The name of an age group for programs.
pub fn age_group(group: AgeGroup) -> &'static str {
    match group {
        AgeGroup::BelowMinimum => "below_minimum",
        AgeGroup::GuardianApplies => "guardian_applies",
        AgeGroup::GuardianSupervises => "guardian_supervises",
        AgeGroup::Adult => "adult",
    }
}

impl From<GuardianRefused> for ApiProblem {
    fn from(refused: GuardianRefused) -> Self {
        let code = match &refused {
            GuardianRefused::Statement(statement) => return (*statement).into(),
            GuardianRefused::AboutSomethingElse => "guardian_other_act",
            GuardianRefused::NotGuardian => "not_guardian",
            GuardianRefused::NotOfAge => "guardian_not_of_age",
            GuardianRefused::NotActive(WangzhengState::Locked) => "guardian_locked",
            GuardianRefused::NotActive(WangzhengState::Suspended) => "guardian_suspended",
            GuardianRefused::NotActive(_) => "guardian_not_active",
            GuardianRefused::Consent(_) => "guardian_consent_missing",
            GuardianRefused::Declined => "guardian_declined",
            GuardianRefused::RegistryUnavailable => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return Self::new(status, "registry_unavailable", refused.to_string());
            }
        };
        Self::rule(code, refused)
    }
}

impl From<GuardianError> for ApiProblem {
    fn from(error: GuardianError) -> Self {
        match error {
            GuardianError::Refused(refused) => refused.into(),
            GuardianError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ForChildRefused> for ApiProblem {
    fn from(refused: ForChildRefused) -> Self {
        let code = match refused {
            ForChildRefused::Guardian(guardian) => return guardian.into(),
            ForChildRefused::GuardianNeeded => "guardian_consents",
            ForChildRefused::NotNeeded => "guardian_not_needed",
        };
        Self::rule(code, refused)
    }
}

impl From<ForChildError> for ApiProblem {
    fn from(error: ForChildError) -> Self {
        match error {
            ForChildError::Refused(refused) => refused.into(),
            ForChildError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AskError> for ApiProblem {
    fn from(error: AskError) -> Self {
        let refused = match error {
            AskError::Refused(refused) => refused,
            AskError::Fault(fault) => return fault.into(),
        };
        let code = match refused {
            AskRefused::Request(invalid) => return invalid.into(),
            AskRefused::Guardian(guardian) => return guardian.into(),
            AskRefused::Unknown => return Self::not_found(),
            AskRefused::TooMany => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                return Self::new(status, "too_many", refused.to_string());
            }
            AskRefused::NotNeeded => "guardian_not_needed",
            AskRefused::NoGuardian => "no_guardian",
            AskRefused::AlreadyDecided => "request_taken",
        };
        Self::rule(code, refused)
    }
}
