//! The OpenID Provider: code flow with PKCE and PAR, two issuers on one service (design §4, §5).

use std::borrow::Cow;

use axum::body::Bytes;
use http::HeaderMap;
use identity::service::{Service, Suite};
use openid::{ErrorCode, Form, OAuthError};

pub mod authorize;
pub mod backchannel;
pub mod client;
pub mod decide;
pub mod introspect;
pub mod keys;
pub mod metadata;
pub mod par;
pub mod request;
pub mod token;
pub mod userinfo;

/// The issuer identifier of a suite: `<issuer>` or `<issuer>/sm`.
pub fn issuer(service: &Service, suite: Suite) -> Cow<'_, str> {
    service.issuer_of(suite)
}

/// A form body (RFC 6749 Appendix B): the right media type, no duplicates, within limits.
pub(crate) fn form(headers: &HeaderMap, body: &Bytes) -> Result<Form, OAuthError> {
    let media_type = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = media_type
        .and_then(|text| text.split(';').next())
        .map(str::trim);
    if !essence.is_some_and(|t| t.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(
            ErrorCode::InvalidRequest.because("the body must be application/x-www-form-urlencoded")
        );
    }
    Ok(Form::parse(body)?)
}
