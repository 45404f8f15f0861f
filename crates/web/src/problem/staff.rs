//! What goes wrong for staff: sign-in, roles, acts of two persons.

use http::StatusCode;
use identity::incident::{IncidentError, IncidentRefused};
use identity::oversight::review::{ReviewError, ReviewRefused};
use identity::oversight::subject::{LookError, LookRefused};
use identity::oversight::{NotDecided, OversightError, OversightRefused};
use identity::signal::evidence::{ConfirmError, ConfirmRefused};
use identity::staff::NotYourDuty;
use identity::staff::sign_in::{SignInError, SignInRefused};

use super::ApiProblem;

impl ApiProblem {
    /// Nobody is signed in, or not any more (R12.4).
    pub fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "R12.4: sign in with key and password",
        )
    }

    /// A role that reads tries to write (R3.1, R12.1).
    pub fn read_only() -> Self {
        Self::rule(
            "read_only",
            "R3.1, R12.1: this role reads and changes nothing",
        )
    }

    /// A request that comes from another site's page.
    pub fn cross_site() -> Self {
        Self::rule(
            "cross_site",
            "the request does not come from a page of this service",
        )
    }
}

impl From<NotYourDuty> for ApiProblem {
    fn from(not_yours: NotYourDuty) -> Self {
        Self::rule("not_your_duty", not_yours)
    }
}

impl From<SignInError> for ApiProblem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(refused) => refused.into(),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInRefused> for ApiProblem {
    fn from(refused: SignInRefused) -> Self {
        match refused {
            SignInRefused::NotRight => Self::new(
                StatusCode::FORBIDDEN,
                "sign_in_refused",
                refused.to_string(),
            ),
            SignInRefused::Rests { until } => {
                Self::rule("sign_in_rests", refused).with("locked_until", until.0)
            }
            SignInRefused::PasswordLength => Self::rule("password_length", refused),
            SignInRefused::Statement(statement) => statement.into(),
        }
    }
}

impl From<OversightError> for ApiProblem {
    fn from(error: OversightError) -> Self {
        match error {
            OversightError::Refused(refused) => refused.into(),
            OversightError::Fault(fault) => fault.into(),
        }
    }
}

impl From<OversightRefused> for ApiProblem {
    fn from(refused: OversightRefused) -> Self {
        let code = match &refused {
            OversightRefused::Signature(signature) => return (*signature).into(),
            OversightRefused::WrongRole => "wrong_role",
            OversightRefused::NotPossible(_) => "not_possible",
            OversightRefused::OtherAct => "other_act",
            OversightRefused::NotDecided(not) => match not {
                NotDecided::NotFound => return Self::not_found(),
                NotDecided::Decided => "already_decided",
                NotDecided::Expired => "proposal_expired",
                NotDecided::SamePerson => "same_person",
                NotDecided::WrongRole => "wrong_role",
            },
        };
        Self::rule(code, refused)
    }
}

impl From<ReviewError> for ApiProblem {
    fn from(error: ReviewError) -> Self {
        let refused = match error {
            ReviewError::Refused(refused) => refused,
            ReviewError::Fault(fault) => return fault.into(),
        };
        match refused {
            ReviewRefused::Duty(not_yours) => not_yours.into(),
            ReviewRefused::Faults(faults) => {
                let title = faults.first().map(ToString::to_string);
                Self::rule("submission_breaks_rules", title.unwrap_or_default())
                    .with("faults", serde_json::to_value(faults).unwrap_or_default())
            }
            ReviewRefused::NotRegistered => Self::rule("not_registered", refused),
            ReviewRefused::NotWaiting => Self::not_found(),
            ReviewRefused::NoReasons => Self::rule("reasons_needed", refused),
        }
    }
}

impl From<LookError> for ApiProblem {
    fn from(error: LookError) -> Self {
        let refused = match error {
            LookError::Refused(refused) => refused,
            LookError::Fault(fault) => return fault.into(),
        };
        match refused {
            LookRefused::Duty(not_yours) => not_yours.into(),
            LookRefused::NotFound => Self::not_found(),
            LookRefused::NoPurpose => Self::rule("purpose_needed", refused),
            LookRefused::TicketNeeded => Self::rule("ticket_needed", refused),
        }
    }
}

impl From<IncidentError> for ApiProblem {
    fn from(error: IncidentError) -> Self {
        let refused = match error {
            IncidentError::Refused(refused) => refused,
            IncidentError::Fault(fault) => return fault.into(),
        };
        match refused {
            IncidentRefused::Duty(not_yours) => not_yours.into(),
            IncidentRefused::Unknown => Self::not_found(),
            IncidentRefused::Moved => Self::new(StatusCode::CONFLICT, "moved", refused.to_string()),
            IncidentRefused::NotNow(_) => Self::rule("not_now", refused),
            IncidentRefused::Notice(_) => Self::rule("notice_incomplete", refused),
        }
    }
}

impl From<ConfirmError> for ApiProblem {
    fn from(error: ConfirmError) -> Self {
        let refused = match error {
            ConfirmError::Refused(refused) => refused,
            ConfirmError::Fault(fault) => return fault.into(),
        };
        match refused {
            ConfirmRefused::Duty(not_yours) => not_yours.into(),
            ConfirmRefused::NoEvidence => Self::rule("evidence_needed", refused),
            ConfirmRefused::Unknown => Self::not_found(),
        }
    }
}
