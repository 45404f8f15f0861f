//! The evidence package: a case as one file that anyone can verify without this service (R14.1).
//!
//! Named parts, each a text; a manifest with the SM3 of every part, signed with the receipt key. Beside what was said
//! the file holds what proves it: receipts with the service's signature, their leaves' proofs in the public log, the
//! events of the case with theirs, and the keys. [`verify`] reads it back; [`export`] makes it.

use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

pub mod export;
pub mod keys;
pub mod verify;

/// `format` of the file.
pub const FORMAT: &str = "wangzheng-evidence-1";
/// Type of the signed manifest.
pub const MANIFEST_TYPE: &str = "wz-evidence+jwt";

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// The parts, in the order of the manifest.
    pub parts: Vec<Part>,
    /// Compact JWS over [`Manifest`].
    pub manifest: String,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `case.json`, `receipt/TS-…/1.jws` …
    pub name: String,
    /// Its text.
    pub content: String,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The service.
    pub iss: String,
    /// When it was made.
    pub iat: i64,
    /// Which case.
    pub case: String,
    /// Who made it, by login.
    pub by: String,
    /// Digests of all parts, in order.
    pub parts: Vec<PartDigest>,
}

/// Name and SM3 of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartDigest {
    /// Its name.
    pub name: String,
    /// Its SM3.
    pub sm3: Digest,
}

/// `case.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFacts {
    /// Which.
    pub case: String,
    /// The platform.
    pub platform: String,
    /// Its name.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The legal entity.
    pub operator: String,
    /// Its apps: receipts are made out to one of them.
    pub clients: Vec<String>,
    /// What it is about.
    pub kind: String,
    /// The duty.
    pub article: String,
    /// What it began with.
    pub origin: String,
    /// Where it stands.
    pub state: String,
    /// `YYYY-MM-DD`.
    pub opened_on: String,
    /// How many entries follow.
    pub entries: usize,
}

/// `complaint/….json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintFacts {
    /// The number.
    pub complaint: String,
    /// Of what kind.
    pub kind: String,
    /// The day it came.
    pub received_on: String,
    /// Whether a device of a verified person signed it.
    pub by_holder: bool,
    /// Whether the person agreed to pass text and receipts on (Art. 9(2)); without it both stay out.
    pub shared: bool,
    /// In the person's words.
    pub text: Option<String>,
    /// How many receipts follow.
    pub receipts: usize,
}

/// `event/….json`: a row of the event log, from which its leaf is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFacts {
    /// Canonical JSON of the event.
    pub body: String,
    /// Salt of the leaf.
    pub salt: Digest,
    /// Digest of the sealed receipt; zeros here.
    pub receipt: Digest,
}
