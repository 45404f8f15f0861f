//! `verified_claims` for one platform: signed by the service, then encrypted to the key the platform registered, so that
//! nobody on the way, nor the sealed code, nor a log holds a value (Art. 8(2), R8.2, R8.3).
//!
//! Shape: OpenID Connect for Identity Assurance, `{"verification": …, "claims": …}`, as a nested JWT (RFC 7519 §5.2).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::keystore::SigningPurpose;
use crypto::random;
use jose::jwe;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::service::{Fault, Service};
use crate::verification::request::OpenRequest;

use super::Recipient;

/// `typ` of the signed text inside: it is no ID token and passes for none (RFC 8725 §3.11).
pub const VERIFIED_CLAIMS_TYPE: &str = "wz-verified-claims+jwt";
/// Under which rules the claims were verified.
pub const TRUST_FRAMEWORK: &str = "cn_wangzheng";

/// The `verified_claims` element.
#[derive(Serialize)]
pub(super) struct VerifiedClaims {
    verification: Verification,
    claims: Map<String, Value>,
}

/// How they were verified; not when and by which document, which nobody asked.
#[derive(Serialize)]
struct Verification {
    trust_framework: &'static str,
}

impl VerifiedClaims {
    pub(super) fn of(claims: Map<String, Value>) -> Self {
        Self {
            verification: Verification {
                trust_framework: TRUST_FRAMEWORK,
            },
            claims,
        }
    }
}

/// The signed text: from whom, for whom, about whom, for what (R8.3: bound to recipient and purpose).
#[derive(Serialize)]
pub(super) struct Statement {
    iss: String,
    aud: String,
    sub: String,
    jti: String,
    iat: i64,
    scenario: String,
    purpose: String,
    further_plaintext: &'static str,
    verified_claims: VerifiedClaims,
}

impl Statement {
    pub(super) fn about(
        service: &Service,
        recipient: &Recipient<'_>,
        verified_claims: VerifiedClaims,
    ) -> Self {
        let open = recipient.open;
        Self {
            iss: service.issuer_of(open.request.suite).into_owned(),
            aud: open.request.client.to_string(),
            sub: recipient.subject.as_str().to_owned(),
            jti: Base64UrlUnpadded::encode_string(&random::array::<16>(service.random())),
            iat: service.now().0,
            scenario: open.request.scenario.to_string(),
            purpose: open.scenario().purpose.text("zh-CN").to_owned(),
            further_plaintext: "prohibited",
            verified_claims,
        }
    }
}

impl Service {
    /// Signs, then encrypts to the platform's key of the request's suite: ECDH-ES with A256GCM at `<issuer>`,
    /// SM2 with SM4-GCM at `<issuer>/sm` (R13.1).
    pub(super) fn seal_to_platform(
        &self,
        statement: &Statement,
        open: &OpenRequest,
    ) -> Result<String, Fault> {
        let suite = open.request.suite;
        let payload = serde_json::to_vec(statement).map_err(|_| Fault::Invariant("claims"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Token,
            algorithm: suite.signature(),
        };
        let inner = sign_compact(Header::typ(VERIFIED_CLAIMS_TYPE), &payload, &signer)
            .map_err(|_| Fault::Invariant("verified claims do not sign"))?;
        let key = open
            .platform
            .client(&open.request.client)
            .and_then(|client| client.encryption_key(suite))
            .ok_or(Fault::Invariant("consent without an encryption key"))?;
        jwe::encrypt(
            key,
            suite.encryption(),
            Some("JWT"),
            inner.as_bytes(),
            self.random(),
        )
        .map_err(|_| Fault::Invariant("verified claims do not encrypt"))
    }
}
