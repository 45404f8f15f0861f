use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use sm2::dsa::{Signature, VerifyingKey, signature::Verifier};

use super::{Curve, SM2_ID, SignatureAlgorithm};
use crate::CryptoError;

/// Bits of an RSA modulus we accept.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A public key: parsed, its point checked, ready to verify. Cheap to clone.
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

enum Inner {
    P256 {
        point: [u8; 65],
        key: ParsedPublicKey,
    },
    Sm2 {
        point: [u8; 65],
        key: VerifyingKey,
    },
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
        pkcs1: ParsedPublicKey,
        pss: ParsedPublicKey,
    },
}

impl PublicKey {
    /// A point by its big-endian coordinates; refused when it is not on the curve.
    pub fn ec(curve: Curve, x: &[u8; 32], y: &[u8; 32]) -> Result<Self, CryptoError> {
        let mut point = [4; 65];
        point[1..33].copy_from_slice(x);
        point[33..].copy_from_slice(y);
        Self::from_sec1(curve, &point)
    }

    /// A point as 65 bytes, `04 ‖ x ‖ y` (SEC 1 §2.3.3); no other form is taken.
    pub fn from_sec1(curve: Curve, point: &[u8]) -> Result<Self, CryptoError> {
        let point: [u8; 65] = point.try_into().map_err(|_| CryptoError::InvalidKey)?;
        if point[0] != 4 {
            return Err(CryptoError::InvalidKey);
        }
        Ok(Self(Arc::new(match curve {
            Curve::P256 => {
                let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .map_err(|_| CryptoError::InvalidKey)?;
                Inner::P256 { point, key }
            }
            Curve::Sm2 => {
                let key = VerifyingKey::from_sec1_bytes(SM2_ID, &point)
                    .map_err(|_| CryptoError::InvalidKey)?;
                Inner::Sm2 { point, key }
            }
        })))
    }

    /// An RSA key of 2048 to 4096 bits by its big-endian modulus and exponent without leading zeros;
    /// the exponent is odd, at least 65537 and at most 2³² − 1.
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, CryptoError> {
        let leading = modulus.first().copied().unwrap_or(0);
        let bits =
            modulus.len() * 8 - leading.leading_zeros() as usize * usize::from(!modulus.is_empty());
        let small = exponent.len() <= 4 && exponent.first().is_some_and(|byte| *byte != 0);
        let value = exponent.iter().fold(0_u64, |value, byte| {
            value << 8 & 0xffff_ffff | u64::from(*byte)
        });
        let odd = modulus.last().is_some_and(|byte| byte & 1 == 1);
        if leading == 0
            || !odd
            || !RSA_BITS.contains(&bits)
            || !small
            || value < 65537
            || value & 1 == 0
        {
            return Err(CryptoError::InvalidKey);
        }
        let components = RsaPublicKeyComponents {
            n: modulus,
            e: exponent,
        };
        let parsed = |parameters| {
            components
                .to_parsed_public_key(parameters)
                .map_err(|_| CryptoError::InvalidKey)
        };
        Ok(Self(Arc::new(Inner::Rsa {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
            pkcs1: parsed(&RSA_PKCS1_2048_8192_SHA256)?,
            pss: parsed(&RSA_PSS_2048_8192_SHA256)?,
        })))
    }

    /// The curve; `None` for RSA.
    pub fn curve(&self) -> Option<Curve> {
        match &*self.0 {
            Inner::P256 { .. } => Some(Curve::P256),
            Inner::Sm2 { .. } => Some(Curve::Sm2),
            Inner::Rsa { .. } => None,
        }
    }

    /// The big-endian coordinates (x, y) of an EC key.
    pub fn coordinates(&self) -> Result<([u8; 32], [u8; 32]), CryptoError> {
        let point = self.to_sec1()?;
        let (mut x, mut y) = ([0; 32], [0; 32]);
        x.copy_from_slice(&point[1..33]);
        y.copy_from_slice(&point[33..]);
        Ok((x, y))
    }

    /// The point of an EC key as `04 ‖ x ‖ y`.
    pub fn to_sec1(&self) -> Result<[u8; 65], CryptoError> {
        match &*self.0 {
            Inner::P256 { point, .. } | Inner::Sm2 { point, .. } => Ok(*point),
            Inner::Rsa { .. } => Err(CryptoError::AlgorithmMismatch),
        }
    }

    /// The big-endian (modulus, exponent) of an RSA key.
    pub fn rsa_components(&self) -> Result<(&[u8], &[u8]), CryptoError> {
        match &*self.0 {
            Inner::Rsa {
                modulus, exponent, ..
            } => Ok((modulus, exponent)),
            _ => Err(CryptoError::AlgorithmMismatch),
        }
    }

    /// Checks `signature` over `message`. The algorithm must fit the key; EC signatures are r ‖ s.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), CryptoError> {
        let key = match (&*self.0, algorithm) {
            (Inner::P256 { key, .. }, SignatureAlgorithm::Es256)
            | (Inner::Rsa { pkcs1: key, .. }, SignatureAlgorithm::Rs256)
            | (Inner::Rsa { pss: key, .. }, SignatureAlgorithm::Ps256) => key,
            (Inner::Sm2 { key, .. }, SignatureAlgorithm::Sm2Sm3) => {
                // r and s in [1, n-1] are checked in the parsing (GB/T 32918.2 §7.1, B1 and B2).
                return Signature::from_slice(signature)
                    .and_then(|signature| key.verify(message, &signature))
                    .map_err(|_| CryptoError::InvalidSignature);
            }
            _ => return Err(CryptoError::AlgorithmMismatch),
        };
        key.verify_sig(message, signature)
            .map_err(|_| CryptoError::InvalidSignature)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        match (&*self.0, &*other.0) {
            (Inner::P256 { point, .. }, Inner::P256 { point: other, .. })
            | (Inner::Sm2 { point, .. }, Inner::Sm2 { point: other, .. }) => point == other,
            (
                Inner::Rsa {
                    modulus, exponent, ..
                },
                Inner::Rsa {
                    modulus: n,
                    exponent: e,
                    ..
                },
            ) => modulus == n && exponent == e,
            _ => false,
        }
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.curve() {
            Some(curve) => write!(formatter, "PublicKey({curve:?})"),
            None => formatter.write_str("PublicKey(Rsa)"),
        }
    }
}
