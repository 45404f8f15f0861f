//! JSON Web Signatures in compact form (RFC 7515 §7.1).

mod signer;

use crypto::{PublicKey, SignatureAlgorithm};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    JoseError, Verified,
    algorithm::{algorithm_name, from_name},
    base64url::{decode, encode},
    json,
    jwk::{Jwk, JwkSet},
};

pub use signer::{LocalSigner, Signer, StoreSigner};

/// Longest text [`Unverified::parse`] reads.
pub const MOST_BYTES: usize = 16 * 1024;

/// Members of a header that have a meaning here; `extra` may name none of them.
const OWN_MEMBERS: [&str; 8] = ["alg", "kid", "typ", "cty", "jwk", "crit", "b64", "zip"];

/// What a signer adds to `alg` and `kid`.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// `typ`.
    pub typ: Option<String>,
    /// `cty`.
    pub cty: Option<String>,
    /// `jwk`: the public key itself, for proofs of possession.
    pub jwk: Option<Jwk>,
    /// Other members.
    pub extra: Map<String, Value>,
}

impl Header {
    /// A header with this `typ` alone.
    pub fn typ(typ: &str) -> Self {
        Self {
            typ: Some(typ.to_owned()),
            ..Self::default()
        }
    }
}

/// The header of a text that was parsed.
#[derive(Debug, Clone)]
pub struct ProtectedHeader {
    /// `alg`.
    pub alg: SignatureAlgorithm,
    /// `kid`.
    pub kid: Option<String>,
    /// `typ`.
    pub typ: Option<String>,
    /// `cty`.
    pub cty: Option<String>,
    /// `jwk`; never with a private part.
    pub jwk: Option<Jwk>,
    /// Other members.
    pub extra: Map<String, Value>,
}

impl ProtectedHeader {
    /// Whether `typ` is `expected`, with or without `application/`, in any case (RFC 7515 §4.1.9).
    pub fn has_type(&self, expected: &str) -> bool {
        let short = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.strip_prefix("application/")
                .unwrap_or(&text)
                .to_owned()
        };
        self.typ
            .as_deref()
            .is_some_and(|typ| short(typ) == short(expected))
    }

    fn parse(text: &str) -> Result<Self, JoseError> {
        let mut members: Map<String, Value> = json::object(&decode(text, "header")?, "header")?;
        // RFC 7515 §4.1.11 and RFC 7797 §6: what must be understood and is not, is refused.
        if members.contains_key("crit") || members.contains_key("b64") {
            return Err(JoseError::CriticalHeader);
        }
        if members.contains_key("zip") {
            return Err(JoseError::Compressed);
        }
        let alg = text_member(&mut members, "alg")?.ok_or(JoseError::UnsupportedAlgorithm)?;
        let alg = from_name(&alg).ok_or(JoseError::UnsupportedAlgorithm)?;
        let jwk: Option<Jwk> = match members.remove("jwk") {
            Some(jwk) => {
                Some(serde_json::from_value(jwk).map_err(|_| JoseError::Malformed("header"))?)
            }
            None => None,
        };
        if jwk.as_ref().is_some_and(Jwk::is_private) {
            return Err(JoseError::Malformed("header"));
        }
        Ok(Self {
            alg,
            kid: text_member(&mut members, "kid")?,
            typ: text_member(&mut members, "typ")?,
            cty: text_member(&mut members, "cty")?,
            jwk,
            extra: members,
        })
    }
}

/// Takes a member that must be text if it is there.
pub(crate) fn text_member(
    members: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<String>, JoseError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JoseError::Malformed("header")),
    }
}

/// Signs `payload` and gives the compact form.
pub fn sign_compact(
    header: Header,
    payload: &[u8],
    signer: &dyn Signer,
) -> Result<String, JoseError> {
    if OWN_MEMBERS
        .iter()
        .any(|name| header.extra.contains_key(*name))
        || header.jwk.as_ref().is_some_and(Jwk::is_private)
    {
        return Err(JoseError::Malformed("header"));
    }
    let mut members = header.extra;
    members.insert("alg".to_owned(), algorithm_name(signer.algorithm()).into());
    let named = [("typ", header.typ), ("cty", header.cty)];
    members.extend(
        named
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text?.into()))),
    );
    if let Some(jwk) = header.jwk {
        members.insert(
            "jwk".to_owned(),
            serde_json::to_value(jwk).map_err(|_| JoseError::Malformed("header"))?,
        );
    }
    // A rotation may fall between asking for the key's id and signing. Ids never return, so the same id before and
    // after means the same key signed.
    for _ in 0..3 {
        let kid = signer.key_id()?;
        match &kid {
            Some(kid) => members.insert("kid".to_owned(), kid.clone().into()),
            None => members.remove("kid"),
        };
        let text = serde_json::to_vec(&members).map_err(|_| JoseError::Malformed("header"))?;
        let input = format!("{}.{}", encode(&text), encode(payload));
        let signature = signer.sign(input.as_bytes())?;
        if signer.key_id()? == kid {
            return Ok(format!("{input}.{}", encode(&signature)));
        }
    }
    Err(JoseError::NoSuchKey)
}

/// A text in compact form whose signature nobody has checked.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    input: &'a str,
    header: ProtectedHeader,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Parses up to [`MOST_BYTES`]: three parts, a known algorithm, no `crit`, no duplicate members.
    pub fn parse(text: &'a str) -> Result<Self, JoseError> {
        Self::parse_up_to(text, MOST_BYTES)
    }

    /// [`Unverified::parse`] with another limit, for texts whose size is known to be larger (status lists).
    pub fn parse_up_to(text: &'a str, most_bytes: usize) -> Result<Self, JoseError> {
        if text.len() > most_bytes {
            return Err(JoseError::TooLong);
        }
        let malformed = JoseError::Malformed("signed text");
        let Some((input, signature)) = text.rsplit_once('.') else {
            return Err(malformed);
        };
        let Some((header, payload)) = input.split_once('.') else {
            return Err(malformed);
        };
        Ok(Self {
            input,
            header: ProtectedHeader::parse(header)?,
            payload: decode(payload, "payload")?,
            signature: decode(signature, "signature")?,
        })
    }

    /// The header, unverified.
    pub fn header(&self) -> &ProtectedHeader {
        &self.header
    }

    /// The claims **before** any check, to find out whose key to take. Trust nothing in them.
    pub fn unverified_claims<T: DeserializeOwned>(&self) -> Result<T, JoseError> {
        json::object(&self.payload, "claims")
    }

    /// Checks the signature. The header's algorithm must fit the key.
    pub fn verify(self, key: &PublicKey) -> Result<Verified<Vec<u8>>, JoseError> {
        key.verify(self.header.alg, self.input.as_bytes(), &self.signature)?;
        Ok(Verified::new(self.payload))
    }

    /// Checks the signature by the one key of a set that fits the header.
    pub fn verify_with_set(self, set: &JwkSet) -> Result<Verified<Vec<u8>>, JoseError> {
        let key = set.verifying_key(&self.header)?;
        self.verify(&key)
    }
}
