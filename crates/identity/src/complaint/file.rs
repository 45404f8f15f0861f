//! Filing a complaint: in two taps from a device, or by a form without a 网证 (R7.2, R7.3).

use crypto::SignatureAlgorithm;
use crypto::keystore::SigningPurpose;
use jose::jwk::{Jwk, JwkSet};
use jose::jws::{Header, StoreSigner, Unverified, sign_compact};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::PlatformId;
use crate::inbox::InboxNote;
use crate::person::PersonRow;
use crate::platform::LocalText;
use crate::service::{Fault, Service};

use super::content::{Contents, LONGEST_CONTACT, LONGEST_RECEIPT, LONGEST_TEXT, MOST_RECEIPTS};
use super::{ComplaintKind, ComplaintNumber, ComplaintRow, ComplaintSecret, ComplaintState};

/// Type of the signed acknowledgement.
pub const ACKNOWLEDGEMENT_TYPE: &str = "wz-complaint+jwt";

/// What somebody complains of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewComplaint {
    /// About whom.
    pub platform: PlatformId,
    /// Of what.
    pub kind: ComplaintKind,
    /// In their words; may be empty.
    #[serde(default)]
    pub text: String,
    /// Receipts from the person's own history, opened.
    #[serde(default)]
    pub receipts: Vec<String>,
    /// Whether text and receipts may go into an evidence package.
    #[serde(default)]
    pub share: bool,
    /// How to reach somebody without a 网证.
    #[serde(default)]
    pub contact: Option<String>,
}

/// Who complains.
#[derive(Debug, Clone, Copy)]
pub enum Complainant<'a> {
    /// The holder of a 网证, by a device.
    Holder(&'a PersonRow),
    /// Somebody without one: their equal service is protected too (R7.3).
    WithoutWangzheng,
}

/// Why a complaint is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComplaintRefused {
    /// No such platform is connected.
    #[error("R7.2: no platform of this name is connected")]
    PlatformUnknown,
    /// Text, contact or receipts are too long or too many.
    #[error("the complaint is too long: 2000 characters and 3 receipts at most")]
    TooLong,
    /// A receipt is not signed by this service.
    #[error("R14.1: an attached receipt is not genuine")]
    ReceiptNotGenuine,
    /// A receipt is of another platform.
    #[error("R14.1: an attached receipt is of another platform")]
    ReceiptOfAnother,
    /// Too many came at once from people who are not signed in.
    #[error("too many complaints at once, try again in a minute")]
    TooMany,
}

/// A complaint that is not taken, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ComplaintError {
    /// Not taken.
    #[error(transparent)]
    Refused(#[from] ComplaintRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What the complainant gets at once.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// The number.
    pub number: ComplaintNumber,
    /// The secret that belongs to it; shown once.
    pub secret: ComplaintSecret,
    /// The day it came.
    pub received_on: Day,
    /// The day by which the result is told.
    pub due_on: Day,
    /// The service's signed word that it came, and when it is due.
    pub signed: String,
}

#[derive(Serialize)]
struct AcknowledgementClaims<'a> {
    iss: &'a str,
    iat: i64,
    complaint: ComplaintNumber,
    kind: ComplaintKind,
    received_on: String,
    due_on: String,
}

impl Service {
    /// Takes a complaint: sealed to the officers, acknowledged with number, secret and time limit.
    pub async fn complain(
        &self,
        complaint: NewComplaint,
        by: Complainant<'_>,
    ) -> Result<Acknowledgement, ComplaintError> {
        // 1. About a connected platform, within limits, with genuine receipts of that platform.
        self.check_complaint(&complaint)?;
        if let Complainant::WithoutWangzheng = by {
            let most = self.policy.complaint.without_wangzheng_per_minute;
            if !self.unsigned_complaints.admit(self.now(), most) {
                return Err(ComplaintRefused::TooMany.into());
            }
        }
        // 2. A number nobody has yet; everything else sealed.
        let acknowledged = self.store_complaint(&complaint, by).await?;
        self.counts
            .one(&format!("complaint:{}", complaint.kind.as_str()));
        // 3. The person's own copy: number and secret, in the sealed inbox.
        if let Complainant::Holder(person) = by {
            self.notify_with(person, &received_note(&acknowledged), fields(&acknowledged))
                .await?;
        }
        Ok(acknowledged)
    }

    fn check_complaint(&self, complaint: &NewComplaint) -> Result<(), ComplaintRefused> {
        let platform = self.platform(&complaint.platform);
        let platform = platform.ok_or(ComplaintRefused::PlatformUnknown)?;
        let contact = complaint.contact.as_deref().unwrap_or_default();
        let longest = complaint.receipts.iter().map(String::len).max();
        if complaint.text.chars().count() > LONGEST_TEXT
            || contact.chars().count() > LONGEST_CONTACT
            || complaint.receipts.len() > MOST_RECEIPTS
            || longest > Some(LONGEST_RECEIPT)
        {
            return Err(ComplaintRefused::TooLong);
        }
        let keys = self.receipt_keys();
        for receipt in &complaint.receipts {
            let claims =
                receipt_claims(receipt, &keys).ok_or(ComplaintRefused::ReceiptNotGenuine)?;
            let client = claims
                .get("aud")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let own = platform.clients.iter().any(|app| app.id.as_str() == client);
            if !own {
                return Err(ComplaintRefused::ReceiptOfAnother);
            }
        }
        Ok(())
    }

    async fn store_complaint(
        &self,
        complaint: &NewComplaint,
        by: Complainant<'_>,
    ) -> Result<Acknowledgement, Fault> {
        let now = self.now();
        let received_on = now.day();
        let policy = &self.policy.complaint;
        let days = policy.answer_working_days;
        let due_on = policy.calendar.working_days_after(received_on, days);
        for _ in 0..3 {
            let number = ComplaintNumber::generate(self.random());
            let secret = ComplaintSecret::generate(self.random());
            let contents = Contents {
                number,
                secret,
                platform: complaint.platform.clone(),
                text: complaint.text.clone(),
                receipts: complaint.receipts.clone(),
                share: complaint.share,
                contact: complaint.contact.clone(),
                person: match by {
                    Complainant::Holder(person) => Some(person.person),
                    Complainant::WithoutWangzheng => None,
                },
                filed_at: now,
            };
            let row = ComplaintRow {
                complaint: number.digest(self.keys())?,
                proof: number.proof(&secret, self.keys())?,
                kind: complaint.kind,
                state: ComplaintState::Received,
                received_on,
                due_on,
                sealed: self.seal_contents(&contents).await?,
                sealed_answer: None,
            };
            // C1: the event names neither platform nor person.
            let event = AuditEvent::ComplaintChanged {
                complaint: row.complaint,
                to: ComplaintState::Received.as_str().to_owned(),
                day: received_on,
            };
            let event = EventDraft::new(event, self.random());
            if self.store.file_complaint(row, event).await? {
                let signed =
                    self.sign_acknowledgement(complaint.kind, number, (received_on, due_on))?;
                return Ok(Acknowledgement {
                    number,
                    secret,
                    received_on,
                    due_on,
                    signed,
                });
            }
        }
        Err(Fault::Invariant("no free complaint number"))
    }

    fn sign_acknowledgement(
        &self,
        kind: ComplaintKind,
        complaint: ComplaintNumber,
        (received_on, due_on): (Day, Day),
    ) -> Result<String, Fault> {
        let claims = AcknowledgementClaims {
            iss: &self.issuer,
            iat: self.now().0,
            complaint,
            kind,
            received_on: received_on.to_string(),
            due_on: due_on.to_string(),
        };
        self.sign_record(ACKNOWLEDGEMENT_TYPE, &claims)
    }

    /// Signs a record of the service that outsiders keep: an acknowledgement, evidence, a published report.
    pub(crate) fn sign_record(&self, typ: &str, claims: &impl Serialize) -> Result<String, Fault> {
        let payload = serde_json::to_vec(claims).map_err(|_| Fault::Invariant("signed record"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: SignatureAlgorithm::Sm2Sm3,
        };
        sign_compact(Header::typ(typ), &payload, &signer)
            .map_err(|_| Fault::Invariant("a record does not sign"))
    }

    /// The keys receipts were and are signed with.
    pub(crate) fn receipt_keys(&self) -> JwkSet {
        let published = self.keys().published(SigningPurpose::Receipt);
        JwkSet {
            keys: published
                .iter()
                .map(|key| Jwk::verifying(&key.key, &key.key_id, key.algorithm))
                .collect(),
        }
    }
}

/// The claims of a receipt signed by one of `keys`.
pub fn receipt_claims(text: &str, keys: &JwkSet) -> Option<Map<String, Value>> {
    let receipt = Unverified::parse(text).ok()?;
    if !receipt.header().has_type("wz-receipt+jwt") {
        return None;
    }
    let verified = receipt.verify_with_set(keys).ok()?;
    Some(verified.claims::<Map<String, Value>>().ok()?.into_inner())
}

fn fields(acknowledged: &Acknowledgement) -> Value {
    json!({
        "complaint": acknowledged.number,
        "secret": acknowledged.secret,
        "due_on": acknowledged.due_on.to_string(),
    })
}

fn received_note(acknowledged: &Acknowledgement) -> InboxNote {
    let Acknowledgement {
        number,
        secret,
        due_on,
        ..
    } = acknowledged;
    InboxNote {
        topic: "complaint_received".to_owned(),
        title: LocalText::new("已收到你的投诉", "Your complaint was received"),
        text: LocalText::new(
            &format!("投诉编号 {number}，查询码 {secret}。最迟 {due_on} 告知处理结果。"),
            &format!("Number {number}, secret {secret}. You will be told the result by {due_on}."),
        ),
    }
}
