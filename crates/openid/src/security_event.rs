//! Security event tokens (RFC 8417) as this service sends them, and how they are delivered.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

mod poll;
mod stream;

pub use poll::{PollRequest, PollResponse, SetError};
pub use stream::{
    DeliveryMethod, StreamConfiguration, StreamDelivery, StreamRequest, StreamStatusBody,
    TransmitterMetadata, VerificationRequest,
};

/// `typ` of a security event token (RFC 8417 §2.3).
pub const SET_TYPE: &str = "secevent+jwt";
/// Media type of a pushed token (RFC 8935 §2.1).
pub const SET_MEDIA_TYPE: &str = "application/secevent+jwt";

/// A JSON object; a list is none, though it could be read as the members of one in order.
fn object<T: serde::de::DeserializeOwned>(body: &[u8]) -> Option<T> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value.is_object().then_some(())?;
    serde_json::from_value(value).ok()
}

/// The events there are, by URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// RISC: the person left the service.
    AccountPurged,
    /// RISC: the person locked the 网证.
    AccountDisabled,
    /// RISC: the person unlocked it.
    AccountEnabled,
    /// RISC: a new identifier; the old one is in `sub_id`.
    IdentifierChanged,
    /// Ours: the person withdrew the consent.
    ConsentWithdrawn,
    /// Ours: the person asks for deletion.
    DeletionRequested,
    /// Shared Signals §8.1.4: a trial of the stream.
    Verification,
}

impl EventType {
    /// All that a stream may ask for; a trial needs no asking.
    pub const OFFERED: [Self; 6] = [
        Self::AccountPurged,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::IdentifierChanged,
        Self::ConsentWithdrawn,
        Self::DeletionRequested,
    ];

    /// The URI.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::AccountPurged => {
                "https://schemas.openid.net/secevent/risc/event-type/account-purged"
            }
            Self::AccountDisabled => {
                "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
            }
            Self::AccountEnabled => {
                "https://schemas.openid.net/secevent/risc/event-type/account-enabled"
            }
            Self::IdentifierChanged => {
                "https://schemas.openid.net/secevent/risc/event-type/identifier-changed"
            }
            Self::ConsentWithdrawn => "urn:wangzheng:event:consent-withdrawn",
            Self::DeletionRequested => "urn:wangzheng:event:deletion-requested",
            Self::Verification => "https://schemas.openid.net/secevent/ssf/event-type/verification",
        }
    }

    /// The event of a URI.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let trial = [Self::Verification];
        let all = Self::OFFERED.into_iter().chain(trial);
        all.into_iter().find(|event| event.uri() == uri)
    }
}

/// Whom a token is about (RFC 9493).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum SubjectIdentifier {
    /// §3.2.4: the platform's own pairwise id.
    IssSub {
        /// The issuer.
        iss: String,
        /// The pairwise identifier.
        sub: String,
    },
    /// §3.2.6: a stream.
    Opaque {
        /// The stream.
        id: String,
    },
}

/// The claims of a token (RFC 8417 §2.2, Shared Signals §4): these and no others, and exactly one event.
#[derive(Clone, Debug, PartialEq)]
pub struct SetClaims {
    /// The issuer.
    pub iss: String,
    /// The client whose stream it is.
    pub aud: String,
    /// Unique; what the receiver confirms.
    pub jti: String,
    /// When it left, in seconds since 1970.
    pub iat: i64,
    /// Whom it is about.
    pub sub_id: SubjectIdentifier,
    /// What happened.
    pub event: EventType,
    /// What is told of it.
    pub members: Map<String, Value>,
}

impl Serialize for SetClaims {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "iss": self.iss,
            "aud": self.aud,
            "jti": self.jti,
            "iat": self.iat,
            "sub_id": self.sub_id,
            "events": { self.event.uri(): self.members },
        })
        .serialize(serializer)
    }
}

impl SetClaims {
    /// Reads the claims of a token that was verified; nothing when it is none of this kind.
    pub fn read(claims: &Value) -> Option<Self> {
        let text = |name: &str| Some(claims.get(name)?.as_str()?.to_owned());
        let events = claims.get("events")?.as_object()?;
        let (uri, members) = events.iter().next().filter(|_| events.len() == 1)?;
        // RFC 8417 §2.2: a token with a life is something else.
        let other = ["sub", "exp", "nonce"]
            .iter()
            .any(|name| claims.get(name).is_some());
        (!other).then_some(())?;
        Some(Self {
            iss: text("iss")?,
            aud: text("aud")?,
            jti: text("jti")?,
            iat: claims.get("iat")?.as_i64()?,
            sub_id: serde_json::from_value(claims.get("sub_id")?.clone()).ok()?,
            event: EventType::from_uri(uri)?,
            members: members.as_object()?.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_own_uri_and_is_found_by_it() {
        for event in EventType::OFFERED
            .into_iter()
            .chain([EventType::Verification])
        {
            assert_eq!(EventType::from_uri(event.uri()), Some(event));
        }
        assert_eq!(EventType::from_uri("https://example/other"), None);
    }

    /// RFC 8417 §2.2, §4.6: no `sub`, no `exp`; the subject stands in `sub_id`.
    #[test]
    fn a_token_says_one_event_about_one_subject() {
        let claims = SetClaims {
            iss: "https://wz.example".to_owned(),
            aud: "app-forum".to_owned(),
            jti: "j".to_owned(),
            iat: 7,
            sub_id: SubjectIdentifier::IssSub {
                iss: "https://wz.example".to_owned(),
                sub: "s".to_owned(),
            },
            event: EventType::ConsentWithdrawn,
            members: Map::new(),
        };
        let value = serde_json::to_value(&claims).expect("serialises");
        assert_eq!(
            value,
            json!({
                "iss": "https://wz.example", "aud": "app-forum", "jti": "j", "iat": 7,
                "sub_id": { "format": "iss_sub", "iss": "https://wz.example", "sub": "s" },
                "events": { "urn:wangzheng:event:consent-withdrawn": {} },
            })
        );
        assert_eq!(SetClaims::read(&value), Some(claims));
        for (name, spoilt) in [
            ("exp", json!(1)),
            ("sub", json!("s")),
            ("events", json!({})),
        ] {
            let mut value = value.clone();
            let members = value.as_object_mut().expect("an object");
            members.insert(name.to_owned(), spoilt);
            assert_eq!(SetClaims::read(&value), None, "{name}");
        }
    }
}
