//! What a platform holds at the end, checked with published keys alone.

use jose::jwe;
use jose::jwk::JwkSet;
use jose::jws::Unverified;
use serde_json::{Map, Value};

use crate::http::{Answer, Call};
use crate::platform::Platform;

/// A verification from the platform's side.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The token response as it came.
    pub response: Value,
    /// Claims of the ID token.
    pub id_token: Map<String, Value>,
    /// Claims of the receipt.
    pub receipt: Map<String, Value>,
    /// `alg` of the ID token.
    pub algorithm: String,
    /// What was disclosed, decrypted with the platform's own key and checked: the signed text inside.
    pub disclosed: Option<Map<String, Value>>,
}

impl Verified {
    /// Checks a token response: both signatures by the issuer's key set, issuer, audience, nonce, times.
    pub(crate) async fn check(platform: &Platform, answer: Answer, nonce: Option<&str>) -> Self {
        let response = answer.json();
        let call = Call::get(format!("{}/oauth/jwks", platform.base));
        let keys = platform.receive(call).await.expect(200).json();
        let keys: JwkSet = serde_json::from_value(keys).expect("a key set");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (algorithm, id_token) = read(&text(&response["id_token"]), "JWT", &keys);
        let receipt = text(&response["authorization_details"][0]["receipt"]);
        let (_, receipt) = read(&receipt, "wz-receipt+jwt", &keys);
        let now = platform.world().now().0;
        assert_eq!(id_token["iss"], platform.issuer());
        assert_eq!(id_token["aud"], platform.client_id());
        assert_eq!(id_token.get("nonce").and_then(Value::as_str), nonce);
        assert!(id_token["iat"].as_i64() <= Some(now) && id_token["exp"].as_i64() > Some(now));
        assert_eq!(receipt["aud"], platform.client_id());
        assert_eq!(receipt["sub"], id_token["sub"], "one pairwise identifier");
        let disclosed = id_token.get("verified_claims").map(text);
        let disclosed = disclosed.map(|sealed| open(platform, &sealed, &keys));
        if let Some(disclosed) = &disclosed {
            assert_eq!(disclosed["iss"], platform.issuer());
            assert_eq!(disclosed["aud"], platform.client_id());
            assert_eq!(disclosed["sub"], id_token["sub"], "about the same person");
        }
        Self {
            response,
            id_token,
            receipt,
            algorithm,
            disclosed,
        }
    }

    /// The claims that were disclosed; empty when none were.
    pub fn claims(&self) -> Map<String, Value> {
        let claims = self
            .disclosed
            .as_ref()
            .map(|disclosed| disclosed["verified_claims"]["claims"].clone());
        claims
            .and_then(|claims| claims.as_object().cloned())
            .unwrap_or_default()
    }

    /// The pairwise identifier.
    pub fn subject(&self) -> &str {
        self.id_token["sub"].as_str().unwrap_or_default()
    }

    /// The access token.
    pub fn access_token(&self) -> &str {
        self.response["access_token"].as_str().unwrap_or_default()
    }

    /// The receipt as it came.
    pub fn receipt_text(&self) -> &str {
        self.response["authorization_details"][0]["receipt"]
            .as_str()
            .unwrap_or_default()
    }

    /// What finds the event in the log, base64url.
    pub fn commitment(&self) -> &str {
        self.receipt["commitment"].as_str().unwrap_or_default()
    }
}

/// A nested JWT for this platform: decrypted, then the signature checked by the issuer's published keys.
fn open(platform: &Platform, sealed: &str, keys: &JwkSet) -> Map<String, Value> {
    let opened =
        jwe::decrypt(sealed, platform.encryption_key()).expect("encrypted to this platform");
    assert_eq!(opened.cty.as_deref(), Some("JWT"));
    let signed = String::from_utf8(opened.payload).expect("text");
    read(&signed, "wz-verified-claims+jwt", keys).1
}

/// A signed text by a key of the set: its `alg` and its claims.
fn read(text: &str, typ: &str, keys: &JwkSet) -> (String, Map<String, Value>) {
    let unverified = Unverified::parse(text).expect("a signed text");
    assert!(unverified.header().has_type(typ), "of type {typ}");
    let algorithm = jose::algorithm_name(unverified.header().alg).to_owned();
    let verified = unverified
        .verify_with_set(keys)
        .expect("signed by a published key");
    let claims = verified.claims::<Map<String, Value>>();
    (algorithm, claims.expect("claims").into_inner())
}
