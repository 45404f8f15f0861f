//! Pushed authorization requests (RFC 9126): the request goes first, its reference goes through the browser.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ClientId, ErrorCode, Form, OAuthError};

/// The reference to a pushed request: `urn:ietf:params:oauth:request_uri:` and base64url (RFC 9126 §2.2).
///
/// What the part behind the prefix means, its maker knows. It is worth something for a minute or so: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestUri(String);

impl RequestUri {
    /// What each begins with.
    pub const PREFIX: &'static str = "urn:ietf:params:oauth:request_uri:";
    /// Longest accepted, in bytes: what a form may carry.
    pub const LIMIT: usize = Form::VALUE_LIMIT;

    /// The reference with this base64url text behind the prefix, or nothing.
    pub fn new(reference: &str) -> Option<Self> {
        Self::parse(&format!("{}{reference}", Self::PREFIX))
    }

    /// The text as a reference, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let reference = text.strip_prefix(Self::PREFIX)?;
        let base64url = reference
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        (base64url && !reference.is_empty() && text.len() <= Self::LIMIT)
            .then(|| Self(text.to_owned()))
    }

    /// The whole URN.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the prefix.
    pub fn reference(&self) -> &str {
        self.0.strip_prefix(Self::PREFIX).unwrap_or_default()
    }
}

impl fmt::Debug for RequestUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RequestUri(..)")
    }
}

impl TryFrom<String> for RequestUri {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a reference to a pushed request")
    }
}

impl From<RequestUri> for String {
    fn from(uri: RequestUri) -> Self {
        uri.0
    }
}

/// What the browser brings to the authorization endpoint after a push (RFC 9126 §4).
///
/// Other parameters in that request mean nothing: all that counts was pushed (RFC 9101 §6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedReference {
    /// Must be the client that pushed.
    pub client_id: ClientId,
    /// The reference it was given.
    pub request_uri: RequestUri,
}

impl PushedReference {
    /// Reads the reference; `Ok(None)` if the form has no `request_uri` and is thus a request of its own.
    ///
    /// An address to fetch a request from is `request_uri_not_supported`, a broken reference `invalid_request_uri`.
    /// None of these errors may be told by redirect: nobody has said whereto.
    pub fn parse(form: &Form) -> Result<Option<Self>, OAuthError> {
        let Some(request_uri) = form.text("request_uri") else {
            return Ok(None);
        };
        let invalid = |description| ErrorCode::InvalidRequest.because(description);
        let client_id = form
            .text("client_id")
            .ok_or(invalid("client_id is missing"))?;
        let client_id = ClientId::new(client_id).ok_or(invalid("client_id is malformed"))?;
        if form.has("request") {
            return Err(ErrorCode::RequestNotSupported.because("request objects are not supported"));
        }
        if !request_uri.starts_with(RequestUri::PREFIX) {
            return Err(
                ErrorCode::RequestUriNotSupported.because("only pushed requests are supported")
            );
        }
        let request_uri = RequestUri::parse(request_uri)
            .ok_or(ErrorCode::InvalidRequestUri.because("the pushed request is not known"))?;
        Ok(Some(Self {
            client_id,
            request_uri,
        }))
    }

    /// Prints the query of the authorization endpoint.
    pub fn print(&self) -> String {
        Form::encode([
            ("client_id", self.client_id.as_str()),
            ("request_uri", self.request_uri.as_str()),
        ])
    }
}

/// The answer to a push (RFC 9126 §2.2), sent with status 201.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedAuthorizationResponse {
    /// To be given to the authorization endpoint, once.
    pub request_uri: RequestUri,
    /// Its life, in seconds.
    pub expires_in: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Option<PushedReference>, ErrorCode> {
        let form = Form::from_query(Some(query)).expect("a valid query");
        PushedReference::parse(&form).map_err(|error| error.code)
    }

    #[test]
    fn reads_what_it_prints() {
        let request_uri = RequestUri::new("bwc4JK-ESC0w8acc191e-Y1LTC2").expect("a reference");
        let client_id = ClientId::new("forum").expect("a client id");
        let reference = PushedReference {
            client_id,
            request_uri,
        };
        assert_eq!(
            reference.request_uri.reference(),
            "bwc4JK-ESC0w8acc191e-Y1LTC2"
        );
        assert_eq!(parse(&reference.print()), Ok(Some(reference)));
    }

    #[test]
    fn other_parameters_mean_nothing() {
        let reference =
            parse("client_id=forum&request_uri=urn:ietf:params:oauth:request_uri:a&scope=profile");
        assert!(reference.is_ok_and(|reference| reference.is_some()));
        assert_eq!(parse("client_id=forum&scope=openid"), Ok(None));
    }

    #[test]
    fn each_failure_has_its_own_code() {
        let prefix = RequestUri::PREFIX;
        for (query, code) in [
            (format!("request_uri={prefix}a"), ErrorCode::InvalidRequest),
            (
                format!("client_id=%20&request_uri={prefix}a"),
                ErrorCode::InvalidRequest,
            ),
            (
                "client_id=forum&request_uri=https://rp.example/r".into(),
                ErrorCode::RequestUriNotSupported,
            ),
            (
                "client_id=forum&request_uri=x".into(),
                ErrorCode::RequestUriNotSupported,
            ),
            (
                format!("client_id=forum&request_uri={prefix}"),
                ErrorCode::InvalidRequestUri,
            ),
            (
                format!("client_id=forum&request_uri={prefix}a/b"),
                ErrorCode::InvalidRequestUri,
            ),
            (
                format!("client_id=forum&request_uri={prefix}a%3D"),
                ErrorCode::InvalidRequestUri,
            ),
            (
                format!("client_id=forum&request_uri={prefix}a&request=e30.e30."),
                ErrorCode::RequestNotSupported,
            ),
        ] {
            assert_eq!(parse(&query), Err(code), "{query}");
        }
    }

    #[test]
    fn a_reference_has_a_limit() {
        let room = RequestUri::LIMIT - RequestUri::PREFIX.len();
        assert!(RequestUri::new(&"a".repeat(room)).is_some());
        assert!(RequestUri::new(&"a".repeat(room + 1)).is_none());
    }

    #[test]
    fn the_response_is_that_of_rfc_9126_2_2() {
        let request_uri = RequestUri::new("6esc_11ACC5bwc014ltc14eY22c").expect("a reference");
        let response = PushedAuthorizationResponse {
            request_uri,
            expires_in: 60,
        };
        let text = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c","expires_in":60}"#;
        assert_eq!(serde_json::to_string(&response).expect("serialises"), text);
        assert_eq!(
            serde_json::from_str::<PushedAuthorizationResponse>(text).ok(),
            Some(response)
        );
    }
}
