//! JSON Web Encryption in compact form (RFC 7516 §7.1): ECDH-ES (RFC 7518 §4.6) with AES-GCM to a P-256 key, and
//! `SGD_SM2_3` with `SGD_SM4_GCM` (GM/T 0125) to an SM2 key. Never compressed.

use crypto::{
    Curve, PrivateKey, PublicKey,
    aead::{AeadAlgorithm, AeadKey, NONCE_LEN, TAG_LEN},
    agreement, digest, pke,
    random::{self, Random},
};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::{
    JoseError,
    base64url::{decode, decode_array, encode},
    json,
    jwk::Jwk,
    jws::text_member,
};

/// Longest text [`decrypt`] reads.
pub const MOST_BYTES: usize = 64 * 1024;

/// How the content is encrypted; the recipient's key says how the content key is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// `A128GCM` with ECDH-ES, to a P-256 key.
    A128Gcm,
    /// `A256GCM` with ECDH-ES, to a P-256 key.
    A256Gcm,
    /// `SGD_SM4_GCM` with `SGD_SM2_3`, to an SM2 key.
    Sm4Gcm,
}

impl Encryption {
    const ALL: [Self; 3] = [Self::A128Gcm, Self::A256Gcm, Self::Sm4Gcm];

    /// The `enc` of the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
            Self::Sm4Gcm => "SGD_SM4_GCM",
        }
    }

    /// The `alg` of the header.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::A128Gcm | Self::A256Gcm => "ECDH-ES",
            Self::Sm4Gcm => "SGD_SM2_3",
        }
    }

    /// The encryption of an `enc` name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|encryption| encryption.name() == name)
    }

    fn cipher(self) -> AeadAlgorithm {
        match self {
            Self::A128Gcm => AeadAlgorithm::Aes128Gcm,
            Self::A256Gcm => AeadAlgorithm::Aes256Gcm,
            Self::Sm4Gcm => AeadAlgorithm::Sm4Gcm,
        }
    }
}

/// What came out of a text that was encrypted to us. It says nothing about who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decrypted {
    /// `kid`: which of the reader's keys.
    pub kid: Option<String>,
    /// `cty`: `JWT` when a signed text is inside.
    pub cty: Option<String>,
    /// The content.
    pub payload: Vec<u8>,
}

/// Encrypts `payload` to the recipient, whose `kid` goes into the header.
pub fn encrypt(
    recipient: &Jwk,
    encryption: Encryption,
    cty: Option<&str>,
    payload: &[u8],
    random: &dyn Random,
) -> Result<String, JoseError> {
    let key = recipient.public_key()?;
    let mut header = Map::new();
    header.insert("alg".to_owned(), encryption.algorithm().into());
    header.insert("enc".to_owned(), encryption.name().into());
    let named = [("kid", recipient.kid.as_deref()), ("cty", cty)];
    header.extend(
        named
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text?.into()))),
    );

    let (content_key, encrypted_key) = if encryption == Encryption::Sm4Gcm {
        let content_key = Zeroizing::new(random::array::<16>(random).to_vec());
        let encrypted = pke::encrypt(&key, &content_key, random)?;
        (content_key, encrypted)
    } else {
        let ephemeral = PrivateKey::generate(Curve::P256, random)?;
        header.insert(
            "epk".to_owned(),
            json!(Jwk::public(ephemeral.public(), None, None, None)),
        );
        (
            agreed_key(&ephemeral, &key, encryption, &[], &[])?,
            Vec::new(),
        )
    };
    let header = encode(&serde_json::to_vec(&header).map_err(|_| JoseError::Malformed("header"))?);
    let nonce: [u8; NONCE_LEN] = random::array(random);
    let sealed =
        AeadKey::new(encryption.cipher(), &content_key)?.seal(nonce, header.as_bytes(), payload);
    let (text, tag) = sealed.split_at(sealed.len() - TAG_LEN);
    Ok([
        header,
        encode(&encrypted_key),
        encode(&nonce),
        encode(text),
        encode(tag),
    ]
    .join("."))
}

/// The `kid` of a text nobody has decrypted, to choose the key.
pub fn key_id(text: &str) -> Result<Option<String>, JoseError> {
    let header = text.split('.').next().unwrap_or_default();
    text_member(&mut parse_header(header)?, "kid")
}

/// Decrypts a text of up to [`MOST_BYTES`] that was made for `private`.
pub fn decrypt(text: &str, private: &PrivateKey) -> Result<Decrypted, JoseError> {
    if text.len() > MOST_BYTES {
        return Err(JoseError::TooLong);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [header_text, encrypted_key, nonce, content, tag] = parts.as_slice() else {
        return Err(JoseError::Malformed("encrypted text"));
    };
    let mut header = parse_header(header_text)?;
    let enc = text_member(&mut header, "enc")?.ok_or(JoseError::UnsupportedAlgorithm)?;
    let encryption = Encryption::from_name(&enc).ok_or(JoseError::UnsupportedAlgorithm)?;
    if text_member(&mut header, "alg")?.as_deref() != Some(encryption.algorithm()) {
        return Err(JoseError::UnsupportedAlgorithm);
    }
    let content_key = content_key(
        &mut header,
        encryption,
        &decode(encrypted_key, "encrypted key")?,
        private,
    )?;
    let nonce: [u8; NONCE_LEN] = decode_array(nonce, "nonce")?;
    let tag: [u8; TAG_LEN] = decode_array(tag, "tag")?;
    let sealed = [&decode(content, "ciphertext")?[..], &tag].concat();
    let payload = AeadKey::new(encryption.cipher(), &content_key)?.open(
        nonce,
        header_text.as_bytes(),
        &sealed,
    )?;
    Ok(Decrypted {
        kid: text_member(&mut header, "kid")?,
        cty: text_member(&mut header, "cty")?,
        payload,
    })
}

fn parse_header(text: &str) -> Result<Map<String, Value>, JoseError> {
    let header: Map<String, Value> = json::object(&decode(text, "header")?, "header")?;
    if header.contains_key("crit") {
        return Err(JoseError::CriticalHeader);
    }
    if header.contains_key("zip") {
        return Err(JoseError::Compressed);
    }
    Ok(header)
}

fn content_key(
    header: &mut Map<String, Value>,
    encryption: Encryption,
    encrypted_key: &[u8],
    private: &PrivateKey,
) -> Result<Zeroizing<Vec<u8>>, JoseError> {
    if encryption == Encryption::Sm4Gcm {
        return Ok(pke::decrypt(private, encrypted_key)?);
    }
    // RFC 7516 §5.2 step 10: with direct key agreement the encrypted key is empty.
    if !encrypted_key.is_empty() {
        return Err(JoseError::Malformed("encrypted key"));
    }
    let ephemeral = header.remove("epk").ok_or(JoseError::Malformed("header"))?;
    let ephemeral: Jwk =
        serde_json::from_value(ephemeral).map_err(|_| JoseError::Malformed("header"))?;
    let mut party = |name| decode(&text_member(header, name)?.unwrap_or_default(), "header");
    let (apu, apv) = (party("apu")?, party("apv")?);
    agreed_key(private, &ephemeral.public_key()?, encryption, &apu, &apv)
}

/// Concat KDF with SHA-256 (NIST SP 800-56A §5.8.2.1, RFC 7518 §4.6.2): one round gives up to 32 bytes.
fn agreed_key(
    private: &PrivateKey,
    public: &PublicKey,
    encryption: Encryption,
    apu: &[u8],
    apv: &[u8],
) -> Result<Zeroizing<Vec<u8>>, JoseError> {
    let secret = agreement::shared_secret(private, public)?;
    let length = encryption.cipher().key_len();
    let number = |value: usize| {
        u32::try_from(value)
            .map(u32::to_be_bytes)
            .map_err(|_| JoseError::TooLong)
    };
    let name = encryption.name().as_bytes();
    let digest = digest::sha256(&[
        &number(1)?,
        secret.as_ref(),
        &number(name.len())?,
        name,
        &number(apu.len())?,
        apu,
        &number(apv.len())?,
        apv,
        &number(length * 8)?,
    ]);
    Ok(Zeroizing::new(digest.0[..length].to_vec()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn key(x: &str, y: &str, d: &str) -> PrivateKey {
        let jwk: Value = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d});
        serde_json::from_value::<Jwk>(jwk)
            .unwrap()
            .private_key()
            .unwrap()
    }

    /// RFC 7518 Appendix C.
    #[test]
    fn agreed_key_example() {
        let alice = key(
            "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
            "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
        );
        let bob = key(
            "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
            "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
            "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
        );
        for (private, public) in [(&alice, &bob), (&bob, &alice)] {
            let key = agreed_key(
                private,
                public.public(),
                Encryption::A128Gcm,
                b"Alice",
                b"Bob",
            )
            .unwrap();
            assert_eq!(encode(&key), "VqqN6vgjbSBcIijNcacQGg");
        }
    }
}
