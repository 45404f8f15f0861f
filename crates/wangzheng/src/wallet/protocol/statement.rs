//! What a device signs: compact JWS, ES256, made out to one service, fresh, used once.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{
    PrivateKey,
    digest::sha256,
    random::{self, Random},
};
use identity::clock::Timestamp;
use jose::jws::{self, Header, LocalSigner};
use serde_json::{Map, Value, json};

use super::{Failed, Wallet, keys::public_jwk};

/// What a statement is for; its `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A new device introduces itself: application and recovery. Its key stands in the header.
    Apply,
    /// The person decided about a request.
    Approval,
    /// A device of somebody who left asks for the receipt of erasure. Its key stands in the header.
    Erased,
    /// A guardian's part in something of a child.
    Guardian,
    /// Any other act of the person.
    Act,
}

impl Kind {
    fn typ(self) -> &'static str {
        match self {
            Self::Apply => "wz-apply+jwt",
            Self::Approval => "wz-approval+jwt",
            Self::Erased => "wz-erased+jwt",
            Self::Guardian => "wz-guardian+jwt",
            Self::Act => "wz-act+jwt",
        }
    }
}

/// A statement of a device the service knows.
pub(crate) fn of_device(
    wallet: &Wallet,
    kind: Kind,
    fields: Map<String, Value>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<String, Failed> {
    let key = wallet
        .device_key
        .key()
        .map_err(|_| Failed::NotGenuine("the device key of the wallet"))?;
    let signer = LocalSigner::new(key, Some(&wallet.device));
    sign(
        &signer,
        Header::typ(kind.typ()),
        payload(&wallet.issuer, fields, now, random),
    )
}

/// A statement of a key the service does not know yet.
pub(crate) fn of_new_key(
    key: &PrivateKey,
    issuer: &str,
    now: Timestamp,
    random: &dyn Random,
) -> Result<String, Failed> {
    with_key(key, Kind::Apply, payload(issuer, Map::new(), now, random))
}

/// A statement of a device that the service knows no more: its key stands in the header.
pub(crate) fn of_erased_device(
    wallet: &Wallet,
    now: Timestamp,
    random: &dyn Random,
) -> Result<String, Failed> {
    let key = wallet
        .device_key
        .key()
        .map_err(|_| Failed::NotGenuine("the device key of the wallet"))?;
    let mut fields = Map::new();
    fields.insert("device".to_owned(), json!(wallet.device));
    with_key(
        &key,
        Kind::Erased,
        payload(&wallet.issuer, fields, now, random),
    )
}

fn with_key(key: &PrivateKey, kind: Kind, payload: Map<String, Value>) -> Result<String, Failed> {
    let header = Header {
        jwk: Some(public_jwk(key.public())),
        ..Header::typ(kind.typ())
    };
    sign(&LocalSigner::new(key.clone(), None), header, payload)
}

/// What an approval names of the request it answers.
pub(crate) fn transaction_digest(transaction: &str) -> String {
    Base64UrlUnpadded::encode_string(&sha256(&[transaction.as_bytes()]).0)
}

fn payload(
    issuer: &str,
    mut fields: Map<String, Value>,
    now: Timestamp,
    random: &dyn Random,
) -> Map<String, Value> {
    let id = Base64UrlUnpadded::encode_string(&random::array::<16>(random));
    fields.insert("aud".to_owned(), json!(issuer));
    fields.insert("iat".to_owned(), json!(now.0));
    fields.insert("jti".to_owned(), json!(id));
    fields
}

fn sign(
    signer: &LocalSigner,
    header: Header,
    payload: Map<String, Value>,
) -> Result<String, Failed> {
    jws::sign_compact(
        header,
        Value::Object(payload).to_string().as_bytes(),
        signer,
    )
    .map_err(|_| Failed::NotGenuine("the device key of the wallet"))
}
