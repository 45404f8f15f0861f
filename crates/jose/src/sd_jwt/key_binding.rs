use crypto::{PublicKey, digest};
use serde::{Deserialize, Serialize};

use crate::{
    JoseError,
    base64url::encode,
    jws::{self, Header, Signer, Unverified},
};

const TYPE: &str = "kb+jwt";

/// What a holder binds a presentation to (RFC 9901 §4.3).
#[derive(Debug, Clone, Copy)]
pub struct KeyBinding<'a> {
    /// The reader.
    pub audience: &'a str,
    /// The reader's nonce.
    pub nonce: &'a str,
    /// Now, seconds since 1970.
    pub issued_at: i64,
}

/// What a reader expects of a key binding.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedBinding<'a> {
    /// The reader itself.
    pub audience: &'a str,
    /// The nonce it gave.
    pub nonce: &'a str,
    /// Now, seconds since 1970.
    pub now: i64,
    /// How old a binding may be, seconds.
    pub max_age: i64,
    /// How far the holder's clock may be ahead, seconds.
    pub leeway: i64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iat: i64,
    /// One text, never a list (RFC 9901 §4.3).
    aud: String,
    nonce: String,
    sd_hash: String,
}

impl KeyBinding<'_> {
    /// `presented` is the text up to and with its last `~`.
    pub(super) fn sign(&self, presented: &str, holder: &dyn Signer) -> Result<String, JoseError> {
        let claims = Claims {
            iat: self.issued_at,
            aud: self.audience.to_owned(),
            nonce: self.nonce.to_owned(),
            sd_hash: hash(presented),
        };
        let payload = serde_json::to_vec(&claims).map_err(|_| JoseError::Malformed("claims"))?;
        jws::sign_compact(Header::typ(TYPE), &payload, holder)
    }
}

impl ExpectedBinding<'_> {
    /// RFC 9901 §7.3 step 5, in its order.
    pub(super) fn check(
        &self,
        text: &str,
        presented: &str,
        holder: &PublicKey,
    ) -> Result<(), JoseError> {
        let unverified = Unverified::parse(text)?;
        if !unverified.header().has_type(TYPE) {
            return Err(JoseError::WrongType);
        }
        let claims = unverified.verify(holder)?.claims::<Claims>()?;
        if claims.iat > self.now.saturating_add(self.leeway) {
            return Err(JoseError::NotYetValid);
        }
        if claims.iat < self.now.saturating_sub(self.max_age) {
            return Err(JoseError::Expired);
        }
        if claims.aud != self.audience {
            return Err(JoseError::WrongAudience);
        }
        if claims.nonce != self.nonce {
            return Err(JoseError::WrongNonce);
        }
        if claims.sd_hash != hash(presented) {
            return Err(JoseError::KeyBinding);
        }
        Ok(())
    }
}

fn hash(presented: &str) -> String {
    encode(&digest::sha256(&[presented.as_bytes()]).0)
}
