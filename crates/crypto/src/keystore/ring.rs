use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use zeroize::Zeroizing;

use super::{
    KeyError, KeyStore, PublishedKey, SecretName, Signature, SigningPurpose,
    sealed_value::SealingSecret, signing::SigningKeys,
};
use crate::{
    CryptoError, SignatureAlgorithm,
    aead::{AeadAlgorithm, AeadKey, NONCE_LEN},
    block::Sm4Block,
    digest::Digest,
    mac::hmac_sm3,
    random::{self, Random},
};

/// Derived block keys kept at once; a nation has some thousands of sectors.
const BLOCK_KEYS: usize = 4096;
/// Bytes of a data key that may be wrapped.
const DATA_KEY_LEN: std::ops::RangeInclusive<usize> = 16..=64;

/// The names of all secrets: those of [`SecretName::ALL`] and two the store uses itself. All are made once.
pub(super) const SECRETS: [&str; 8] = [
    "index", "sector", "tag", "pin", "wanghao", "handle", "wrapping", "sealing",
];

pub(super) type Secret = Zeroizing<[u8; 32]>;

/// All keys of a store in the clear: what both stores work with.
pub(super) struct KeyRing {
    /// In the order of [`SECRETS`].
    pub(super) secrets: [Secret; SECRETS.len()],
    signing: RwLock<Arc<SigningKeys>>,
    block_keys: RwLock<HashMap<(SecretName, Vec<u8>), Sm4Block>>,
}

impl KeyRing {
    pub(super) fn new(secrets: [Secret; SECRETS.len()], signing: SigningKeys) -> Self {
        Self {
            secrets,
            signing: RwLock::new(Arc::new(signing)),
            block_keys: RwLock::default(),
        }
    }

    pub(super) fn generate(random: &dyn Random, signing: SigningKeys) -> Self {
        Self::new(
            std::array::from_fn(|_| Zeroizing::new(random::array(random))),
            signing,
        )
    }

    fn secret(&self, name: SecretName) -> &Secret {
        &self.secrets[name as usize]
    }

    /// Under which the data keys of persons are wrapped.
    fn wrapping(&self) -> &Secret {
        &self.secrets[6]
    }

    /// From which the hourly keys are derived.
    fn sealing(&self) -> SealingSecret<'_> {
        SealingSecret(&self.secrets[7])
    }

    /// The signing keys of this moment: a signature in flight keeps the set it began with, rotation waits for nobody.
    pub(super) fn signing(&self) -> Arc<SigningKeys> {
        self.signing
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn replace_signing(&self, keys: SigningKeys) {
        *self.signing.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    fn with_block_key<T>(
        &self,
        name: SecretName,
        diversifier: &[u8],
        work: impl FnOnce(&Sm4Block) -> T,
    ) -> T {
        let place = (name, diversifier.to_vec());
        if let Some(key) = self
            .block_keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&place)
        {
            return work(key);
        }
        let derived = framed_mac(self.secret(name).as_ref(), b"block", &[diversifier]);
        let key = Sm4Block::new(&half(&derived));
        let answer = work(&key);
        let mut keys = self
            .block_keys
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= BLOCK_KEYS {
            keys.clear();
        }
        keys.insert(place, key);
        answer
    }

    /// One key for each `aad`, so that no number of persons wears a key out.
    fn wrapping_key(&self, aad: &[u8]) -> Result<AeadKey, KeyError> {
        let key = Zeroizing::new(half(&framed_mac(self.wrapping().as_ref(), b"wrap", &[aad])));
        Ok(AeadKey::new(AeadAlgorithm::Sm4Gcm, key.as_ref())?)
    }
}

/// A store that keeps its keys in a [`KeyRing`]; it needs no more to be a [`KeyStore`].
pub(super) trait HoldsRing: Send + Sync {
    fn ring(&self) -> &KeyRing;
}

impl<T: HoldsRing> KeyStore for T {
    fn mac(&self, name: SecretName, parts: &[&[u8]]) -> Result<Digest, KeyError> {
        Ok(framed_mac(self.ring().secret(name).as_ref(), b"mac", parts))
    }

    fn encrypt_block(
        &self,
        name: SecretName,
        diversifier: &[u8],
        block: [u8; 16],
    ) -> Result<[u8; 16], KeyError> {
        Ok(self
            .ring()
            .with_block_key(name, diversifier, |key| key.encrypt(block)))
    }

    fn decrypt_block(
        &self,
        name: SecretName,
        diversifier: &[u8],
        block: [u8; 16],
    ) -> Result<[u8; 16], KeyError> {
        Ok(self
            .ring()
            .with_block_key(name, diversifier, |key| key.decrypt(block)))
    }

    fn wrap(&self, aad: &[u8], data_key: &[u8]) -> Result<Vec<u8>, KeyError> {
        if !DATA_KEY_LEN.contains(&data_key.len()) {
            return Err(CryptoError::Malformed.into());
        }
        // A nonce from the input (SIV): a data key is random, so equal nonces mean equal inputs.
        let nonce = first_12(&framed_mac(
            self.ring().wrapping().as_ref(),
            b"nonce",
            &[aad, data_key],
        ));
        Ok([
            &nonce[..],
            &self.ring().wrapping_key(aad)?.seal(nonce, aad, data_key),
        ]
        .concat())
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (nonce, text) = wrapped
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(CryptoError::DecryptionFailed)?;
        Ok(Zeroizing::new(
            self.ring().wrapping_key(aad)?.open(*nonce, aad, text)?,
        ))
    }

    fn sign(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Signature, KeyError> {
        self.ring().signing().sign(purpose, algorithm, message)
    }

    fn current_key_id(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
    ) -> Result<String, KeyError> {
        self.ring().signing().current_key_id(purpose, algorithm)
    }

    fn published(&self, purpose: SigningPurpose) -> Vec<PublishedKey> {
        self.ring().signing().published(purpose)
    }

    fn seal(
        &self,
        label: &str,
        aad: &[u8],
        plaintext: &[u8],
        now: i64,
    ) -> Result<Vec<u8>, KeyError> {
        self.ring().sealing().seal(label, aad, plaintext, now)
    }

    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], now: i64) -> Result<Vec<u8>, KeyError> {
        self.ring().sealing().open(label, aad, sealed, now)
    }
}

/// HMAC-SM3 over use ‖ parts, each with its length (8 bytes) in front: no two lists of parts give the same input.
pub(super) fn framed_mac(key: &[u8], usage: &[u8], parts: &[&[u8]]) -> Digest {
    let lengths: Vec<[u8; 8]> = parts
        .iter()
        .map(|part| (part.len() as u64).to_be_bytes())
        .collect();
    let usage_length = (usage.len() as u64).to_be_bytes();
    let mut framed: Vec<&[u8]> = vec![&usage_length, usage];
    for (length, part) in lengths.iter().zip(parts) {
        framed.push(length);
        framed.push(part);
    }
    hmac_sm3(key, &framed)
}

/// The first 16 bytes, for an SM4 key.
pub(super) fn half(digest: &Digest) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&digest.0[..16]);
    key
}

/// The first 12 bytes, for a nonce.
pub(super) fn first_12(digest: &Digest) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    nonce.copy_from_slice(&digest.0[..NONCE_LEN]);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn derived_block_keys_are_bounded() {
        let ring = KeyRing::generate(&SeededRandom::new(1), SigningKeys::sorted(Vec::new()));
        for sector in 0..=u32::try_from(BLOCK_KEYS).unwrap() {
            ring.with_block_key(SecretName::Sector, &sector.to_be_bytes(), |_| ());
            assert!(ring.block_keys.read().unwrap().len() <= BLOCK_KEYS);
        }
        assert_eq!(ring.block_keys.read().unwrap().len(), 1);
    }
}
