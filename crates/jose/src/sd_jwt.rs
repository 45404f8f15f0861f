//! Selective disclosure for JWTs (RFC 9901): the signed text carries salted digests, the holder the disclosures.
//!
//! Text: `<signed> ~ <disclosure> ~ … ~ [<key binding>]`. Issued here: claims disclosable one by one at the top level.
//! Verified here: disclosures at any depth and in arrays, digests by `sha-256` only.

mod disclosure;
mod key_binding;
mod reveal;

use std::fmt;

use crypto::{
    PublicKey, digest,
    random::{self, Random},
};
use serde_json::{Map, Value, json};

use crate::{
    JoseError, Verified,
    base64url::encode,
    jwk::Jwk,
    jws::{self, Header, ProtectedHeader, Signer, Unverified},
};

pub use disclosure::Disclosure;
pub use key_binding::{ExpectedBinding, KeyBinding};

/// Longest text that is parsed.
pub const MOST_BYTES: usize = 64 * 1024;
/// Most disclosures in one text.
pub const MOST_DISCLOSURES: usize = 256;
/// The only hash, by its name at IANA (RFC 9901 §4.1.1).
const HASH_NAME: &str = "sha-256";

/// What goes into a new credential.
#[derive(Debug, Clone, Default)]
pub struct Issue {
    /// `typ` of the header, for example `dc+sd-jwt`.
    pub typ: String,
    /// Claims every reader sees.
    pub claims: Map<String, Value>,
    /// Claims the holder may show or keep, each by itself.
    pub disclosable: Map<String, Value>,
    /// The holder's key, for `cnf` (RFC 7800); its private part is dropped.
    pub holder: Option<Jwk>,
    /// Digests of nothing, that hide how many claims there are (RFC 9901 §4.2.5).
    pub decoys: usize,
}

/// A signed text and disclosures that fit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdJwt {
    /// The signed text in compact form.
    pub jws: String,
    /// The disclosures.
    pub disclosures: Vec<Disclosure>,
}

impl SdJwt {
    /// Issues: salts (16 bytes) and digests the disclosable claims, and signs.
    pub fn issue(
        issue: Issue,
        signer: &dyn Signer,
        random: &dyn Random,
    ) -> Result<Self, JoseError> {
        let mut claims = issue.claims;
        let reserved = |name: &String| ["_sd", "_sd_alg", "...", "cnf"].contains(&name.as_str());
        let twice = |name: &String| issue.disclosable.contains_key(name);
        if claims.keys().any(|name| reserved(name) || twice(name))
            || issue.disclosable.keys().any(reserved)
        {
            return Err(JoseError::Disclosures);
        }
        let mut disclosures = Vec::new();
        for (name, value) in issue.disclosable {
            disclosures.push(Disclosure::new(&random::array(random), &name, value)?);
        }
        let mut digests: Vec<String> = disclosures.iter().map(Disclosure::digest).collect();
        digests.extend(
            (0..issue.decoys).map(|_| encode(&digest::sha256(&[&random::array::<32>(random)]).0)),
        );
        // Sorted, so that their order says nothing (RFC 9901 §4.2.4.1).
        digests.sort_unstable();
        if !digests.is_empty() {
            claims.insert("_sd".to_owned(), json!(digests));
            claims.insert("_sd_alg".to_owned(), HASH_NAME.into());
        }
        if let Some(holder) = issue.holder {
            claims.insert("cnf".to_owned(), json!({ "jwk": holder.to_public() }));
        }
        let payload = serde_json::to_vec(&claims).map_err(|_| JoseError::Malformed("claims"))?;
        let jws = jws::sign_compact(Header::typ(&issue.typ), &payload, signer)?;
        Ok(Self { jws, disclosures })
    }

    /// Parses a text without key binding: it ends in `~`.
    pub fn parse(text: &str) -> Result<Self, JoseError> {
        let presentation = Presentation::parse(text)?;
        if presentation.key_binding.is_some() {
            Err(JoseError::KeyBinding)
        } else {
            Ok(presentation.sd_jwt)
        }
    }

    /// The same credential with the disclosures of these claims alone. A name without a disclosure is refused.
    pub fn present(&self, names: &[&str]) -> Result<Self, JoseError> {
        let chosen =
            |disclosure: &&Disclosure| disclosure.name().is_some_and(|name| names.contains(&name));
        let disclosures: Vec<_> = self.disclosures.iter().filter(chosen).cloned().collect();
        let found = |name: &&str| {
            disclosures
                .iter()
                .any(|disclosure| disclosure.name() == Some(*name))
        };
        if names.iter().all(found) {
            Ok(Self {
                jws: self.jws.clone(),
                disclosures,
            })
        } else {
            Err(JoseError::Disclosures)
        }
    }

    /// Binds this presentation to a reader and a nonce by the holder's key.
    pub fn bind(
        self,
        binding: &KeyBinding<'_>,
        holder: &dyn Signer,
    ) -> Result<Presentation, JoseError> {
        let key_binding = Some(binding.sign(&self.to_string(), holder)?);
        Ok(Presentation {
            sd_jwt: self,
            key_binding,
        })
    }
}

impl fmt::Display for SdJwt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}~", self.jws)?;
        self.disclosures
            .iter()
            .try_for_each(|disclosure| write!(formatter, "{}~", disclosure.encoded()))
    }
}

/// What a holder shows: a credential, chosen disclosures, and usually a key binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// The credential with what is shown.
    pub sd_jwt: SdJwt,
    /// The key-binding JWT.
    pub key_binding: Option<String>,
}

impl Presentation {
    /// Parses up to [`MOST_BYTES`] and [`MOST_DISCLOSURES`].
    pub fn parse(text: &str) -> Result<Self, JoseError> {
        if text.len() > MOST_BYTES {
            return Err(JoseError::TooLong);
        }
        let mut parts: Vec<&str> = text.split('~').collect();
        let key_binding = parts
            .pop()
            .filter(|last| !last.is_empty())
            .map(str::to_owned);
        let Some((jws, disclosures)) = parts.split_first() else {
            return Err(JoseError::Malformed("presentation"));
        };
        if disclosures.len() > MOST_DISCLOSURES {
            return Err(JoseError::TooLong);
        }
        Unverified::parse_up_to(jws, MOST_BYTES)?;
        let disclosures = disclosures
            .iter()
            .map(|text| Disclosure::parse(text))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            sd_jwt: SdJwt {
                jws: (*jws).to_owned(),
                disclosures,
            },
            key_binding,
        })
    }

    /// The header of the credential, unverified: its `kid` says which key of the issuer.
    pub fn header(&self) -> Result<ProtectedHeader, JoseError> {
        Ok(Unverified::parse_up_to(&self.sd_jwt.jws, MOST_BYTES)?
            .header()
            .clone())
    }

    /// The claims **before** any check, to find the issuer. Trust nothing in them.
    pub fn unverified_claims(&self) -> Result<Map<String, Value>, JoseError> {
        Unverified::parse_up_to(&self.sd_jwt.jws, MOST_BYTES)?.unverified_claims()
    }

    /// Verifies the issuer's signature, the disclosures and the key binding (RFC 9901 §7.3), and gives the claims with
    /// what was disclosed in its place. `exp` and `nbf` of the credential are the caller's (`jwt::check_times`).
    pub fn verify(
        &self,
        typ: &str,
        issuer: &PublicKey,
        expected: &ExpectedBinding<'_>,
    ) -> Result<Verified<Map<String, Value>>, JoseError> {
        let claims = self.verified_claims(typ, issuer)?;
        let text = self.key_binding.as_deref().ok_or(JoseError::KeyBinding)?;
        // §7.3 step 5: the holder's key is the one the issuer signed, never one of the presentation's own.
        let holder = claims
            .get("cnf")
            .and_then(|cnf| cnf.get("jwk"))
            .ok_or(JoseError::KeyBinding)?;
        let holder: Jwk =
            serde_json::from_value(holder.clone()).map_err(|_| JoseError::KeyBinding)?;
        expected.check(text, &self.sd_jwt.to_string(), &holder.public_key()?)?;
        Ok(claims)
    }

    /// [`Presentation::verify`] where nobody proves to hold the credential: for a holder who looks at what was issued.
    /// A key binding that is there is refused, so that none goes unchecked.
    pub fn verify_unbound(
        &self,
        typ: &str,
        issuer: &PublicKey,
    ) -> Result<Verified<Map<String, Value>>, JoseError> {
        if self.key_binding.is_some() {
            return Err(JoseError::KeyBinding);
        }
        self.verified_claims(typ, issuer)
    }

    fn verified_claims(
        &self,
        typ: &str,
        issuer: &PublicKey,
    ) -> Result<Verified<Map<String, Value>>, JoseError> {
        let unverified = Unverified::parse_up_to(&self.sd_jwt.jws, MOST_BYTES)?;
        if !unverified.header().has_type(typ) {
            return Err(JoseError::WrongType);
        }
        let claims: Verified<Map<String, Value>> = unverified.verify(issuer)?.claims()?;
        Ok(Verified::new(reveal::reveal(
            claims.into_inner(),
            &self.sd_jwt.disclosures,
        )?))
    }
}

impl fmt::Display for Presentation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}{}",
            self.sd_jwt,
            self.key_binding.as_deref().unwrap_or_default()
        )
    }
}
