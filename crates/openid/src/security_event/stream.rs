//! Streams of Shared Signals 1.0: discovery, configuration, status, trial (§7, §8).

use serde::{Deserialize, Serialize};

/// How tokens are delivered (§6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryMethod {
    /// RFC 8935.
    #[serde(rename = "urn:ietf:rfc:8935")]
    Push,
    /// RFC 8936.
    #[serde(rename = "urn:ietf:rfc:8936")]
    Poll,
}

/// `/.well-known/ssf-configuration` (§7.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransmitterMetadata {
    /// `1_0`.
    pub spec_version: String,
    /// The issuer.
    pub issuer: String,
    /// The keys of the tokens.
    pub jwks_uri: String,
    /// Push and poll.
    pub delivery_methods_supported: Vec<DeliveryMethod>,
    /// Streams.
    pub configuration_endpoint: String,
    /// Their status.
    pub status_endpoint: String,
    /// Their trial.
    pub verification_endpoint: String,
    /// OAuth (RFC 6749), as in the discovery document.
    pub authorization_schemes: Vec<AuthorizationScheme>,
    /// `ALL`: a stream is about every pairwise id of its platform, so none is added or removed.
    pub default_subjects: String,
}

/// How a receiver is known (§7.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationScheme {
    /// `urn:ietf:rfc:6749`.
    pub spec_urn: String,
}

impl TransmitterMetadata {
    /// The document of an issuer whose endpoints lie under `/ssf`.
    pub fn new(issuer: &str, jwks_uri: &str) -> Self {
        let at = |path: &str| format!("{issuer}/ssf/{path}");
        Self {
            spec_version: "1_0".to_owned(),
            issuer: issuer.to_owned(),
            jwks_uri: jwks_uri.to_owned(),
            delivery_methods_supported: vec![DeliveryMethod::Push, DeliveryMethod::Poll],
            configuration_endpoint: at("stream"),
            status_endpoint: at("status"),
            verification_endpoint: at("verify"),
            authorization_schemes: vec![AuthorizationScheme {
                spec_urn: "urn:ietf:rfc:6749".to_owned(),
            }],
            default_subjects: "ALL".to_owned(),
        }
    }
}

/// What a receiver asks of a stream (§8.1.1.1, §8.1.1.3, §8.1.1.4). What the transmitter decides is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamRequest {
    /// Which stream, when it is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<String>,
    /// Events by URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_requested: Option<Vec<String>>,
    /// How they are delivered; poll when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<StreamDelivery>,
    /// What the receiver calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl StreamRequest {
    /// Most events of one request.
    pub const EVENTS_LIMIT: usize = 32;
    /// Longest text of any member.
    pub const TEXT_LIMIT: usize = 512;

    /// Reads a body within its limits.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let request: Self = super::object(body)?;
        let short = |text: &str| text.len() <= Self::TEXT_LIMIT;
        let events = request.events_requested.as_deref().unwrap_or_default();
        let delivery = request.delivery.as_ref();
        let texts = [
            request.stream_id.as_deref(),
            request.description.as_deref(),
            delivery.and_then(|delivery| delivery.endpoint_url.as_deref()),
            delivery.and_then(|delivery| delivery.authorization_header.as_deref()),
        ];
        let fits = events.len() <= Self::EVENTS_LIMIT
            && events.iter().all(|event| short(event))
            && texts.into_iter().flatten().all(short);
        fits.then_some(request)
    }
}

/// How a stream is delivered (§6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDelivery {
    /// Push or poll.
    pub method: DeliveryMethod,
    /// Push: where to, by the receiver. Poll: where from, by the transmitter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_url: Option<String>,
    /// Push: the `Authorization` header to show there. Never printed.
    #[serde(default, skip_serializing)]
    pub authorization_header: Option<String>,
}

/// A stream (§8.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamConfiguration {
    /// Which.
    pub stream_id: String,
    /// The issuer.
    pub iss: String,
    /// The client.
    pub aud: String,
    /// What there is.
    pub events_supported: Vec<String>,
    /// What was asked for.
    pub events_requested: Vec<String>,
    /// Both.
    pub events_delivered: Vec<String>,
    /// How.
    pub delivery: StreamDelivery,
    /// Seconds between two trials.
    pub min_verification_interval: u32,
    /// What the receiver calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Whether a stream runs (§8.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamStatusBody {
    /// Which.
    pub stream_id: String,
    /// `enabled`, `paused` or `disabled`.
    pub status: String,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A trial (§8.1.4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationRequest {
    /// Which stream.
    pub stream_id: String,
    /// What to see again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_the_receiver_is_read_and_never_printed() {
        let body = br#"{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://rp.example/e","authorization_header":"Bearer s"}}"#;
        let request = StreamRequest::parse(body).expect("a request");
        let delivery = request.delivery.expect("a delivery");
        assert_eq!(delivery.authorization_header.as_deref(), Some("Bearer s"));
        let text = serde_json::to_string(&delivery).expect("serialises");
        assert_eq!(
            text,
            r#"{"method":"urn:ietf:rfc:8935","endpoint_url":"https://rp.example/e"}"#
        );
    }

    #[test]
    fn what_is_too_long_or_unknown_is_no_request() {
        for wrong in [
            format!("{{\"description\":\"{}\"}}", "x".repeat(513)),
            format!("{{\"events_requested\":{:?}}}", vec!["x"; 33]),
            r#"{"delivery":{"method":"urn:other"}}"#.to_owned(),
            "[]".to_owned(),
        ] {
            assert_eq!(StreamRequest::parse(wrong.as_bytes()), None, "{wrong:.60}");
        }
        assert_eq!(StreamRequest::parse(b"{}"), Some(StreamRequest::default()));
    }
}
