//! Signatures: which algorithms there are, and the keys that make and check them.
//!
//! EC signatures are r ‖ s, 64 bytes (RFC 7518 §3.4; for SM2 GB/T 32918.2-2016 with the same form).
//! The SM2 message digest is e = SM3(Z_A ‖ M) with the user identity [`SM2_ID`], always passed explicitly.

mod private;
mod public;

pub use private::PrivateKey;
pub use public::PublicKey;

/// The user identity in Z_A when no other is agreed (GB/T 35276-2017; 16 ASCII bytes, ENTL = 0x0080).
pub const SM2_ID: &str = "1234567812345678";

/// An algorithm that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).
    Es256,
    /// SM2 with SM3 (GB/T 32918.2-2016; `SGD_SM3_SM2` of GM/T 0125).
    Sm2Sm3,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    Rs256,
    /// RSASSA-PSS with SHA-256 (RFC 7518 §3.5).
    Ps256,
}

impl SignatureAlgorithm {
    /// The curve of its keys; `None` for RSA.
    pub fn curve(self) -> Option<Curve> {
        match self {
            Self::Es256 => Some(Curve::P256),
            Self::Sm2Sm3 => Some(Curve::Sm2),
            Self::Rs256 | Self::Ps256 => None,
        }
    }
}

/// An elliptic curve with coordinates of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Curve {
    /// secp256r1.
    P256,
    /// sm2p256v1 of GB/T 32918.5-2017.
    Sm2,
}

impl Curve {
    /// The algorithm that signs with keys of this curve.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::Es256,
            Self::Sm2 => SignatureAlgorithm::Sm2Sm3,
        }
    }
}
