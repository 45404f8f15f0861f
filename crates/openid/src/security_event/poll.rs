//! Poll delivery (RFC 8936 §2), and the errors of both deliveries (RFC 8935 §2.4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a receiver asks and confirms (RFC 8936 §2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PollRequest {
    /// Most tokens of the answer; 0: only confirm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_events: Option<u32>,
    /// Whether an empty answer comes at once.
    pub return_immediately: bool,
    /// `jti` of tokens that are confirmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ack: Vec<String>,
    /// `jti` of tokens that could not be taken, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set_errs: BTreeMap<String, SetError>,
}

impl PollRequest {
    /// Most confirmations of one request.
    pub const LIMIT: usize = 1000;

    /// Reads a body; an empty one asks for everything.
    pub fn parse(body: &[u8]) -> Option<Self> {
        if body.is_empty() {
            return Some(Self::default());
        }
        let request: Self = super::object(body)?;
        (request.ack.len() <= Self::LIMIT && request.set_errs.len() <= Self::LIMIT)
            .then_some(request)
    }
}

/// Why a token was not taken (RFC 8935 §2.3, §2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetError {
    /// `invalid_request`, `invalid_key`, `invalid_issuer`, `invalid_audience`, `authentication_failed`, `access_denied`.
    pub err: String,
    /// In words.
    #[serde(default)]
    pub description: String,
}

/// What it gets (RFC 8936 §2.3): tokens by their `jti`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PollResponse {
    /// The tokens.
    pub sets: BTreeMap<String, String>,
    /// Whether more wait.
    #[serde(default)]
    pub more_available: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8936 §2.4: the examples.
    #[test]
    fn reads_what_receivers_send() {
        let request = PollRequest::parse(
            br#"{"returnImmediately":true,"maxEvents":5,"ack":["a"],"setErrs":{"b":{"err":"invalid_key","description":"x"}}}"#,
        )
        .expect("a request");
        assert_eq!(
            (request.max_events, request.return_immediately),
            (Some(5), true)
        );
        assert_eq!(request.ack, ["a"]);
        let error = request.set_errs.get("b").map(|error| error.err.as_str());
        assert_eq!(error, Some("invalid_key"));
        assert_eq!(PollRequest::parse(b""), Some(PollRequest::default()));
        assert_eq!(PollRequest::parse(b"{}"), Some(PollRequest::default()));
        for wrong in [&b"[]"[..], b"{\"ack\":1}", b"{\"maxEvents\":-1}", b"x"] {
            assert_eq!(PollRequest::parse(wrong), None);
        }
        let many = format!("{{\"ack\":{:?}}}", vec!["x"; 1001]);
        assert_eq!(PollRequest::parse(many.as_bytes()), None);
    }

    #[test]
    fn an_empty_answer_still_says_sets() {
        let text = serde_json::to_string(&PollResponse::default()).expect("serialises");
        assert_eq!(text, r#"{"sets":{},"moreAvailable":false}"#);
    }
}
