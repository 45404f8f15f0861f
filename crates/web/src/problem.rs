//! The one mapping from what went wrong to what the other side sees.
//!
//! Three forms, chosen by the branch of the router: OAuth JSON, `application/problem+json`, and a
//! page. What is said in public is never the text of the log; faults are logged here, once.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use identity::consent::ConsentMissing;
use identity::person::apply::{ApplyError, ApplyRefused};
use identity::proofing::EvidenceInsufficient;
use identity::service::Fault;
use identity::statement::{StatementError, StatementRefused};
use identity::store::StoreError;
use identity::verification::decision::{DecisionError, DecisionRefused};
use identity::verification::request::RequestInvalid;
use identity::wangzheng::WangzhengState;
use openid::{Challenge, ErrorCode, FormError, OAuthError};
use serde_json::{Value, json};

use crate::transparency::RefusedBy;

mod complaint;
mod elsewhere;
pub mod framework;
pub mod guardian;
pub mod page;
mod reading;
mod rights;
mod staff;

/// Failure of an OAuth endpoint (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy)]
pub struct OAuthProblem(pub OAuthError);

impl<T: Into<OAuthError>> From<T> for OAuthProblem {
    fn from(error: T) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for OAuthProblem {
    fn into_response(self) -> Response {
        let code = self.0.code;
        let status =
            StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if code == ErrorCode::InvalidClient
            && let Ok(challenge) = HeaderValue::from_str(&Challenge::Basic.to_string())
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if code == ErrorCode::TemporarilyUnavailable {
            headers.insert(http::header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// A fault as an OAuth error; logged here.
pub fn oauth_fault(fault: &Fault) -> OAuthError {
    if let Fault::Store(StoreError::Busy) = fault {
        return ErrorCode::TemporarilyUnavailable.into();
    }
    tracing::error!(%fault, "fault");
    ErrorCode::ServerError.into()
}

/// Failure of a JSON call (RFC 9457), with a stable `code`.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiProblem {
    status: StatusCode,
    code: &'static str,
    title: String,
    extra: Vec<(&'static str, Value)>,
}

impl ApiProblem {
    /// A failure by a stable code, with words for a log or a terminal.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self {
            status,
            code,
            title: title.into(),
            extra: Vec::new(),
        }
    }

    /// A body or parameter that cannot be read.
    pub fn malformed() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "the request cannot be read",
        )
    }

    /// Nothing there, or nothing of yours.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here")
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((name, value.into()));
        self
    }

    fn rule(code: &'static str, title: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, title.to_string())
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if let Some(members) = body.as_object_mut() {
            let extra = self.extra.into_iter();
            members.extend(extra.map(|(name, value)| (name.to_owned(), value)));
        }
        let mut response = (self.status, body.to_string()).into_response();
        if self.status == StatusCode::FORBIDDEN {
            response.extensions_mut().insert(RefusedBy(self.code));
        }
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(http::header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<Fault> for ApiProblem {
    fn from(fault: Fault) -> Self {
        if let Fault::Store(StoreError::Busy) = fault {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Self::new(status, "busy", "too many requests at once, try again");
        }
        tracing::error!(%fault, "fault");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "a fault of this service",
        )
    }
}

impl From<OAuthError> for ApiProblem {
    fn from(error: OAuthError) -> Self {
        let status = StatusCode::from_u16(error.code.http_status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(
            status,
            error.code.as_str(),
            error.description.unwrap_or(error.code.as_str()),
        )
    }
}

impl From<FormError> for ApiProblem {
    fn from(error: FormError) -> Self {
        OAuthError::from(error).into()
    }
}

impl From<RequestInvalid> for ApiProblem {
    fn from(invalid: RequestInvalid) -> Self {
        let code = match invalid {
            RequestInvalid::Unknown => "request_unknown",
            RequestInvalid::Expired => "request_expired",
            RequestInvalid::NoLongerApproved => "scenario_not_approved",
        };
        Self::rule(code, invalid)
    }
}

impl From<StatementError> for ApiProblem {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Refused(refused) => refused.into(),
            StatementError::Fault(fault) => fault.into(),
        }
    }
}

impl From<StatementRefused> for ApiProblem {
    fn from(refused: StatementRefused) -> Self {
        match refused {
            StatementRefused::Invalid => Self::new(
                StatusCode::BAD_REQUEST,
                "statement_invalid",
                refused.to_string(),
            ),
            StatementRefused::UnknownDevice => Self::rule("device_unknown", refused),
            StatementRefused::DeviceWaiting { active_from } => {
                Self::rule("device_waiting", refused).with("active_from", active_from.0)
            }
            StatementRefused::Leaving => Self::rule("leaving", refused),
            StatementRefused::Stale => Self::rule("statement_stale", refused),
            StatementRefused::Replayed => Self::rule("statement_replayed", refused),
            StatementRefused::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", refused.to_string())
            }
        }
    }
}

impl From<DecisionError> for ApiProblem {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Refused(refused) => refused.into(),
            DecisionError::Fault(fault) => fault.into(),
        }
    }
}

impl From<DecisionRefused> for ApiProblem {
    fn from(refused: DecisionRefused) -> Self {
        match refused {
            DecisionRefused::Statement(statement) => statement.into(),
            DecisionRefused::OtherRequest => Self::rule("other_request", refused),
            DecisionRefused::AlreadyDecided => Self::rule("request_taken", refused),
            DecisionRefused::NotActive(state) => Self::rule(
                match state {
                    WangzhengState::Locked => "locked",
                    WangzhengState::Suspended => "suspended",
                    WangzhengState::Expired => "expired",
                    WangzhengState::Leaving => "leaving",
                    _ => "revoked",
                },
                refused,
            ),
            DecisionRefused::AgreementNeeded => Self::rule("agreement_needed", refused),
            DecisionRefused::FaceConsentNeeded => Self::rule("face_consent_needed", refused),
            DecisionRefused::TooYoung => Self::rule("too_young", refused),
            DecisionRefused::GuardianNeeded => Self::rule("guardian_needed", refused),
            DecisionRefused::Guardian(guardian) => guardian.into(),
            DecisionRefused::AttributeNotRequested => {
                Self::rule("attribute_not_requested", refused)
            }
            DecisionRefused::AttributeNotApproved => Self::rule("attribute_not_approved", refused),
            DecisionRefused::PresentationNeeded => Self::rule("presentation_needed", refused),
            DecisionRefused::PresentationInvalid => Self::rule("presentation_invalid", refused),
            DecisionRefused::CredentialOutdated => Self::rule("credential_outdated", refused),
            DecisionRefused::PinNeeded => Self::rule("pin_needed", refused),
            DecisionRefused::PinWrong { attempts_left } => {
                Self::rule("pin_wrong", refused).with("attempts_left", attempts_left)
            }
            DecisionRefused::PinLocked { until } => {
                Self::rule("pin_locked", refused).with("locked_until", until.0)
            }
            DecisionRefused::FaceNeeded => Self::rule("face_needed", refused),
            DecisionRefused::FaceMismatch => Self::rule("face_failed", refused),
        }
    }
}

impl From<ApplyError> for ApiProblem {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(refused) => refused.into(),
            ApplyError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ApplyRefused> for ApiProblem {
    fn from(refused: ApplyRefused) -> Self {
        let code = match &refused {
            ApplyRefused::Consent(ConsentMissing::NotGiven { .. }) => "consent_missing",
            ApplyRefused::Consent(ConsentMissing::Outdated) => "notice_outdated",
            ApplyRefused::Document(document) => {
                return Self::rule("document_malformed", &refused).with("rule", document.code());
            }
            ApplyRefused::Mismatch => "document_no_match",
            ApplyRefused::DocumentExpired => "document_expired",
            ApplyRefused::DocumentLost => "document_lost",
            ApplyRefused::DocumentCancelled => "document_cancelled",
            ApplyRefused::RegistryUnavailable => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return Self::new(status, "registry_unavailable", refused.to_string());
            }
            ApplyRefused::TooYoung => "too_young",
            ApplyRefused::GuardianNeeded(group) => {
                let group = guardian::age_group(*group);
                return Self::rule("guardian_needed", &refused).with("age_group", group);
            }
            ApplyRefused::Guardian(guardian) => return guardian.clone().into(),
            ApplyRefused::Evidence(EvidenceInsufficient::DocumentNotRead) => "document_not_read",
            ApplyRefused::Evidence(EvidenceInsufficient::FaceMismatch) => "face_failed",
            ApplyRefused::Pin(_) => "pin_weak",
            ApplyRefused::Statement(statement) => return (*statement).into(),
            ApplyRefused::DeviceKeys => "device_keys",
            ApplyRefused::AlreadyHolds => "already_holds",
            ApplyRefused::ReturnsFrom(day) => {
                return Self::rule("returns_later", &refused).with("from", day.to_string());
            }
            ApplyRefused::HoldsNone => "holds_none",
            ApplyRefused::RecoveryCodeWrong => "recovery_code_wrong",
            ApplyRefused::TooManyDevices => "too_many_devices",
            ApplyRefused::Expired => "application_expired",
        };
        Self::rule(code, refused)
    }
}
