//! What a person's device holds, and the little it computes: keys, wraps, the opened history.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::aead::{AeadAlgorithm, AeadKey};
use crypto::digest::{Digest, sha256};
use crypto::mac::hkdf_sha256;
use crypto::random::{self, SystemRandom};
use crypto::{Curve, PrivateKey, PublicKey, sealed_box};
use identity::receipt::{SEAL_CONTEXT, unpad};
use jose::jwk::Jwk;
use serde_json::{Value, json};

const WRAP_CONTEXT: &[u8] = b"history-key";

/// A device of a person.
#[derive(Clone)]
pub struct Wallet {
    /// Signs statements.
    pub device: PrivateKey,
    /// Opens what is wrapped to this device.
    pub agreement: PrivateKey,
    /// Opens the history, where the device has it.
    pub history: Option<PrivateKey>,
    /// The 16 bytes of the recovery code.
    pub recovery_code: [u8; 16],
    /// What the service calls the device.
    pub handle: String,
    /// The SD-JWT with its disclosures.
    pub credential: String,
    /// The 网号.
    pub wanghao: String,
    /// The 口令.
    pub pin: String,
}

/// One line of a person's history, opened.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The day.
    pub day: String,
    /// What finds it in the log, base64url.
    pub commitment: String,
    /// The text: a receipt (compact JWS) or a note (JSON).
    pub text: String,
}

impl Entry {
    /// The `kind` of a note, or `receipt`.
    pub fn kind(&self) -> String {
        let note: Value = serde_json::from_str(&self.text).unwrap_or_default();
        note["kind"].as_str().unwrap_or("receipt").to_owned()
    }
}

impl Wallet {
    /// New keys, on the curve of a web app.
    pub fn generate(pin: &str) -> Self {
        Self::on(Curve::P256, pin)
    }

    /// New keys; the device signs on `curve`.
    pub fn on(curve: Curve, pin: &str) -> Self {
        Self {
            device: key(curve),
            agreement: key(Curve::P256),
            history: Some(key(Curve::P256)),
            recovery_code: random::array(&SystemRandom),
            handle: String::new(),
            credential: String::new(),
            wanghao: String::new(),
            pin: pin.to_owned(),
        }
    }

    /// Public JWK of a key.
    pub fn jwk(key: &PrivateKey) -> Value {
        json!(Jwk::public(key.public(), None, None, None))
    }

    /// The thumbprint of the device key (RFC 7638), by which a guardian names the device.
    pub fn thumbprint(&self) -> String {
        let jwk = Jwk::public(self.device.public(), None, None, None);
        jwk.thumbprint().expect("a thumbprint")
    }

    fn history_key(&self) -> &PrivateKey {
        self.history
            .as_ref()
            .expect("this device has the history key")
    }

    /// The history key wrapped to a device's agreement key.
    pub fn history_wrap_for(&self, agreement: &PublicKey) -> String {
        let scalar = self.history_key().scalar().expect("a scalar");
        let sealed = sealed_box::seal(agreement, WRAP_CONTEXT, scalar.as_ref(), &SystemRandom);
        Base64UrlUnpadded::encode_string(&sealed.expect("a wrap"))
    }

    /// The history key wrapped to this device.
    pub fn own_history_wrap(&self) -> String {
        self.history_wrap_for(self.agreement.public())
    }

    /// Takes the history key out of a wrap for this device.
    pub fn open_history_wrap(&mut self, wrap: &str) {
        let sealed = Base64UrlUnpadded::decode_vec(wrap).expect("base64url");
        let scalar = sealed_box::open(&self.agreement, WRAP_CONTEXT, &sealed);
        self.history = Some(from_scalar(&scalar.expect("the wrap is for this device")));
    }

    /// The history key under the recovery code.
    pub fn recovery_wrap(&self) -> String {
        let scalar = self.history_key().scalar().expect("a scalar");
        let sealed = self
            .recovery_key()
            .seal([0; 12], WRAP_CONTEXT, scalar.as_ref());
        Base64UrlUnpadded::encode_string(&sealed)
    }

    /// Takes the history key out of a wrap under the recovery code.
    pub fn open_recovery_wrap(&mut self, wrap: &str) {
        let sealed = Base64UrlUnpadded::decode_vec(wrap).expect("base64url");
        let scalar = self.recovery_key().open([0; 12], WRAP_CONTEXT, &sealed);
        self.history = Some(from_scalar(&scalar.expect("the wrap is under this code")));
    }

    /// What tells the service that somebody holds the code, and never the code itself.
    pub fn recovery_proof(&self) -> String {
        let proof: Digest = sha256(&[b"wangzheng-recovery-proof", &self.recovery_code]);
        Base64UrlUnpadded::encode_string(&proof.0)
    }

    fn recovery_key(&self) -> AeadKey {
        let key = hkdf_sha256(&self.recovery_code, &[], &[b"wangzheng-recovery-1"]);
        AeadKey::new(AeadAlgorithm::Aes256Gcm, key.expect("a key").as_ref()).expect("a key")
    }

    /// Opens what a consent of the person's list says; `None` when it is one to the service itself.
    pub fn open_consent(&self, row: &Value) -> Option<Value> {
        let sealed = Base64UrlUnpadded::decode_vec(row["sealed"].as_str()?).ok()?;
        let context = identity::consent::platform::SEAL_CONTEXT;
        let padded = sealed_box::open(self.history_key(), context, &sealed).ok()?;
        serde_json::from_slice(unpad(&padded)?).ok()
    }

    /// Opens a sealed entry; `None` when it was sealed to another history key.
    pub fn open(&self, entry: &Value) -> Option<Entry> {
        let sealed = Base64UrlUnpadded::decode_vec(entry["sealed"].as_str()?).ok()?;
        let padded = sealed_box::open(self.history_key(), SEAL_CONTEXT, &sealed).ok()?;
        Some(Entry {
            day: entry["day"].as_str()?.to_owned(),
            commitment: entry["commitment"].as_str()?.to_owned(),
            text: String::from_utf8(unpad(&padded)?.to_vec()).ok()?,
        })
    }
}

fn key(curve: Curve) -> PrivateKey {
    PrivateKey::generate(curve, &SystemRandom).expect("a key")
}

fn from_scalar(scalar: &[u8]) -> PrivateKey {
    let scalar: &[u8; 32] = scalar.try_into().expect("a scalar has 32 bytes");
    PrivateKey::from_scalar(Curve::P256, scalar).expect("a key")
}
