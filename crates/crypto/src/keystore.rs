//! Key stores: where long-lived keys live and the only place where they are used.
//!
//! *Secrets* ([`SecretName`]) are random, made once and never change, for identifiers hang on them. *Ordinary keys*
//! (signing) rotate with overlap: [`KeyState::Next`] is published before it signs, [`KeyState::Retiring`] stays published
//! after it stopped. Nothing here gives a secret out; `wrap`, `seal`, `mac` and `sign` work inside.
//!
//! | store | keys are | for |
//! |---|---|---|
//! | [`SealedFile`] | in one file, wrapped by a root key, wrapped by a passphrase | a service |
//! | [`MemoryKeys`] | in memory, gone with the process | tests |

mod error;
mod file;
mod kdf;
mod memory;
mod ring;
mod sealed_file;
mod sealed_value;
mod signing;

use zeroize::Zeroizing;

use crate::{PublicKey, SignatureAlgorithm, digest::Digest};

pub use error::KeyError;
pub use kdf::KdfCost;
pub use memory::MemoryKeys;
pub use sealed_file::SealedFile;

/// A secret that is made once; rotating the root changes none of them (design §4, Keys).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretName {
    /// Unique digests of documents and holders.
    Index,
    /// Pairwise identifiers, one key per sector.
    Sector,
    /// Keyed tags of rows (consents, tombstones).
    Tag,
    /// PIN verifiers.
    Pin,
    /// 网号 reservations.
    Wanghao,
    /// Handles given to outside parties.
    Handle,
}

impl SecretName {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 6] = [
        Self::Index,
        Self::Sector,
        Self::Tag,
        Self::Pin,
        Self::Wanghao,
        Self::Handle,
    ];
}

/// What a signing key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SigningPurpose {
    /// ID tokens, access tokens, security events.
    Token,
    /// Credentials and their status lists.
    Credential,
    /// Receipts.
    Receipt,
    /// Heads of the log.
    Checkpoint,
}

impl SigningPurpose {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Token,
        Self::Credential,
        Self::Receipt,
        Self::Checkpoint,
    ];

    /// The algorithms a purpose has keys for: ES256 and SM2; tokens also RS256, for clients that know nothing else.
    pub fn algorithms(self) -> &'static [SignatureAlgorithm] {
        use SignatureAlgorithm::{Es256, Rs256, Sm2Sm3};
        match self {
            Self::Token => &[Es256, Sm2Sm3, Rs256],
            Self::Credential | Self::Receipt | Self::Checkpoint => &[Es256, Sm2Sm3],
        }
    }
}

/// Where a signing key stands in its rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Published, does not sign yet.
    Next,
    /// Signs.
    Current,
    /// Signs no more; its private part is destroyed, its public part still verifies.
    Retiring,
}

/// A signature and the key that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Identifier of the key, as in [`PublishedKey::key_id`].
    pub key_id: String,
    /// r ‖ s (64 bytes), or an RSA signature.
    pub bytes: Vec<u8>,
}

/// What the world may know of a signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// 16 characters of base64url, derived from the public key.
    pub key_id: String,
    /// The only algorithm the key is used with.
    pub algorithm: SignatureAlgorithm,
    /// The public key.
    pub key: PublicKey,
    /// What it signs.
    pub purpose: SigningPurpose,
    /// Where it stands.
    pub state: KeyState,
}

/// The operations a service needs of its keys. Object safe; shared between threads.
pub trait KeyStore: Send + Sync {
    /// HMAC-SM3 of `parts` under a secret. Each part is framed by its length, so no two lists of parts collide.
    fn mac(&self, name: SecretName, parts: &[&[u8]]) -> Result<Digest, KeyError>;

    /// Encrypts one block by SM4 under a key derived from a secret and `diversifier`.
    fn encrypt_block(
        &self,
        name: SecretName,
        diversifier: &[u8],
        block: [u8; 16],
    ) -> Result<[u8; 16], KeyError>;

    /// Decrypts what [`KeyStore::encrypt_block`] made with the same name and diversifier. Any block decrypts to something.
    fn decrypt_block(
        &self,
        name: SecretName,
        diversifier: &[u8],
        block: [u8; 16],
    ) -> Result<[u8; 16], KeyError>;

    /// Wraps the data key of a person (16 to 64 bytes) by SM4-GCM with `aad`: nonce (12) ‖ ciphertext ‖ tag (16).
    fn wrap(&self, aad: &[u8], data_key: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Unwraps what [`KeyStore::wrap`] made with the same `aad`.
    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError>;

    /// Signs by the current key of a purpose and algorithm.
    fn sign(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Signature, KeyError>;

    /// Identifier of the current key: a JWS header names it before the signature exists. A rotation between the two
    /// calls shows in [`Signature::key_id`].
    fn current_key_id(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
    ) -> Result<String, KeyError>;

    /// All keys of a purpose a verifier should know, by algorithm, then state.
    fn published(&self, purpose: SigningPurpose) -> Vec<PublishedKey>;

    /// Seals a short-lived value under the key of the hour of `now` (seconds since 1970) and `label`:
    /// hour (4) ‖ nonce (12) ‖ SM4-GCM. The same input in the same hour gives the same text.
    fn seal(
        &self,
        label: &str,
        aad: &[u8],
        plaintext: &[u8],
        now: i64,
    ) -> Result<Vec<u8>, KeyError>;

    /// Opens what [`KeyStore::seal`] made with the same `label` and `aad`, for 26 hours ([`KeyError::Expired`] after).
    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], now: i64) -> Result<Vec<u8>, KeyError>;
}
