//! The names of algorithms, once. SM names are of GM/T 0125 (there are none at IANA; `docs/divergences.md`).

use crypto::SignatureAlgorithm;

/// The `alg` of a signature.
pub fn algorithm_name(algorithm: SignatureAlgorithm) -> &'static str {
    match algorithm {
        SignatureAlgorithm::Es256 => "ES256",
        SignatureAlgorithm::Sm2Sm3 => "SGD_SM3_SM2",
        SignatureAlgorithm::Rs256 => "RS256",
        SignatureAlgorithm::Ps256 => "PS256",
    }
}

/// The signature algorithm of a name; `None` for every other name, `none` among them.
pub fn from_name(name: &str) -> Option<SignatureAlgorithm> {
    use SignatureAlgorithm::{Es256, Ps256, Rs256, Sm2Sm3};
    [Es256, Sm2Sm3, Rs256, Ps256]
        .into_iter()
        .find(|algorithm| algorithm_name(*algorithm) == name)
}
