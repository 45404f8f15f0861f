//! The ID token, checked as OIDC Core §3.1.3.7 says, with one algorithm and nothing optional.

use crypto::SignatureAlgorithm;
use identity::verification::mode::Mode;
use jose::{
    jwk::JwkSet,
    jws::Unverified,
    jwt::{Audience, check_times},
};
use serde::Deserialize;

use super::Distrust;

/// Seconds two clocks may differ.
const LEEWAY: i64 = 10;
/// Oldest accepted token, in seconds: it was made for this very exchange.
const MOST_AGE: i64 = 300;

/// What an ID token has to fit.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    /// None, where the platform started the request itself.
    pub(super) nonce: Option<&'a str>,
    /// The weakest mode that will do.
    pub(super) mode: Mode,
    /// Seconds.
    pub(super) now: i64,
}

/// What is left of it after the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdToken {
    /// The 网络身份应用标识: what this platform knows the person by.
    pub(crate) subject: String,
    /// The mode that was shown.
    pub(crate) mode: Mode,
    /// What the person gave, still encrypted.
    pub(crate) verified_claims: Option<String>,
}

#[derive(Deserialize)]
struct Members {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    acr: String,
    verified_claims: Option<String>,
}

/// Checks a token against the keys of the issuer.
pub(super) fn check(
    text: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
) -> Result<IdToken, Distrust> {
    // 1. The signature, by the one algorithm this client registered.
    let token = Unverified::parse(text).map_err(|_| Distrust::Signature)?;
    let header = token.header();
    // A signed text of another type, such as a receipt, is no ID token (RFC 8725 §3.11).
    let another_type = header.typ.is_some() && !header.has_type("JWT");
    if header.alg != SignatureAlgorithm::Es256 || another_type {
        return Err(Distrust::Signature);
    }
    let verified = token
        .verify_with_set(keys)
        .map_err(|_| Distrust::Signature)?;
    let claims = verified
        .claims::<Members>()
        .map_err(|_| Distrust::Form)?
        .into_inner();
    // 2. From whom, for whom.
    if claims.iss != expected.issuer {
        return Err(Distrust::Issuer);
    }
    if !claims.aud.is_only(expected.client_id) {
        return Err(Distrust::Audience);
    }
    // 3. For this request, now.
    if claims.nonce.as_deref() != expected.nonce {
        return Err(Distrust::Nonce);
    }
    check_times(
        Some(claims.exp),
        None,
        Some(claims.iat),
        expected.now,
        LEEWAY,
    )
    .map_err(|_| Distrust::Time)?;
    if claims.iat < expected.now - MOST_AGE {
        return Err(Distrust::Time);
    }
    // 4. At least as strong as the scenario (S6).
    let mode = Mode::from_acr(&claims.acr).filter(|mode| mode.covers(expected.mode));
    match (mode, claims.sub.is_empty()) {
        (Some(mode), false) => Ok(IdToken {
            subject: claims.sub,
            mode,
            verified_claims: claims.verified_claims,
        }),
        (_, true) => Err(Distrust::Form),
        (None, _) => Err(Distrust::Mode),
    }
}

#[cfg(test)]
mod tests {
    use crypto::{Curve, PrivateKey, random::SeededRandom};
    use jose::{
        jwk::Jwk,
        jws::{Header, LocalSigner, sign_compact},
    };
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn keys() -> (PrivateKey, JwkSet) {
        let key = PrivateKey::generate(Curve::P256, &SeededRandom::new(5)).unwrap();
        let jwk = Jwk::verifying(key.public(), "token-1", SignatureAlgorithm::Es256);
        (key, JwkSet { keys: vec![jwk] })
    }

    fn claims() -> Value {
        json!({
            "iss": "http://localhost:8080", "sub": "abcdefghijklmnopqrstuvwxyz", "aud": "demo-forum",
            "iat": NOW - 1, "exp": NOW + 299, "auth_time": NOW - 5, "nonce": "n",
            "acr": "urn:wangzheng:mode:wz", "amr": ["pop"],
        })
    }

    fn sign(claims: &Value, key: &PrivateKey) -> String {
        let signer = LocalSigner::new(key.clone(), Some("token-1"));
        sign_compact(Header::default(), claims.to_string().as_bytes(), &signer).unwrap()
    }

    fn judge(text: &str, mode: Mode) -> Result<IdToken, Distrust> {
        let expected = Expected {
            issuer: "http://localhost:8080",
            client_id: "demo-forum",
            nonce: Some("n"),
            mode,
            now: NOW,
        };
        check(text, &keys().1, &expected)
    }

    #[test]
    fn a_token_for_this_request_is_believed() {
        let token = judge(&sign(&claims(), &keys().0), Mode::Wangzheng).unwrap();
        assert_eq!(token.subject, "abcdefghijklmnopqrstuvwxyz");
        assert_eq!(token.mode, Mode::Wangzheng);
    }

    #[test]
    fn every_claim_that_does_not_fit_is_its_own_reason() {
        for (claim, value, distrust) in [
            ("iss", json!("http://evil.example"), Distrust::Issuer),
            ("iss", json!("http://localhost:8080/sm"), Distrust::Issuer),
            ("aud", json!("demo-game"), Distrust::Audience),
            (
                "aud",
                json!(["demo-forum", "demo-game"]),
                Distrust::Audience,
            ),
            ("nonce", json!("of another request"), Distrust::Nonce),
            ("nonce", Value::Null, Distrust::Nonce),
            ("exp", json!(NOW - LEEWAY), Distrust::Time),
            ("iat", json!(NOW + LEEWAY + 1), Distrust::Time),
            ("iat", json!(NOW - MOST_AGE - 1), Distrust::Time),
            ("acr", json!("urn:example:strong"), Distrust::Mode),
            ("sub", json!(""), Distrust::Form),
            ("exp", json!("never"), Distrust::Form),
        ] {
            let mut claims = claims();
            claims[claim] = value;
            let judged = judge(&sign(&claims, &keys().0), Mode::Wangzheng);
            assert_eq!(judged, Err(distrust), "{claim}");
        }
    }

    /// S6: a weaker mode than the scenario's is no pass.
    #[test]
    fn s6_a_weaker_mode_is_refused() {
        let weak = sign(&claims(), &keys().0);
        assert_eq!(judge(&weak, Mode::WangzhengPin), Err(Distrust::Mode));
        let mut strong = claims();
        strong["acr"] = json!("urn:wangzheng:mode:wz+pin+face");
        assert!(judge(&sign(&strong, &keys().0), Mode::WangzhengPin).is_ok());
    }

    #[test]
    fn no_other_key_no_other_algorithm_and_no_unsigned_token() {
        let random = SeededRandom::new(6);
        let (key, _) = keys();
        let other = PrivateKey::generate(Curve::P256, &random).unwrap();
        let sm2 = PrivateKey::generate(Curve::Sm2, &random).unwrap();
        let signer = LocalSigner::new(key.clone(), Some("token-1"));
        let receipt = Header::typ("wz-receipt+jwt");
        let good = sign(&claims(), &key);
        let (head, signature) = good.rsplit_once('.').unwrap();
        let (_, payload) = head.split_once('.').unwrap();
        for text in [
            sign(&claims(), &other),
            sign(&claims(), &sm2),
            sign_compact(receipt, claims().to_string().as_bytes(), &signer).unwrap(),
            // {"alg":"none"}
            format!("eyJhbGciOiJub25lIn0.{payload}."),
            format!("{head}."),
            format!("{head}.{}", signature.chars().rev().collect::<String>()),
            String::new(),
        ] {
            assert_eq!(
                judge(&text, Mode::Wangzheng),
                Err(Distrust::Signature),
                "{text}"
            );
        }
    }
}
