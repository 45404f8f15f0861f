//! What a person gave: decrypted with the platform's own key, then checked like anything signed (R8.2).

use crypto::PrivateKey;
use jose::{jwe, jwk::JwkSet, jws::Unverified};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Distrust;

/// The signed text inside is of this type.
const CLAIMS_TYPE: &str = "wz-verified-claims+jwt";

#[derive(Deserialize)]
struct Statement {
    iss: String,
    aud: String,
    sub: String,
    verified_claims: VerifiedClaims,
}

/// OpenID Connect for Identity Assurance, as far as a demo reads it.
#[derive(Deserialize)]
struct VerifiedClaims {
    claims: Map<String, Value>,
}

/// From whom, to whom, about whom it has to be.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) subject: &'a str,
}

/// Opens and checks a nested JWT.
pub(super) fn open(
    sealed: &str,
    key: Option<&PrivateKey>,
    keys: &JwkSet,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, Distrust> {
    let wrong = Distrust::Disclosed;
    let opened = jwe::decrypt(sealed, key.ok_or(wrong)?).map_err(|_| wrong)?;
    let signed = String::from_utf8(opened.payload).map_err(|_| wrong)?;
    let signed = Unverified::parse(&signed).map_err(|_| wrong)?;
    if opened.cty.as_deref() != Some("JWT") || !signed.header().has_type(CLAIMS_TYPE) {
        return Err(wrong);
    }
    let verified = signed.verify_with_set(keys).map_err(|_| wrong)?;
    let claims = verified
        .claims::<Statement>()
        .map_err(|_| wrong)?
        .into_inner();
    let fits = claims.iss == expected.issuer
        && claims.aud == expected.client_id
        && claims.sub == expected.subject;
    if fits {
        Ok(claims.verified_claims.claims)
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use crypto::{Curve, SignatureAlgorithm, random::SeededRandom, random::SystemRandom};
    use jose::{
        jwe::Encryption,
        jwk::{ENCRYPTION, Jwk},
        jws::{Header, LocalSigner, sign_compact},
    };
    use serde_json::json;

    use super::*;

    const EXPECTED: Expected<'static> = Expected {
        issuer: "http://localhost:8080",
        client_id: "demo-bank",
        subject: "pairwise",
    };

    fn key(seed: u64) -> PrivateKey {
        PrivateKey::generate(Curve::P256, &SeededRandom::new(seed)).unwrap()
    }

    fn claims() -> Value {
        json!({
            "iss": "http://localhost:8080", "aud": "demo-bank", "sub": "pairwise",
            "verified_claims": {
                "verification": { "trust_framework": "cn_wangzheng" }, "claims": { "name": "张三" },
            },
        })
    }

    /// Signed by key 1 of the issuer, encrypted to key 2 of the bank, unless a test wants it otherwise.
    fn sealed(claims: &Value, typ: &str, issuer: u64, bank: u64, cty: Option<&str>) -> String {
        let signer = LocalSigner::new(key(issuer), Some("token-1"));
        let payload = claims.to_string();
        let inner = sign_compact(Header::typ(typ), payload.as_bytes(), &signer).unwrap();
        let to = Jwk::public(key(bank).public(), None, None, Some(ENCRYPTION));
        let (encryption, random) = (Encryption::A256Gcm, SystemRandom);
        jwe::encrypt(&to, encryption, cty, inner.as_bytes(), &random).unwrap()
    }

    fn judge(sealed: &str, own: Option<&PrivateKey>) -> Result<Map<String, Value>, Distrust> {
        let jwk = Jwk::verifying(key(1).public(), "token-1", SignatureAlgorithm::Es256);
        open(sealed, own, &JwkSet { keys: vec![jwk] }, &EXPECTED)
    }

    #[test]
    fn r8_2_what_was_given_opens_with_the_platforms_own_key_alone() {
        let good = sealed(&claims(), CLAIMS_TYPE, 1, 2, Some("JWT"));
        assert_eq!(judge(&good, Some(&key(2))).unwrap()["name"], "张三");
        assert_eq!(judge(&good, Some(&key(3))), Err(Distrust::Disclosed));
        assert_eq!(judge(&good, None), Err(Distrust::Disclosed));
    }

    #[test]
    fn what_does_not_belong_to_the_token_is_thrown_away() {
        let with = |name: &str| {
            let mut claims = claims();
            claims[name] = json!("another");
            sealed(&claims, CLAIMS_TYPE, 1, 2, Some("JWT"))
        };
        for (what, text) in [
            ("issuer", with("iss")),
            ("audience", with("aud")),
            ("subject", with("sub")),
            ("an ID token", sealed(&claims(), "JWT", 1, 2, Some("JWT"))),
            ("signer", sealed(&claims(), CLAIMS_TYPE, 3, 2, Some("JWT"))),
            ("no cty", sealed(&claims(), CLAIMS_TYPE, 1, 2, None)),
            ("nothing", String::new()),
        ] {
            assert_eq!(
                judge(&text, Some(&key(2))),
                Err(Distrust::Disclosed),
                "{what}"
            );
        }
    }
}
