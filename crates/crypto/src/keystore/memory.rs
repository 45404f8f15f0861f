use std::sync::LazyLock;

use super::{
    KeyError, KeyState, SigningPurpose,
    ring::{HoldsRing, KeyRing},
    signing::{self, SigningKeys},
};
use crate::{CryptoError, PrivateKey, SignatureAlgorithm, random::Random};

/// Keys that live as long as the process. **For tests**: nothing is kept, and the two RSA keys are made once per
/// process and shared by all instances, because making one takes a tenth of a second.
pub struct MemoryKeys(KeyRing);

impl MemoryKeys {
    /// Fresh keys, repeatable with a seeded `random` except for RSA.
    ///
    /// # Panics
    /// If `random` never gives a valid scalar.
    pub fn generate(random: &dyn Random) -> Self {
        let signing = SigningKeys::generate(&|algorithm, state| match (algorithm.curve(), state) {
            (Some(_), _) => signing::fresh(algorithm, random),
            (None, KeyState::Current) => SHARED_RSA[0].clone(),
            (None, _) => SHARED_RSA[1].clone(),
        });
        Self(KeyRing::generate(
            random,
            signing.expect("a generator gives valid scalars"),
        ))
    }

    /// Next becomes current, current retires, a fresh key becomes next.
    pub fn rotate(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        random: &dyn Random,
    ) -> Result<(), KeyError> {
        let fresh = signing::fresh(algorithm, random)?;
        self.0
            .replace_signing(self.0.signing().rotated(purpose, algorithm, fresh)?);
        Ok(())
    }
}

impl HoldsRing for MemoryKeys {
    fn ring(&self) -> &KeyRing {
        &self.0
    }
}

static SHARED_RSA: LazyLock<[Result<PrivateKey, CryptoError>; 2]> =
    LazyLock::new(|| [PrivateKey::generate_rsa(), PrivateKey::generate_rsa()]);
