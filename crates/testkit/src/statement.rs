//! What a device signs, with every part of it open to a test.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::PrivateKey;
use crypto::random::{self, SystemRandom};
use jose::jwk::Jwk;
use jose::jws::{Header, LocalSigner, sign_compact};
use serde_json::{Map, Value, json};

use crate::world::{ISSUER, World};

/// A statement that is not signed yet.
#[derive(Debug, Clone)]
pub struct Statement {
    /// `typ` of the header.
    pub typ: String,
    /// `kid` of the header: the handle of a device.
    pub key_id: Option<String>,
    /// Whether the header carries the key itself.
    pub with_key: bool,
    /// What is said.
    pub claims: Map<String, Value>,
}

impl Statement {
    /// A statement made now, for this service, with a fresh identifier.
    pub fn new(world: &World, typ: &str) -> Self {
        let jti = Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom));
        let mut claims = Map::new();
        claims.insert("aud".to_owned(), json!(ISSUER));
        claims.insert("iat".to_owned(), json!(world.now().0));
        claims.insert("jti".to_owned(), json!(jti));
        Self {
            typ: typ.to_owned(),
            key_id: None,
            with_key: false,
            claims,
        }
    }

    /// The first word of a new device: its key is in the header.
    pub fn of_new_device(world: &World) -> Self {
        Self {
            with_key: true,
            ..Self::new(world, "wz-apply+jwt")
        }
    }

    /// The same with a claim set.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(claim.to_owned(), value.into());
        self
    }

    /// The same with further claims, those of an object.
    #[must_use]
    pub fn with_all(mut self, claims: &Value) -> Self {
        let claims = claims.as_object().expect("an object of claims");
        self.claims.extend(claims.clone());
        self
    }

    /// The same with another `typ`.
    #[must_use]
    pub fn typed(mut self, typ: &str) -> Self {
        typ.clone_into(&mut self.typ);
        self
    }

    /// The same by a device of this handle.
    #[must_use]
    pub fn by(mut self, handle: &str) -> Self {
        self.key_id = Some(handle.to_owned());
        self
    }

    /// Compact JWS.
    pub fn sign(&self, key: &PrivateKey) -> String {
        let header = Header {
            jwk: self
                .with_key
                .then(|| Jwk::public(key.public(), None, None, None)),
            ..Header::typ(&self.typ)
        };
        let signer = LocalSigner::new(key.clone(), self.key_id.as_deref());
        let payload = Value::Object(self.claims.clone()).to_string();
        sign_compact(header, payload.as_bytes(), &signer).expect("a statement is signed")
    }
}
