//! SM3 (GB/T 32905-2016) and SHA-256 (FIPS 180-4), both 32 bytes.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sm3::{Digest as _, Sm3};
use subtle::ConstantTimeEq;

use crate::CryptoError;

/// A digest or a tag of 32 bytes. Prints as hexadecimal, serialises as base64url without padding.
///
/// `==` tells by its time where two differ; compare secret tags with [`Digest::equals_secret`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Whether both are the same, in a time that does not depend on where they differ.
    pub fn equals_secret(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// 64 lower-case hexadecimal characters.
    pub fn to_hex(&self) -> String {
        use fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            write!(text, "{byte:02x}").expect("writing to a String does not fail");
        }
        text
    }

    /// Reads 64 hexadecimal characters of either case.
    pub fn from_hex(text: &str) -> Result<Self, CryptoError> {
        let text = text.as_bytes();
        let nibble = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        if text.len() != 64 {
            return Err(CryptoError::Malformed);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
                return Err(CryptoError::Malformed);
            };
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        match Base64UrlUnpadded::decode(text.as_ref(), &mut bytes) {
            Ok(decoded) if decoded.len() == 32 => Ok(Self(bytes)),
            _ => Err(de::Error::custom("not a digest in base64url")),
        }
    }
}

/// Which hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// GB/T 32905-2016.
    Sm3,
    /// FIPS 180-4.
    Sha256,
}

impl HashAlgorithm {
    /// The digest of the concatenated `parts`. The caller frames them so that no two inputs read the same.
    pub fn digest(self, parts: &[&[u8]]) -> Digest {
        match self {
            Self::Sm3 => sm3(parts),
            Self::Sha256 => sha256(parts),
        }
    }
}

/// SM3 of the concatenated `parts`.
pub fn sm3(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sm3::new();
    for part in parts {
        hasher.update(part);
    }
    Digest(hasher.finalize().into())
}

/// SHA-256 of the concatenated `parts`.
pub fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Digest(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_and_json_round_trip_and_refuse_other_text() {
        let digest = sm3(&[b"abc"]);
        assert_eq!(Digest::from_hex(&digest.to_hex()), Ok(digest));
        assert_eq!(
            Digest::from_hex(&digest.to_hex().to_uppercase()),
            Ok(digest)
        );
        assert_eq!(Digest::from_hex("00"), Err(CryptoError::Malformed));
        assert_eq!(
            Digest::from_hex(&"+f".repeat(32)),
            Err(CryptoError::Malformed)
        );
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>(r#""AAAA""#).is_err());
    }

    #[test]
    fn secrets_are_equal_only_to_themselves() {
        let digest = sm3(&[b"abc"]);
        assert!(digest.equals_secret(&digest.clone()));
        for bit in 0..256 {
            let mut other = digest;
            other.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!digest.equals_secret(&other));
        }
    }

    #[test]
    fn parts_are_concatenated() {
        for hash in [HashAlgorithm::Sm3, HashAlgorithm::Sha256] {
            assert_eq!(hash.digest(&[b"a", b"bc"]), hash.digest(&[b"abc"]));
        }
        assert_ne!(sm3(&[b"abc"]), sha256(&[b"abc"]));
    }
}
