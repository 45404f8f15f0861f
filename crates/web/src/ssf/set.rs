//! A signal as a security event token (RFC 8417): signed by the issuer the stream was made at.

use crypto::keystore::SigningPurpose;
use identity::service::{Fault, Service};
use identity::signal::deliver::Signal;
use identity::signal::{Notice, SignalKind, Stream};
use jose::jws::{Header, StoreSigner, sign_compact};
use openid::{EventType, SET_TYPE, SetClaims, SubjectIdentifier};
use serde_json::{Map, Value, json};

use crate::oauth::issuer;

/// The event of a kind.
pub fn event_of(kind: SignalKind) -> EventType {
    match kind {
        SignalKind::ConsentWithdrawn => EventType::ConsentWithdrawn,
        SignalKind::DeletionRequested => EventType::DeletionRequested,
        SignalKind::AccountErased => EventType::AccountPurged,
        SignalKind::IdentifierChanged => EventType::IdentifierChanged,
        SignalKind::Locked => EventType::AccountDisabled,
        SignalKind::Unlocked => EventType::AccountEnabled,
    }
}

/// Signs a signal for a stream. It names the platform's own pairwise id and nobody else (R2.3, C2).
pub fn sign(service: &Service, stream: &Stream, signal: &Signal) -> Result<String, Fault> {
    let iss = issuer(service, stream.suite).into_owned();
    let (sub_id, event, members) = match &signal.notice {
        Notice::About {
            kind,
            subject,
            successor,
        } => {
            let sub_id = SubjectIdentifier::IssSub {
                iss: iss.clone(),
                sub: subject.as_str().to_owned(),
            };
            let successor = successor.as_ref().map(|id| ("new-value", json!(id)));
            // Our own events say until when the platform has to confirm; RISC's are sent as RISC has them.
            let own = matches!(
                kind,
                SignalKind::ConsentWithdrawn | SignalKind::DeletionRequested
            );
            let due = signal.due_at.filter(|_| own).map(|at| ("due", json!(at)));
            (sub_id, event_of(*kind), members([successor, due]))
        }
        Notice::Trial { state } => {
            let id = stream.id.clone();
            let state = state.as_ref().map(|state| ("state", json!(state)));
            (
                SubjectIdentifier::Opaque { id },
                EventType::Verification,
                members([state, None]),
            )
        }
    };
    let claims = SetClaims {
        iss,
        aud: stream.client.as_str().to_owned(),
        jti: signal.id.to_string(),
        iat: signal.at.0,
        sub_id,
        event,
        members,
    };
    let broken = || Fault::Invariant("security event token");
    let payload = serde_json::to_vec(&claims).map_err(|_| broken())?;
    let signer = StoreSigner {
        store: service.keys(),
        purpose: SigningPurpose::Token,
        algorithm: stream.suite.signature(),
    };
    sign_compact(Header::typ(SET_TYPE), &payload, &signer).map_err(|_| broken())
}

fn members(pairs: [Option<(&str, Value)>; 2]) -> Map<String, Value> {
    let pairs = pairs.into_iter().flatten();
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
