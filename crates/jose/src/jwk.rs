//! JSON Web Keys (RFC 7517): EC on P-256 and on SM2 (`"SM2-P-256"`, GM/T 0125.4), and RSA public keys.

use std::fmt;

use crypto::{Curve, PrivateKey, PublicKey, SignatureAlgorithm, digest};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    JoseError,
    algorithm::algorithm_name,
    base64url::{decode, decode_array, encode},
    jws::ProtectedHeader,
};

/// The `use` of a key for signatures.
pub const SIGNATURE: &str = "sig";
/// The `use` of a key for encryption.
pub const ENCRYPTION: &str = "enc";

/// One key. Members nobody here understands are dropped (RFC 7517 §4); `Debug` never shows a private part.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "secret")]
    d: Option<Zeroizing<String>>,
    /// `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `alg`: the only algorithm the key may be used with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `use`: `sig` or `enc`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub key_use: Option<String>,
}

impl Jwk {
    /// The JWK of a public key, with `kid`, `alg` and `use` where given.
    pub fn public(
        key: &PublicKey,
        kid: Option<&str>,
        alg: Option<&str>,
        key_use: Option<&str>,
    ) -> Self {
        let mut jwk = Self {
            kty: "EC".to_owned(),
            crv: key.curve().map(|curve| curve_name(curve).to_owned()),
            x: None,
            y: None,
            n: None,
            e: None,
            d: None,
            kid: kid.map(str::to_owned),
            alg: alg.map(str::to_owned),
            key_use: key_use.map(str::to_owned),
        };
        if let Ok((x, y)) = key.coordinates() {
            (jwk.x, jwk.y) = (Some(encode(&x)), Some(encode(&y)));
        } else if let Ok((modulus, exponent)) = key.rsa_components() {
            "RSA".clone_into(&mut jwk.kty);
            (jwk.n, jwk.e) = (Some(encode(modulus)), Some(encode(exponent)));
        }
        jwk
    }

    /// The JWK of a public key that verifies signatures of `algorithm`.
    pub fn verifying(key: &PublicKey, kid: &str, algorithm: SignatureAlgorithm) -> Self {
        Self::public(
            key,
            Some(kid),
            Some(algorithm_name(algorithm)),
            Some(SIGNATURE),
        )
    }

    /// The JWK of a private EC key. RSA private keys have no JWK here.
    pub fn private(
        key: &PrivateKey,
        kid: Option<&str>,
        alg: Option<&str>,
        key_use: Option<&str>,
    ) -> Result<Self, JoseError> {
        let scalar = key.scalar()?;
        let mut jwk = Self::public(key.public(), kid, alg, key_use);
        jwk.d = Some(Zeroizing::new(encode(scalar.as_ref())));
        Ok(jwk)
    }

    /// Whether the JWK holds a private part.
    pub fn is_private(&self) -> bool {
        self.d.is_some()
    }

    /// The same key without its private part.
    #[must_use]
    pub fn to_public(&self) -> Self {
        Self {
            d: None,
            ..self.clone()
        }
    }

    /// The public key; its point is checked. Coordinates have their full 32 bytes (RFC 7518 §6.2.1.2).
    pub fn public_key(&self) -> Result<PublicKey, JoseError> {
        let member = |member: &Option<String>| member.clone().ok_or(JoseError::Malformed("key"));
        match self.kty.as_str() {
            "EC" => {
                let curve = self.curve()?;
                let x = decode_array(&member(&self.x)?, "key")?;
                let y = decode_array(&member(&self.y)?, "key")?;
                Ok(PublicKey::ec(curve, &x, &y)?)
            }
            "RSA" => {
                let (modulus, exponent) = (
                    decode(&member(&self.n)?, "key")?,
                    decode(&member(&self.e)?, "key")?,
                );
                Ok(PublicKey::rsa(&modulus, &exponent)?)
            }
            _ => Err(JoseError::UnsupportedAlgorithm),
        }
    }

    /// The private key of an EC JWK; its public members must be its own.
    pub fn private_key(&self) -> Result<PrivateKey, JoseError> {
        let scalar = self.d.as_ref().ok_or(JoseError::Malformed("key"))?;
        let scalar: Zeroizing<[u8; 32]> = Zeroizing::new(decode_array(scalar, "key")?);
        let key = PrivateKey::from_scalar(self.curve()?, &scalar)?;
        if *key.public() == self.public_key()? {
            Ok(key)
        } else {
            Err(JoseError::Malformed("key"))
        }
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638 §3).
    pub fn thumbprint(&self) -> Result<String, JoseError> {
        // What is hashed is what was parsed: canonical text of a valid key, no more.
        let key = Self::public(&self.public_key()?, None, None, None);
        let text = match (&key.crv, &key.x, &key.y, &key.n, &key.e) {
            (Some(crv), Some(x), Some(y), _, _) => {
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            (_, _, _, Some(n), Some(e)) => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            _ => return Err(JoseError::Malformed("key")),
        };
        Ok(encode(&digest::sha256(&[text.as_bytes()]).0))
    }

    fn curve(&self) -> Result<Curve, JoseError> {
        let known = [Curve::P256, Curve::Sm2];
        let curve = known
            .into_iter()
            .find(|curve| self.crv.as_deref() == Some(curve_name(*curve)));
        curve
            .filter(|_| self.kty == "EC")
            .ok_or(JoseError::UnsupportedAlgorithm)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Jwk")
            .field("kty", &self.kty)
            .field("crv", &self.crv)
            .finish_non_exhaustive()
    }
}

/// A set of keys (RFC 7517 §5). Keys that cannot be understood are left out in reading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// The key that must have made a signature with this header: the one its `kid` names, or without a `kid` the only
    /// one that fits its algorithm. A key for encryption or for another `alg` never fits.
    pub fn verifying_key(&self, header: &ProtectedHeader) -> Result<PublicKey, JoseError> {
        let mut fitting = self.keys.iter().filter(|key| key.fits(header));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => key.public_key(),
            _ => Err(JoseError::NoSuchKey),
        }
    }
}

impl Jwk {
    fn fits(&self, header: &ProtectedHeader) -> bool {
        let fits_kty = match header.alg.curve() {
            Some(curve) => self.kty == "EC" && self.crv.as_deref() == Some(curve_name(curve)),
            None => self.kty == "RSA",
        };
        let fits_kid = header.kid.is_none() || header.kid == self.kid;
        let fits_alg = self
            .alg
            .as_deref()
            .is_none_or(|alg| alg == algorithm_name(header.alg));
        fits_kty
            && fits_kid
            && fits_alg
            && self
                .key_use
                .as_deref()
                .is_none_or(|key_use| key_use == SIGNATURE)
    }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            keys: Vec<Value>,
        }
        let keys = Raw::deserialize(deserializer)?.keys;
        Ok(Self {
            keys: keys
                .into_iter()
                .filter_map(|key| serde_json::from_value(key).ok())
                .collect(),
        })
    }
}

fn curve_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "P-256",
        Curve::Sm2 => "SM2-P-256",
    }
}

/// `d` in JSON; in memory it is erased when dropped.
mod secret {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use zeroize::Zeroizing;

    #[expect(clippy::ref_option, reason = "the signature serde asks for")]
    pub(super) fn serialize<S: Serializer>(
        secret: &Option<Zeroizing<String>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        secret
            .as_ref()
            .map(|secret| secret.as_str())
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Zeroizing<String>>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(Zeroizing::new))
    }
}
