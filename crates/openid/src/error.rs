//! The error codes of OAuth and OpenID Connect, and how one is told to a client.

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// Every error code this service sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A parameter is missing, repeated or malformed (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1).
    InvalidRequest,
    /// Client authentication failed (RFC 6749 §5.2).
    InvalidClient,
    /// The code is wrong, used, expired, or another client's (RFC 6749 §5.2).
    InvalidGrant,
    /// The client may not use this flow (RFC 6749 §4.1.2.1, §5.2).
    UnauthorizedClient,
    /// Only `authorization_code` is known (RFC 6749 §5.2).
    UnsupportedGrantType,
    /// Only `code` is known (RFC 6749 §4.1.2.1).
    UnsupportedResponseType,
    /// The scope is missing, malformed or lacks `openid` (RFC 6749 §4.1.2.1, §5.2).
    InvalidScope,
    /// The one answer to refusal, lock, age rule and the other way (RFC 6749 §4.1.2.1, R8.1): never described.
    AccessDenied,
    /// Ours, not theirs (RFC 6749 §4.1.2.1).
    ServerError,
    /// Later, perhaps (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable,
    /// The pushed request is unknown, used or expired (RFC 9101 §7, RFC 9126 §2.2).
    InvalidRequestUri,
    /// Request objects are not offered (OIDC Core §3.1.2.6).
    RequestNotSupported,
    /// Request objects by reference are not offered (OIDC Core §3.1.2.6).
    RequestUriNotSupported,
    /// The `registration` parameter is not offered (OIDC Core §3.1.2.6).
    RegistrationNotSupported,
    /// `prompt=none`, and nobody is signed in (OIDC Core §3.1.2.6).
    LoginRequired,
    /// `prompt=none`, and consent is needed (OIDC Core §3.1.2.6).
    ConsentRequired,
    /// `prompt=none`, and something must be shown (OIDC Core §3.1.2.6).
    InteractionRequired,
    /// `prompt=none`, and a choice is needed (OIDC Core §3.1.2.6).
    AccountSelectionRequired,
    /// RFC 9396 §5.
    InvalidAuthorizationDetails,
    /// OIDC Core Error Code `unmet_authentication_requirements` 1.0.
    UnmetAuthenticationRequirements,
    /// CIBA §11: nobody decided yet.
    AuthorizationPending,
    /// CIBA §11: the client asks too often.
    SlowDown,
    /// CIBA §11: nobody decided in time.
    ExpiredToken,
    /// CIBA §13: the message cannot be shown.
    InvalidBindingMessage,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 9449 §5.
    InvalidDpopProof,
    /// RFC 9449 §8.
    UseDpopNonce,
    /// The access token is no good (RFC 6750 §3.1).
    InvalidToken,
    /// The access token is good for something else (RFC 6750 §3.1).
    InsufficientScope,
}

impl ErrorCode {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 30] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::AccessDenied,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::InvalidRequestUri,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::LoginRequired,
        Self::ConsentRequired,
        Self::InteractionRequired,
        Self::AccountSelectionRequired,
        Self::InvalidAuthorizationDetails,
        Self::UnmetAuthenticationRequirements,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::ExpiredToken,
        Self::InvalidBindingMessage,
        Self::UnsupportedTokenType,
        Self::InvalidTarget,
        Self::InvalidDpopProof,
        Self::UseDpopNonce,
        Self::InvalidToken,
        Self::InsufficientScope,
    ];

    /// The registered name, as sent in `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidBindingMessage => "invalid_binding_message",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    /// The code with this registered name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The HTTP status when the error is answered directly, not by redirect.
    ///
    /// RFC 6749 §5.2 says 400 for all but `invalid_client`; RFC 6750 §3.1 sets 401 and 403 for a resource;
    /// RFC 9110 §15.6 the two that are ours. `use_dpop_nonce` at a resource is 401 instead (RFC 9449 §9).
    pub const fn http_status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }

    /// This error with a public description.
    ///
    /// The description is a constant: printable ASCII without `"` and `\` (RFC 6749 §5.2), and never what was sent.
    pub const fn because(self, description: &'static str) -> OAuthError {
        OAuthError {
            code: self,
            description: Some(description),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An error as a client is told it: as JSON (RFC 6749 §5.2) or as parameters of a redirect (§4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// What kind of failure.
    pub code: ErrorCode,
    /// For the developer of the client; a constant of ours.
    pub description: Option<&'static str>,
}

impl OAuthError {
    /// `error` and, if there is one, `error_description`, in this order.
    pub fn parameters(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let description = self.description.map(|text| ("error_description", text));
        [("error", self.code.as_str())]
            .into_iter()
            .chain(description)
    }
}

impl From<ErrorCode> for OAuthError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            description: None,
        }
    }
}

impl Serialize for OAuthError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("OAuthError", 2)?;
        for (name, value) in self.parameters() {
            object.serialize_field(name, value)?;
        }
        object.end()
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.description {
            Some(description) => write!(formatter, "{}: {description}", self.code),
            None => self.code.fmt(formatter),
        }
    }
}

impl std::error::Error for OAuthError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_two_members_of_rfc_6749_5_2() {
        let described = ErrorCode::InvalidGrant.because("the code is not valid");
        assert_eq!(
            serde_json::to_string(&described).expect("serialises"),
            r#"{"error":"invalid_grant","error_description":"the code is not valid"}"#
        );
    }

    #[test]
    fn access_denied_says_nothing_more() {
        let denied = OAuthError::from(ErrorCode::AccessDenied);
        assert_eq!(
            serde_json::to_string(&denied).expect("serialises"),
            r#"{"error":"access_denied"}"#
        );
        assert_eq!(
            denied.parameters().collect::<Vec<_>>(),
            [("error", "access_denied")]
        );
    }

    #[test]
    fn every_code_has_its_own_name_and_is_found_by_it() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_name(code.as_str()), Some(code));
            assert!(
                code.as_str()
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            );
        }
        assert_eq!(ErrorCode::from_name("no_such_code"), None);
    }

    #[test]
    fn status_follows_the_rfc() {
        for (code, status) in [
            (ErrorCode::InvalidRequest, 400),
            (ErrorCode::InvalidClient, 401),
            (ErrorCode::InvalidGrant, 400),
            (ErrorCode::AccessDenied, 400),
            (ErrorCode::InvalidAuthorizationDetails, 400),
            (ErrorCode::UseDpopNonce, 400),
            (ErrorCode::InvalidToken, 401),
            (ErrorCode::InsufficientScope, 403),
            (ErrorCode::ServerError, 500),
            (ErrorCode::TemporarilyUnavailable, 503),
        ] {
            assert_eq!(code.http_status(), status, "{code}");
        }
    }
}
