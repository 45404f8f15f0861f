use base64ct::{Base64UrlUnpadded, Encoding};

use super::{KeyError, KeyState, PublishedKey, Signature, SigningPurpose};
use crate::{
    CryptoError, PrivateKey, PublicKey, SignatureAlgorithm, digest,
    random::{Random, SystemRandom},
};

/// A signing key with its place. A retiring key has no private part any more.
#[derive(Clone)]
pub(super) struct SigningKey {
    pub(super) published: PublishedKey,
    pub(super) private: Option<PrivateKey>,
}

/// Every signing key of a store, by purpose, algorithm and state.
#[derive(Clone)]
pub(super) struct SigningKeys(pub(super) Vec<SigningKey>);

impl SigningKeys {
    /// One current and one next key for each purpose and algorithm, made by `make`.
    pub(super) fn generate(
        make: &dyn Fn(SignatureAlgorithm, KeyState) -> Result<PrivateKey, CryptoError>,
    ) -> Result<Self, CryptoError> {
        let mut keys = Vec::new();
        for purpose in SigningPurpose::ALL {
            for algorithm in purpose.algorithms() {
                for state in [KeyState::Next, KeyState::Current] {
                    keys.push(SigningKey::new(
                        make(*algorithm, state)?,
                        *algorithm,
                        purpose,
                        state,
                    ));
                }
            }
        }
        Ok(Self::sorted(keys))
    }

    pub(super) fn sorted(mut keys: Vec<SigningKey>) -> Self {
        keys.sort_by_key(|key| {
            (
                key.published.purpose,
                key.published.algorithm,
                key.published.state,
            )
        });
        Self(keys)
    }

    /// Each purpose and algorithm has exactly one current key and one next key.
    pub(super) fn check_whole(&self) -> Result<(), KeyError> {
        for purpose in SigningPurpose::ALL {
            for algorithm in purpose.algorithms() {
                for state in [KeyState::Next, KeyState::Current] {
                    let count = self
                        .0
                        .iter()
                        .filter(|key| key.is(purpose, *algorithm) && key.published.state == state);
                    if count.count() != 1 {
                        return Err(KeyError::Damaged("signing_keys"));
                    }
                }
            }
        }
        Ok(())
    }

    fn current(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
    ) -> Result<&SigningKey, KeyError> {
        let wanted = |key: &&SigningKey| {
            key.is(purpose, algorithm) && key.published.state == KeyState::Current
        };
        self.0
            .iter()
            .find(wanted)
            .ok_or(KeyError::NoSuchKey { purpose, algorithm })
    }

    pub(super) fn current_key_id(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
    ) -> Result<String, KeyError> {
        Ok(self.current(purpose, algorithm)?.published.key_id.clone())
    }

    pub(super) fn sign(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Signature, KeyError> {
        let key = self.current(purpose, algorithm)?;
        let private = key
            .private
            .as_ref()
            .ok_or(KeyError::NoSuchKey { purpose, algorithm })?;
        let bytes = private.sign(algorithm, message, &SystemRandom)?;
        Ok(Signature {
            key_id: key.published.key_id.clone(),
            bytes,
        })
    }

    pub(super) fn published(&self, purpose: SigningPurpose) -> Vec<PublishedKey> {
        let keys = self.0.iter().filter(|key| key.published.purpose == purpose);
        keys.map(|key| key.published.clone()).collect()
    }

    /// Next becomes current, current retires and loses its private part, `fresh` becomes next.
    pub(super) fn rotated(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        fresh: PrivateKey,
    ) -> Result<Self, KeyError> {
        self.current(purpose, algorithm)?;
        let mut keys = self.0.clone();
        for key in keys.iter_mut().filter(|key| key.is(purpose, algorithm)) {
            match key.published.state {
                KeyState::Next => key.published.state = KeyState::Current,
                KeyState::Current | KeyState::Retiring => {
                    key.published.state = KeyState::Retiring;
                    key.private = None;
                }
            }
        }
        keys.push(SigningKey::new(fresh, algorithm, purpose, KeyState::Next));
        Ok(Self::sorted(keys))
    }

    /// Publishes the retiring keys of a purpose and algorithm no more.
    pub(super) fn without_retiring(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
    ) -> Self {
        let gone = |key: &SigningKey| {
            key.is(purpose, algorithm) && key.published.state == KeyState::Retiring
        };
        Self(self.0.iter().filter(|key| !gone(key)).cloned().collect())
    }
}

impl SigningKey {
    pub(super) fn new(
        private: PrivateKey,
        algorithm: SignatureAlgorithm,
        purpose: SigningPurpose,
        state: KeyState,
    ) -> Self {
        let key = private.public().clone();
        let published = PublishedKey {
            key_id: key_id(&key),
            algorithm,
            key,
            purpose,
            state,
        };
        Self {
            published,
            private: Some(private),
        }
    }

    fn is(&self, purpose: SigningPurpose, algorithm: SignatureAlgorithm) -> bool {
        self.published.purpose == purpose && self.published.algorithm == algorithm
    }
}

/// A fresh key for `algorithm`.
pub(super) fn fresh(
    algorithm: SignatureAlgorithm,
    random: &dyn Random,
) -> Result<PrivateKey, CryptoError> {
    match algorithm.curve() {
        Some(curve) => PrivateKey::generate(curve, random),
        None => PrivateKey::generate_rsa(),
    }
}

/// 12 bytes of the SM3 of the public key, in base64url: 16 characters.
pub(super) fn key_id(key: &PublicKey) -> String {
    let digest = match key.rsa_components() {
        Ok((modulus, exponent)) => digest::sm3(&[b"rsa", modulus, exponent]),
        Err(_) => digest::sm3(&[
            b"ec",
            key.to_sec1().as_ref().map_or(&[], |point| &point[..]),
        ]),
    };
    Base64UrlUnpadded::encode_string(&digest.0[..12])
}
