//! CIBA in poll mode: a platform starts a verification itself (OpenID CIBA Core 1.0).

use serde::{Deserialize, Serialize};

use crate::{Acr, ErrorCode, Form, IdentityVerification, OAuthError, Scope, Secret};

/// The grant of CIBA Core §10.1.
pub const CIBA_GRANT: &str = "urn:openid:params:grant-type:ciba";

/// An authentication request (CIBA Core §7.1), every parameter within its syntax.
///
/// `login_hint` is the only hint: one of the platform's own pairwise ids. A `user_code` is not asked for, a
/// `client_notification_token` has no use in poll mode (§7.1); both are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackchannelRequest {
    /// Holds `openid`.
    pub scope: Scope,
    /// Whom it is about.
    pub login_hint: Secret,
    /// What the platform shows on its own screen: plain, one line, at most [`BackchannelRequest::MESSAGE_LIMIT`]
    /// characters.
    pub binding_message: Option<String>,
    /// Seconds the client wants to wait.
    pub requested_expiry: Option<u32>,
    /// Modes, most wanted first; empty if nothing is said.
    pub acr_values: Vec<Acr>,
    /// What is asked for; without it the client's default scenario applies.
    pub authorization_details: Option<IdentityVerification>,
}

impl BackchannelRequest {
    /// Longest accepted `binding_message`, in characters.
    pub const MESSAGE_LIMIT: usize = 40;

    /// Reads and checks every parameter. The first failure is the answer.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        // 1. What is not offered.
        if form.has("request") {
            return Err(ErrorCode::RequestNotSupported.because("request objects are not supported"));
        }
        if form.has("resource") {
            return Err(ErrorCode::InvalidTarget.because("resource is not supported"));
        }
        // 2. §7.1: exactly one hint, and of the kinds only this one.
        if form.has("login_hint_token") || form.has("id_token_hint") {
            return Err(invalid("the only hint is login_hint"));
        }
        let hint = form
            .text("login_hint")
            .ok_or(invalid("login_hint is missing"))?;
        if hint.len() > 64 {
            return Err(invalid("login_hint is too long"));
        }
        let scope = form.text("scope").ok_or(invalid("scope is missing"))?;
        Ok(Self {
            scope: Scope::parse(scope)?,
            login_hint: Secret::new(hint),
            binding_message: form
                .text("binding_message")
                .map(binding_message)
                .transpose()?,
            requested_expiry: form
                .text("requested_expiry")
                .map(requested_expiry)
                .transpose()?,
            acr_values: form
                .text("acr_values")
                .map(Acr::parse_list)
                .transpose()?
                .unwrap_or_default(),
            authorization_details: form
                .text("authorization_details")
                .map(IdentityVerification::parse)
                .transpose()?,
        })
    }
}

/// §7.1: short, plain text that means the same on both screens. No control or direction characters: a message must not
/// look like another one.
fn binding_message(text: &str) -> Result<String, OAuthError> {
    let plain = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let trimmed = text.trim();
    let fits = (1..=BackchannelRequest::MESSAGE_LIMIT).contains(&trimmed.chars().count());
    if fits && trimmed.chars().all(plain) {
        Ok(trimmed.to_owned())
    } else {
        Err(ErrorCode::InvalidBindingMessage
            .because("binding_message is one line of 40 characters"))
    }
}

fn requested_expiry(text: &str) -> Result<u32, OAuthError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .filter(|seconds| *seconds > 0)
        .ok_or(invalid("requested_expiry is a positive number of seconds"))
}

/// The acknowledgement (CIBA Core §7.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackchannelResponse {
    /// By which the client asks again.
    pub auth_req_id: Secret,
    /// Seconds it is good for.
    pub expires_in: u32,
    /// Seconds between two questions.
    pub interval: u32,
    /// Two digits the client shows and the person picks on the phone. Ours (docs/divergences.md).
    pub number: String,
}

/// A token request with the grant of CIBA (CIBA Core §10.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackchannelTokenRequest {
    /// What the acknowledgement named.
    pub auth_req_id: Secret,
}

impl BackchannelTokenRequest {
    /// Reads the body, whose `grant_type` is known already.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        let id = form
            .text("auth_req_id")
            .ok_or(invalid("auth_req_id is missing"))?;
        Ok(Self {
            auth_req_id: Secret::new(id),
        })
    }
}

fn invalid(description: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "scope=openid&login_hint=abcdefghijklmnopqrstuvwxyz";

    fn parse(more: &str) -> Result<BackchannelRequest, ErrorCode> {
        let form = Form::parse(format!("{GOOD}{more}").as_bytes()).expect("a form");
        BackchannelRequest::parse(&form).map_err(|error| error.code)
    }

    #[test]
    fn reads_a_request() {
        let more = "&binding_message=%E7%99%BB%E5%BD%95+42&requested_expiry=120&acr_values=urn:wangzheng:mode:wz%2Bpin";
        let request = parse(more).expect("a request");
        assert_eq!(request.binding_message.as_deref(), Some("登录 42"));
        assert_eq!(request.requested_expiry, Some(120));
        assert_eq!(request.acr_values.len(), 1);
        assert_eq!(request.login_hint.expose(), "abcdefghijklmnopqrstuvwxyz");
    }

    #[test]
    fn every_field_fails_with_its_own_code() {
        let long = format!("&binding_message={}", "x".repeat(41));
        for (more, code) in [
            ("&request=x", ErrorCode::RequestNotSupported),
            ("&login_hint_token=x", ErrorCode::InvalidRequest),
            ("&id_token_hint=x", ErrorCode::InvalidRequest),
            ("&requested_expiry=0", ErrorCode::InvalidRequest),
            ("&requested_expiry=-1", ErrorCode::InvalidRequest),
            (
                "&binding_message=a%E2%80%AEb",
                ErrorCode::InvalidBindingMessage,
            ),
            (&long, ErrorCode::InvalidBindingMessage),
            (
                "&authorization_details=%5B%5D",
                ErrorCode::InvalidAuthorizationDetails,
            ),
        ] {
            assert_eq!(parse(more), Err(code), "{more}");
        }
        for missing in ["scope=openid", "login_hint=x"] {
            let form = Form::parse(missing.as_bytes()).expect("a form");
            assert!(BackchannelRequest::parse(&form).is_err(), "{missing}");
        }
    }

    #[test]
    fn the_acknowledgement_has_the_members_of_7_3_and_the_number() {
        let response = BackchannelResponse {
            auth_req_id: Secret::new("id"),
            expires_in: 590,
            interval: 5,
            number: "42".to_owned(),
        };
        assert_eq!(
            serde_json::to_string(&response).expect("serialises"),
            r#"{"auth_req_id":"id","expires_in":590,"interval":5,"number":"42"}"#
        );
    }
}
