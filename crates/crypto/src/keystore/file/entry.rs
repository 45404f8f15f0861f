use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use super::FORMAT;
use crate::{
    Curve, PrivateKey, PublicKey, SignatureAlgorithm,
    aead::{AeadKey, NONCE_LEN},
    keystore::{
        KeyError, KeyState, PublishedKey, SigningPurpose,
        ring::Secret,
        signing::{SigningKey, key_id},
    },
    random::{self, Random},
};

/// A secret of 32 bytes, sealed under the root.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretEntry {
    name: String,
    sealed: Bytes,
}

/// A signing key, sealed under the root: the private key, or of a retiring key the public key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SigningEntry {
    purpose: String,
    algorithm: String,
    state: String,
    key_id: String,
    sealed: Bytes,
}

impl SecretEntry {
    pub(super) fn write(name: &str, secret: &Secret, sealing: &Sealing<'_>) -> Self {
        Self {
            name: name.to_owned(),
            sealed: sealing.seal(&aad(&["secret", name]), secret.as_ref()),
        }
    }

    pub(super) fn read(&self, name: &'static str, root: &AeadKey) -> Result<Secret, KeyError> {
        let secret =
            open(root, &aad(&["secret", name]), &self.sealed).filter(|_| self.name == name);
        let secret = secret.and_then(|secret| secret.as_slice().try_into().ok());
        secret.map(Zeroizing::new).ok_or(KeyError::Damaged(name))
    }
}

impl SigningEntry {
    pub(super) fn write(key: &SigningKey, sealing: &Sealing<'_>) -> Result<Self, KeyError> {
        let PublishedKey {
            key_id,
            algorithm,
            purpose,
            state,
            ..
        } = &key.published;
        let mut entry = Self {
            purpose: purpose_name(*purpose).to_owned(),
            algorithm: algorithm_name(*algorithm).to_owned(),
            state: state_name(*state).to_owned(),
            key_id: key_id.clone(),
            sealed: Bytes(Vec::new()),
        };
        let content = match &key.private {
            Some(private) => private_to_bytes(private)?,
            None => Zeroizing::new(public_to_bytes(&key.published.key)?),
        };
        entry.sealed = sealing.seal(&entry.aad(), &content);
        Ok(entry)
    }

    pub(super) fn read(&self, root: &AeadKey) -> Result<SigningKey, KeyError> {
        self.parse(root).ok_or(KeyError::Damaged("signing_keys"))
    }

    fn parse(&self, root: &AeadKey) -> Option<SigningKey> {
        let content = open(root, &self.aad(), &self.sealed)?;
        let purpose = named(&SigningPurpose::ALL, purpose_name, &self.purpose)?;
        let algorithm = named(purpose.algorithms(), algorithm_name, &self.algorithm)?;
        let state = named(
            &[KeyState::Next, KeyState::Current, KeyState::Retiring],
            state_name,
            &self.state,
        )?;
        let (key, private) = if state == KeyState::Retiring {
            (public_from_bytes(algorithm, &content)?, None)
        } else {
            let private = private_from_bytes(algorithm, &content)?;
            (private.public().clone(), Some(private))
        };
        if key_id(&key) != self.key_id {
            return None;
        }
        let published = PublishedKey {
            key_id: self.key_id.clone(),
            algorithm,
            key,
            purpose,
            state,
        };
        Some(SigningKey { published, private })
    }

    fn aad(&self) -> Vec<u8> {
        aad(&[
            "signing",
            &self.purpose,
            &self.algorithm,
            &self.state,
            &self.key_id,
        ])
    }
}

/// A key with the randomness for its nonces.
pub(super) struct Sealing<'a> {
    pub(super) key: AeadKey,
    pub(super) random: &'a dyn Random,
}

impl Sealing<'_> {
    pub(super) fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Bytes {
        let nonce = random::array::<NONCE_LEN>(self.random);
        Bytes([&nonce[..], &self.key.seal(nonce, aad, plaintext)].concat())
    }
}

pub(super) fn open(key: &AeadKey, aad: &[u8], sealed: &Bytes) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = sealed.0.split_first_chunk::<NONCE_LEN>()?;
    key.open(*nonce, aad, text).ok().map(Zeroizing::new)
}

/// The words behind the format, each after a zero byte. Words read from a file are compared with our own afterwards.
pub(super) fn aad(words: &[&str]) -> Vec<u8> {
    let mut aad = FORMAT.as_bytes().to_vec();
    for word in words {
        aad.push(0);
        aad.extend_from_slice(word.as_bytes());
    }
    aad
}

/// Bytes that read and write as base64url without padding, in one encoding only.
#[derive(Debug, Clone)]
pub(in crate::keystore) struct Bytes(pub(in crate::keystore) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Base64UrlUnpadded::decode_vec(&text)
            .map(Self)
            .map_err(|_| de::Error::custom("not base64url"))
    }
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, wanted: &str) -> Option<T> {
    all.iter().copied().find(|item| name(*item) == wanted)
}

fn purpose_name(purpose: SigningPurpose) -> &'static str {
    match purpose {
        SigningPurpose::Token => "token",
        SigningPurpose::Credential => "credential",
        SigningPurpose::Receipt => "receipt",
        SigningPurpose::Checkpoint => "checkpoint",
    }
}

fn algorithm_name(algorithm: SignatureAlgorithm) -> &'static str {
    match algorithm {
        SignatureAlgorithm::Es256 => "es256",
        SignatureAlgorithm::Sm2Sm3 => "sm2",
        SignatureAlgorithm::Rs256 => "rs256",
        SignatureAlgorithm::Ps256 => "ps256",
    }
}

fn state_name(state: KeyState) -> &'static str {
    match state {
        KeyState::Next => "next",
        KeyState::Current => "current",
        KeyState::Retiring => "retiring",
    }
}

fn private_to_bytes(key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    Ok(match key.curve() {
        Some(_) => Zeroizing::new(key.scalar()?.to_vec()),
        None => key.to_pkcs8()?,
    })
}

fn private_from_bytes(algorithm: SignatureAlgorithm, bytes: &[u8]) -> Option<PrivateKey> {
    match algorithm.curve() {
        Some(curve) => {
            let scalar: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.try_into().ok()?);
            PrivateKey::from_scalar(curve, &scalar).ok()
        }
        None => PrivateKey::from_pkcs8(bytes).ok(),
    }
}

/// An EC point; of an RSA key the exponent in 4 bytes, then the modulus.
fn public_to_bytes(key: &PublicKey) -> Result<Vec<u8>, KeyError> {
    let Ok((modulus, exponent)) = key.rsa_components() else {
        return Ok(key.to_sec1()?.to_vec());
    };
    let padding = vec![0; 4_usize.saturating_sub(exponent.len())];
    Ok([&padding, exponent, modulus].concat())
}

fn public_from_bytes(algorithm: SignatureAlgorithm, bytes: &[u8]) -> Option<PublicKey> {
    if let Some(curve) = algorithm.curve() {
        let curve: Curve = curve;
        return PublicKey::from_sec1(curve, bytes).ok();
    }
    let (exponent, modulus) = bytes.split_at_checked(4)?;
    let start = exponent.iter().position(|byte| *byte != 0)?;
    PublicKey::rsa(modulus, &exponent[start..]).ok()
}
