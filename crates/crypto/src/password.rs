//! Passwords of staff: argon2id (RFC 9106), the salt and the cost beside the result.
//!
//! Whoever keeps the result adds a keyed digest of its own, so that rows alone give nothing to guess against.

use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::CryptoError;
use crate::random::{self, Random};

/// How dear a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordCost {
    /// 19 MiB, 2 passes, 1 lane: the least of the OWASP list, for the device key is asked first.
    Interactive,
    /// 64 KiB, 1 pass. **For tests.**
    Light,
}

impl PasswordCost {
    fn parameters(self) -> Result<Params, CryptoError> {
        let (memory_kib, passes) = match self {
            Self::Interactive => (19 * 1024, 2),
            Self::Light => (64, 1),
        };
        Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| CryptoError::Malformed)
    }
}

/// How a password is stretched: made anew with each password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRecipe {
    cost: PasswordCost,
    salt: String,
}

impl PasswordRecipe {
    /// A recipe with a fresh salt.
    pub fn new(cost: PasswordCost, random: &dyn Random) -> Self {
        let salt: [u8; 16] = random::array(random);
        Self {
            cost,
            salt: Base64UrlUnpadded::encode_string(&salt),
        }
    }

    /// The password, stretched: 32 bytes. Slow on purpose; call it where waiting blocks nobody.
    pub fn stretch(&self, password: &str) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
        let salt = Base64UrlUnpadded::decode_vec(&self.salt).map_err(|_| CryptoError::Malformed)?;
        let mut stretched = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.cost.parameters()?)
            .hash_password_into(password.as_bytes(), &salt, stretched.as_mut())
            .map_err(|_| CryptoError::Malformed)?;
        Ok(stretched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn the_same_recipe_gives_the_same_and_another_salt_another() {
        let random = SeededRandom::new(1);
        let recipe = PasswordRecipe::new(PasswordCost::Light, &random);
        let other = PasswordRecipe::new(PasswordCost::Light, &random);
        let stretch = |recipe: &PasswordRecipe, text: &str| *recipe.stretch(text).unwrap();
        assert_eq!(
            stretch(&recipe, "correct horse"),
            stretch(&recipe, "correct horse")
        );
        assert_ne!(
            stretch(&recipe, "correct horse"),
            stretch(&recipe, "correct hors")
        );
        assert_ne!(
            stretch(&recipe, "correct horse"),
            stretch(&other, "correct horse")
        );
    }

    /// RFC 9106 §5.3 is checked by the library; here the parameters of production are.
    #[test]
    fn production_takes_19_mebibytes_and_two_passes() {
        let parameters = PasswordCost::Interactive.parameters().unwrap();
        assert_eq!((parameters.m_cost(), parameters.t_cost()), (19 * 1024, 2));
    }
}
