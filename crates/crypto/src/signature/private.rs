use std::{fmt, sync::Arc};

use aws_lc_rs::{
    agreement::{self, ECDH_P256},
    encoding::AsDer,
    rand::SystemRandom as AwsRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaEncoding,
    },
};
use sm2::dsa::{SigningKey, signature::RandomizedSigner};
use zeroize::Zeroizing;

use super::{Curve, PublicKey, SM2_ID, SignatureAlgorithm};
use crate::{
    CryptoError,
    random::{self, Random, RandomAdapter},
};

/// A private key and its public part. Cheap to clone; never printed.
#[derive(Clone)]
pub struct PrivateKey(Arc<Inner>);

struct Inner {
    public: PublicKey,
    secret: Secret,
}

enum Secret {
    P256 {
        scalar: Zeroizing<[u8; 32]>,
        key: EcdsaKeyPair,
    },
    Sm2 {
        scalar: Zeroizing<[u8; 32]>,
        key: SigningKey,
    },
    Rsa(RsaKeyPair),
}

impl PrivateKey {
    /// A new EC key; the scalar is drawn from `random` until it lies in the curve's range.
    pub fn generate(curve: Curve, random: &dyn Random) -> Result<Self, CryptoError> {
        // A draw fails with a chance of 2⁻³²; a hundred failures mean a broken generator.
        for _ in 0..100 {
            let scalar = Zeroizing::new(random::array::<32>(random));
            if let Ok(key) = Self::from_scalar(curve, &scalar) {
                return Ok(key);
            }
        }
        Err(CryptoError::Failed)
    }

    /// A new RSA key of 2048 bits, by the library's own generator.
    pub fn generate_rsa() -> Result<Self, CryptoError> {
        Self::rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| CryptoError::Failed)?)
    }

    /// An EC key by its big-endian scalar: 1 … n−1, for SM2 1 … n−2 (GB/T 32918.1-2016 §6.1).
    pub fn from_scalar(curve: Curve, scalar: &[u8; 32]) -> Result<Self, CryptoError> {
        let invalid = CryptoError::InvalidKey;
        let kept = Zeroizing::new(*scalar);
        let (point, secret) = match curve {
            Curve::P256 => {
                let point = agreement::PrivateKey::from_private_key(&ECDH_P256, scalar)
                    .map_err(|_| invalid)?
                    .compute_public_key()
                    .map_err(|_| invalid)?;
                let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let key = EcdsaKeyPair::from_private_key_and_public_key(
                    algorithm,
                    scalar,
                    point.as_ref(),
                )
                .map_err(|_| invalid)?;
                (point.as_ref().to_vec(), Secret::P256 { scalar: kept, key })
            }
            Curve::Sm2 => {
                let key = SigningKey::from_slice(SM2_ID, scalar).map_err(|_| invalid)?;
                // d = n−1 makes 1 + d = 0, which has no inverse: such a key cannot sign.
                let one = sm2::Scalar::ONE;
                if bool::from((**key.as_nonzero_scalar() + one).is_zero()) {
                    return Err(invalid);
                }
                (
                    key.verifying_key().to_sec1_bytes().to_vec(),
                    Secret::Sm2 { scalar: kept, key },
                )
            }
        };
        Ok(Self(Arc::new(Inner {
            public: PublicKey::from_sec1(curve, &point)?,
            secret,
        })))
    }

    /// An RSA key in PKCS #8 (RFC 5208).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, CryptoError> {
        Self::rsa(RsaKeyPair::from_pkcs8(der).map_err(|_| CryptoError::InvalidKey)?)
    }

    fn rsa(key: RsaKeyPair) -> Result<Self, CryptoError> {
        let (modulus, exponent) =
            rsa_public_components(key.public_key().as_ref()).ok_or(CryptoError::InvalidKey)?;
        let public = PublicKey::rsa(modulus, exponent)?;
        Ok(Self(Arc::new(Inner {
            public,
            secret: Secret::Rsa(key),
        })))
    }

    /// An RSA key as PKCS #8, to be stored sealed.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        match &self.0.secret {
            Secret::Rsa(key) => {
                let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(key);
                Ok(Zeroizing::new(
                    der.map_err(|_| CryptoError::Failed)?.as_ref().to_vec(),
                ))
            }
            _ => Err(CryptoError::AlgorithmMismatch),
        }
    }

    /// The big-endian scalar of an EC key.
    pub fn scalar(&self) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
        match &self.0.secret {
            Secret::P256 { scalar, .. } | Secret::Sm2 { scalar, .. } => Ok(scalar.clone()),
            Secret::Rsa(_) => Err(CryptoError::AlgorithmMismatch),
        }
    }

    /// The public part.
    pub fn public(&self) -> &PublicKey {
        &self.0.public
    }

    /// The curve; `None` for RSA.
    pub fn curve(&self) -> Option<Curve> {
        self.0.public.curve()
    }

    /// Signs `message`. The algorithm must fit the key. EC signatures are r ‖ s, 64 bytes.
    ///
    /// aws-lc draws its own randomness for ES256 and PS256; SM2 mixes `random` into a deterministic nonce (RFC 6979 §3.6
    /// with SM3), so that a weak generator cannot betray the key.
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        random: &dyn Random,
    ) -> Result<Vec<u8>, CryptoError> {
        match (&self.0.secret, algorithm) {
            (Secret::P256 { key, .. }, SignatureAlgorithm::Es256) => {
                let signature = key
                    .sign(&AwsRandom::new(), message)
                    .map_err(|_| CryptoError::Failed)?;
                Ok(signature.as_ref().to_vec())
            }
            (Secret::Sm2 { key, .. }, SignatureAlgorithm::Sm2Sm3) => {
                let signature = key.try_sign_with_rng(&mut RandomAdapter(random), message);
                Ok(signature.map_err(|_| CryptoError::Failed)?.to_vec())
            }
            (Secret::Rsa(key), SignatureAlgorithm::Rs256) => {
                rsa_sign(key, &RSA_PKCS1_SHA256, message)
            }
            (Secret::Rsa(key), SignatureAlgorithm::Ps256) => {
                rsa_sign(key, &RSA_PSS_SHA256, message)
            }
            _ => Err(CryptoError::AlgorithmMismatch),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PrivateKey(of {:?})", self.0.public)
    }
}

fn rsa_sign(
    key: &RsaKeyPair,
    padding: &'static dyn RsaEncoding,
    message: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &AwsRandom::new(), message, &mut signature)
        .map_err(|_| CryptoError::Failed)?;
    Ok(signature)
}

/// The modulus and exponent inside an `RSAPublicKey` (RFC 8017 A.1.1), which our own library wrote.
fn rsa_public_components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = der_value(0x30, der)?;
    let (modulus, rest) = der_value(0x02, sequence)?;
    let (exponent, _) = der_value(0x02, rest)?;
    Some((
        modulus.strip_prefix(&[0]).unwrap_or(modulus),
        exponent.strip_prefix(&[0]).unwrap_or(exponent),
    ))
}

/// The value with this tag at the start of `der`, and what follows it.
fn der_value(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&[tag])?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (
            usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])),
            rest.get(2..)?,
        ),
        _ => return None,
    };
    rest.split_at_checked(length)
}
