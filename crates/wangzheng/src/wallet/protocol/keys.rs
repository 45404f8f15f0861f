//! The three keys of a wallet, the recovery code, and how the history key is wrapped.
//!
//! Device key: ECDSA P-256, signs. Agreement key: ECDH P-256, one per device. History key: ECDH P-256, one per person,
//! made by the first device; its scalar travels wrapped to each device and, if wished, to the recovery code (P-recovery).

use std::{fmt, str::FromStr};

use base32ct::{Base32UpperUnpadded, Encoding as _};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use crypto::{
    CryptoError, Curve, PrivateKey, PublicKey,
    aead::{AeadAlgorithm, AeadKey},
    digest::{Digest, sha256},
    mac::hkdf_sha256,
    random::{self, Random},
    sealed_box,
};
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Associated data of a wrapped history key.
const WRAP_CONTEXT: &[u8] = b"history-key";
const RECOVERY_LABEL: &[u8] = b"wangzheng-recovery-1";
const PROOF_LABEL: &[u8] = b"wangzheng-recovery-proof";

/// The keys of a new device of a person who has none.
pub(crate) struct FirstKeys {
    /// Signs statements.
    pub device: PrivateKey,
    /// Opens what is wrapped to this device.
    pub agreement: PrivateKey,
    /// Opens the receipts.
    pub history: PrivateKey,
    /// Brings the history key back.
    pub recovery: RecoveryCode,
}

impl FirstKeys {
    /// New keys and a new code.
    pub(crate) fn generate(random: &dyn Random) -> Result<Self, CryptoError> {
        Ok(Self {
            device: PrivateKey::generate(Curve::P256, random)?,
            agreement: PrivateKey::generate(Curve::P256, random)?,
            history: PrivateKey::generate(Curve::P256, random)?,
            recovery: RecoveryCode(random::array(random)),
        })
    }
}

/// The keys of a device whose application waits, as they are written down.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptKeys {
    device: KeyText,
    agreement: KeyText,
    history: KeyText,
}

impl KeptKeys {
    /// The text of the keys.
    pub(crate) fn of(keys: &FirstKeys) -> Result<Self, CryptoError> {
        Ok(Self {
            device: KeyText::of(&keys.device)?,
            agreement: KeyText::of(&keys.agreement)?,
            history: KeyText::of(&keys.history)?,
        })
    }

    /// The keys, with the recovery code that belongs to them.
    pub(crate) fn first_keys(&self, recovery: RecoveryCode) -> Result<FirstKeys, CryptoError> {
        Ok(FirstKeys {
            device: self.device.key()?,
            agreement: self.agreement.key()?,
            history: self.history.key()?,
            recovery,
        })
    }
}

/// A private P-256 key as it is written down: a JWK with its `d`. Debug shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct KeyText(Jwk);

impl KeyText {
    /// The text of a key.
    pub(crate) fn of(key: &PrivateKey) -> Result<Self, CryptoError> {
        Jwk::private(key, None, None, None)
            .map(Self)
            .map_err(|_| CryptoError::InvalidKey)
    }

    /// The key.
    pub(crate) fn key(&self) -> Result<PrivateKey, CryptoError> {
        self.0.private_key().map_err(|_| CryptoError::InvalidKey)
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyText(…)")
    }
}

/// The public JWK of a key, as calls carry it.
pub(super) fn public_jwk(key: &PublicKey) -> Jwk {
    Jwk::public(key, None, None, None)
}

/// Wraps the history key to a device's agreement key, base64url.
pub(crate) fn wrap_history(
    history: &PrivateKey,
    agreement: &PublicKey,
    random: &dyn Random,
) -> Result<String, CryptoError> {
    let sealed = sealed_box::seal(agreement, WRAP_CONTEXT, history.scalar()?.as_ref(), random)?;
    Ok(Base64UrlUnpadded::encode_string(&sealed))
}

/// Opens what [`wrap_history`] made.
pub(crate) fn unwrap_history(
    wrap: &str,
    agreement: &PrivateKey,
) -> Result<PrivateKey, CryptoError> {
    let sealed = Base64UrlUnpadded::decode_vec(wrap).map_err(|_| CryptoError::Malformed)?;
    let scalar = Zeroizing::new(sealed_box::open(agreement, WRAP_CONTEXT, &sealed)?);
    scalar_key(&scalar)
}

/// 16 random bytes the person writes down: 26 characters of base32 (RFC 4648 §6) in groups of four.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecoveryCode([u8; 16]);

impl RecoveryCode {
    /// Wraps the history key to the code, base64url.
    pub(crate) fn wrap(&self, history: &PrivateKey) -> Result<String, CryptoError> {
        // The key is made of 128 random bits and used for one text only, so the nonce may be fixed.
        let sealed = self
            .wrapping_key()?
            .seal([0; 12], WRAP_CONTEXT, history.scalar()?.as_ref());
        Ok(Base64UrlUnpadded::encode_string(&sealed))
    }

    /// Opens what [`RecoveryCode::wrap`] made.
    pub(crate) fn unwrap(&self, wrap: &str) -> Result<PrivateKey, CryptoError> {
        let sealed = Base64UrlUnpadded::decode_vec(wrap).map_err(|_| CryptoError::Malformed)?;
        let scalar = Zeroizing::new(self.wrapping_key()?.open([0; 12], WRAP_CONTEXT, &sealed)?);
        scalar_key(&scalar)
    }

    /// What shows the service that one knows the code; it keeps a digest of this.
    pub(crate) fn proof(&self) -> Digest {
        sha256(&[PROOF_LABEL, &self.0])
    }

    fn wrapping_key(&self) -> Result<AeadKey, CryptoError> {
        let key = hkdf_sha256(&self.0, &[], &[RECOVERY_LABEL])?;
        AeadKey::new(AeadAlgorithm::Aes256Gcm, key.as_ref())
    }
}

fn scalar_key(scalar: &[u8]) -> Result<PrivateKey, CryptoError> {
    let scalar: Zeroizing<[u8; 32]> =
        Zeroizing::new(scalar.try_into().map_err(|_| CryptoError::Malformed)?);
    PrivateKey::from_scalar(Curve::P256, &scalar)
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Base32UpperUnpadded::encode_string(&self.0);
        for (position, character) in text.chars().enumerate() {
            if position > 0 && position % 4 == 0 {
                formatter.write_str("-")?;
            }
            write!(formatter, "{character}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode(…)")
    }
}

/// Not a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code has 26 letters and digits, A to Z and 2 to 7")]
pub(crate) struct NotACode;

impl FromStr for RecoveryCode {
    type Err = NotACode;

    /// Reads a code however it was typed: with any spaces, dashes and case.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let mut bytes = [0; 16];
        match Base32UpperUnpadded::decode(&plain, &mut bytes) {
            Ok(decoded) if decoded.len() == 16 => Ok(Self(bytes)),
            _ => Err(NotACode),
        }
    }
}

impl Serialize for RecoveryCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecoveryCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use crypto::random::SeededRandom;

    use super::*;

    #[test]
    fn p_recovery_the_code_and_the_device_both_open_the_history_key() {
        let random = SeededRandom::new(3);
        let keys = FirstKeys::generate(&random).unwrap();
        let wrap = wrap_history(&keys.history, keys.agreement.public(), &random).unwrap();
        let opened = unwrap_history(&wrap, &keys.agreement).unwrap();
        assert_eq!(opened.public(), keys.history.public());
        assert!(unwrap_history(&wrap, &keys.device).is_err());

        let wrap = keys.recovery.wrap(&keys.history).unwrap();
        let opened = keys.recovery.unwrap(&wrap).unwrap();
        assert_eq!(opened.public(), keys.history.public());
        let other = FirstKeys::generate(&random).unwrap().recovery;
        assert!(other.unwrap(&wrap).is_err());
        assert_ne!(other.proof(), keys.recovery.proof());
    }

    #[test]
    fn a_code_is_read_as_people_type() {
        let code = FirstKeys::generate(&SeededRandom::new(4)).unwrap().recovery;
        let text = code.to_string();
        assert_eq!(text.len(), 26 + 6);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for wrong in ["", "ABCD", "0189-0189-0189-0189-0189-0189-01"] {
            assert_eq!(wrong.parse::<RecoveryCode>(), Err(NotACode));
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let keys = FirstKeys::generate(&SeededRandom::new(5)).unwrap();
        let text = format!(
            "{:?} {:?}",
            KeyText::of(&keys.device).unwrap(),
            keys.recovery
        );
        assert_eq!(text, "KeyText(…) RecoveryCode(…)");
    }
}
