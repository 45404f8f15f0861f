//! An issuer, a holder and a credential.

use crypto::{Curve, PrivateKey, PublicKey, random::SeededRandom};
use jose::{
    JoseError, Verified,
    jwk::Jwk,
    jws::{self, Header, LocalSigner},
    sd_jwt::{ExpectedBinding, Issue, KeyBinding, Presentation, SdJwt},
};
use serde_json::{Map, Value, json};

pub(crate) const TYPE: &str = "dc+sd-jwt";
pub(crate) const EXPECTED: ExpectedBinding<'_> = ExpectedBinding {
    audience: "verifier",
    nonce: "n1",
    now: 1000,
    max_age: 60,
    leeway: 5,
};
pub(crate) const BINDING: KeyBinding<'_> = KeyBinding {
    audience: "verifier",
    nonce: "n1",
    issued_at: 990,
};

pub(crate) struct World {
    pub(crate) issuer: LocalSigner,
    pub(crate) holder: LocalSigner,
    pub(crate) credential: SdJwt,
}

pub(crate) fn world() -> World {
    let random = SeededRandom::new(1);
    let signer = |curve| LocalSigner::new(PrivateKey::generate(curve, &random).unwrap(), Some("k"));
    let (issuer, holder) = (signer(Curve::Sm2), signer(Curve::P256));
    let issue = Issue {
        typ: TYPE.to_owned(),
        claims: object(&json!({"iss": "https://issuer", "vct": "urn:test"})),
        disclosable: object(&json!({"name": "A", "number": "1", "address": {"city": "B"}})),
        holder: Some(Jwk::private(&holder.key, None, None, None).unwrap()),
        decoys: 2,
    };
    let credential = SdJwt::issue(issue, &issuer, &random).unwrap();
    World {
        issuer,
        holder,
        credential,
    }
}

pub(crate) fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

impl World {
    pub(crate) fn key(&self) -> &PublicKey {
        self.issuer.key.public()
    }

    pub(crate) fn verify(&self, text: &str) -> Result<Verified<Map<String, Value>>, JoseError> {
        Presentation::parse(text)?.verify(TYPE, self.key(), &EXPECTED)
    }

    /// Payload as JSON, signed by the issuer, with these disclosures and no key binding.
    pub(crate) fn unbound(
        &self,
        payload: &Value,
        disclosures: &[&str],
    ) -> Result<Verified<Map<String, Value>>, JoseError> {
        let payload = payload.to_string();
        let jws = jws::sign_compact(Header::typ(TYPE), payload.as_bytes(), &self.issuer).unwrap();
        let text = disclosures
            .iter()
            .fold(format!("{jws}~"), |text, disclosure| {
                format!("{text}{disclosure}~")
            });
        Presentation::parse(&text)?.verify_unbound(TYPE, self.key())
    }
}
