use crypto::{
    PrivateKey, SignatureAlgorithm,
    keystore::{KeyStore, SigningPurpose},
    random::SystemRandom,
};

use crate::JoseError;

/// Something that signs with one key at a time.
pub trait Signer {
    /// The algorithm of its signatures.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The identifier of the key that signs now, if it has one.
    fn key_id(&self) -> Result<Option<String>, JoseError>;

    /// Signs the bytes.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError>;
}

/// A private key at hand: a wallet's, a platform's, a test's.
#[derive(Debug, Clone)]
pub struct LocalSigner {
    /// The key.
    pub key: PrivateKey,
    /// Its algorithm, which must fit the key.
    pub algorithm: SignatureAlgorithm,
    /// Its identifier for the header.
    pub key_id: Option<String>,
}

impl LocalSigner {
    /// A signer with the algorithm of the key's curve; RS256 for an RSA key.
    pub fn new(key: PrivateKey, key_id: Option<&str>) -> Self {
        let algorithm = key.curve().map_or(
            SignatureAlgorithm::Rs256,
            crypto::Curve::signature_algorithm,
        );
        Self {
            key,
            algorithm,
            key_id: key_id.map(str::to_owned),
        }
    }
}

impl Signer for LocalSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn key_id(&self) -> Result<Option<String>, JoseError> {
        Ok(self.key_id.clone())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        Ok(self.key.sign(self.algorithm, message, &SystemRandom)?)
    }
}

/// The current key of a purpose in a key store.
#[derive(Clone, Copy)]
pub struct StoreSigner<'a> {
    /// Where the key lives.
    pub store: &'a dyn KeyStore,
    /// What is signed.
    pub purpose: SigningPurpose,
    /// By which algorithm.
    pub algorithm: SignatureAlgorithm,
}

impl Signer for StoreSigner<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn key_id(&self) -> Result<Option<String>, JoseError> {
        Ok(Some(
            self.store.current_key_id(self.purpose, self.algorithm)?,
        ))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        Ok(self
            .store
            .sign(self.purpose, self.algorithm, message)?
            .bytes)
    }
}
