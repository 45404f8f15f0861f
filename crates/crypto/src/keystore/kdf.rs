use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::KeyError;

/// The most memory a key file may ask for: 1 GiB, so that a forged file cannot take the machine.
const MOST_MEMORY_KIB: u32 = 1 << 20;
const MOST_ITERATIONS: u32 = 64;
const MOST_LANES: u32 = 16;

/// How dear a guess at the passphrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KdfCost {
    /// argon2id, 64 MiB, 3 passes, 4 lanes: the second recommended choice of RFC 9106 §4.
    Interactive,
    /// argon2id, 64 KiB, 1 pass. **For tests.**
    Light,
}

/// The parameters as the key file says them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KdfParameters {
    algorithm: KdfAlgorithm,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum KdfAlgorithm {
    #[serde(rename = "argon2id")]
    Argon2id,
}

impl From<KdfCost> for KdfParameters {
    fn from(cost: KdfCost) -> Self {
        let (memory_kib, iterations, lanes) = match cost {
            KdfCost::Interactive => (64 * 1024, 3, 4),
            KdfCost::Light => (64, 1, 1),
        };
        Self {
            algorithm: KdfAlgorithm::Argon2id,
            memory_kib,
            iterations,
            lanes,
        }
    }
}

impl KdfParameters {
    /// A key of 16 bytes from a passphrase (RFC 9106).
    pub(super) fn key(
        &self,
        passphrase: &[u8],
        salt: &[u8; 16],
    ) -> Result<Zeroizing<[u8; 16]>, KeyError> {
        let damaged = KeyError::Damaged("kdf");
        if self.memory_kib > MOST_MEMORY_KIB
            || self.iterations > MOST_ITERATIONS
            || self.lanes > MOST_LANES
        {
            return Err(damaged);
        }
        let Ok(parameters) = Params::new(self.memory_kib, self.iterations, self.lanes, Some(16))
        else {
            return Err(damaged);
        };
        let mut key = Zeroizing::new([0; 16]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(passphrase, salt, key.as_mut())
            .map_err(|_| damaged)?;
        Ok(key)
    }
}
