//! 书面同意: where the law asks for writing, a document that both sides signed (Art. 9(1), R9.2).
//!
//! The inbox holds the signatures, the public register of notices holds the text for ever; together they are the
//! document, and anybody who has both can check it: the digest in the signature is the digest of the text.

use crypto::digest::Digest;
use crypto::keystore::SigningPurpose;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::{Deserialize, Serialize};

use crate::person::PersonRow;
use crate::person::recover::Act;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service, Suite};
use crate::statement::ProvenDevice;

use super::Notice;

/// Type of the document: `wz-agreement+jwt`.
pub const AGREEMENT_TYPE: &str = "wz-agreement+jwt";

/// What the service signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenAgreement {
    /// Issuer.
    pub iss: String,
    /// When.
    pub iat: i64,
    /// Which notice.
    pub notice: String,
    /// Which version.
    pub version: u32,
    /// In which language it was read.
    pub language: String,
    /// Digest of that text.
    pub digest: Digest,
    /// What the person's device signed, whole: the person's hand.
    pub statement: String,
    /// The device's public key, SEC1 in hexadecimal: the statement is checked with it years later.
    pub device_key: String,
}

/// What lies in the inbox.
#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    topic: &'static str,
    notice: &'a str,
    version: u32,
    iat: i64,
    document: &'a str,
}

impl Service {
    /// The document of a written consent, signed by the service around what the person's device signed.
    pub(super) fn written_agreement(
        &self,
        notice: &Notice,
        digest: &Digest,
        proven: &ProvenDevice<Act>,
        statement: &str,
    ) -> Result<String, Fault> {
        let text = notice
            .text_of(digest)
            .ok_or(Fault::Invariant("a notice without its text"))?;
        let agreement = WrittenAgreement {
            iss: self.issuer.clone(),
            iat: self.now().0,
            notice: notice.id.to_string(),
            version: notice.version,
            language: text.language.clone(),
            digest: *digest,
            statement: statement.to_owned(),
            device_key: hex(&proven.view().device.signing_key),
        };
        let payload = serde_json::to_vec(&agreement).map_err(|_| Fault::Invariant("agreement"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: Suite::International.signature(),
        };
        sign_compact(Header::typ(AGREEMENT_TYPE), &payload, &signer)
            .map_err(|_| Fault::Invariant("an agreement does not sign"))
    }

    /// The document, sealed for the inbox of the person.
    pub(super) fn document_entry(
        &self,
        person: &PersonRow,
        notice: &Notice,
        document: &str,
    ) -> Result<InboxEntry, Fault> {
        let entry = Entry {
            kind: "notice",
            topic: "written_agreement",
            notice: notice.id.as_str(),
            version: notice.version,
            iat: self.now().0,
            document,
        };
        let text = serde_json::to_string(&entry).map_err(|_| Fault::Invariant("agreement"))?;
        let day = self.now().day();
        InboxEntry::seal(
            person.person,
            day,
            &text,
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("an agreement does not seal"))
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
