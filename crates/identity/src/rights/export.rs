//! Copy: one portable signed file with everything that is held about a person, and of nobody else (PIPL 45).
//!
//! What only the person's devices can open is named by its digest; the device adds it, opened, to the same file.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::SignatureAlgorithm;
use crypto::digest::{Digest, sm3};
use crypto::keystore::SigningPurpose;
use crypto::random;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::Serialize;
use serde_json::Value;

use crate::clock::{Day, Timestamp};
use crate::consent::{ConsentKind, ConsentRow};
use crate::person::HolderView;
use crate::person::recover::{Act, open_record};
use crate::platform::LocalText;
use crate::proofing::ProofingLevel;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wangzheng::{Suspension, WangzhengState};

use super::held::{Held, held};
use super::note;

/// Type of the file: `wz-export+jwt`.
pub const EXPORT_TYPE: &str = "wz-export+jwt";
/// Most events of one file; nobody has so many in a life of the log.
const MOST: u32 = 100_000;

/// An export: the signed text, and what it says.
pub struct Export {
    /// Compact JWS.
    pub signed: String,
    /// The claims.
    pub claims: Claims,
}

/// What an export says.
#[derive(Debug, Serialize)]
pub struct Claims {
    /// The service.
    pub iss: String,
    /// When it was prepared.
    pub iat: i64,
    /// Names this export.
    pub jti: String,
    /// PIPL 45.
    pub basis: &'static str,
    /// The person.
    pub person: Person,
    /// The 网证.
    pub wangzheng: Wangzheng,
    /// The 口令, but not its digest.
    pub pin: Pin,
    /// The devices.
    pub devices: Vec<Device>,
    /// Consents.
    pub consents: Vec<ConsentGiven>,
    /// What was done, by day.
    pub events: Vec<Value>,
    /// The sealed history, by digest.
    pub history: Vec<SealedEntry>,
    /// What is held, what for, how long.
    pub held: Vec<Held>,
}

/// Who.
#[derive(Debug, Serialize)]
pub struct Person {
    /// 网号.
    pub wanghao: String,
    /// The document.
    pub document: Document,
    /// How well the person was proofed.
    pub proofing: ProofingLevel,
    /// Day of application.
    pub applied_on: String,
    /// How often the identifiers at platforms were renewed.
    pub identifier_generation: u32,
    /// Public history key, base64url.
    pub history_key: String,
    /// Whether there is a recovery code.
    pub has_recovery_code: bool,
}

/// The document as kept.
#[derive(Debug, Serialize)]
pub struct Document {
    /// Kind.
    pub kind: &'static str,
    /// Canonical number.
    pub number: String,
    /// Holder.
    pub holder: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// `YYYY-MM-DD`, or none: 长期.
    pub valid_until: Option<String>,
}

/// The 网证.
#[derive(Debug, Serialize)]
pub struct Wangzheng {
    /// Which issue.
    pub serial: u32,
    /// State on the day.
    pub state: WangzhengState,
    /// Why suspended.
    pub suspended_for: Option<Suspension>,
    /// Since when restricted.
    pub restricted_on: Option<String>,
    /// Since.
    pub issued_on: String,
    /// Until.
    pub valid_until: String,
    /// When the registry was last asked.
    pub document_checked_on: String,
}

/// The 口令.
#[derive(Debug, Serialize)]
pub struct Pin {
    /// Tries left.
    pub attempts_left: u8,
    /// Locked until.
    pub locked_until: Option<i64>,
}

/// A device.
#[derive(Debug, Serialize)]
pub struct Device {
    /// Name the person gave.
    pub name: String,
    /// Since.
    pub added_on: String,
    /// Works from.
    pub active_from: Timestamp,
    /// Public signing key, base64url.
    pub signing_key: String,
    /// Public agreement key, base64url.
    pub agreement_key: String,
    /// Whether it asked for the export.
    pub this: bool,
}

/// A consent.
#[derive(Debug, Serialize)]
pub struct ConsentGiven {
    /// Digest of the notice version.
    pub notice: Digest,
    /// Title of the notice, where it is in force; what is to a platform only the device knows.
    pub title: Option<LocalText>,
    /// Version, where it is in force.
    pub version: Option<u32>,
    /// Kind.
    pub kind: ConsentKind,
    /// Given.
    pub given_on: String,
    /// Withdrawn.
    pub withdrawn_on: Option<String>,
}

/// An entry of the sealed history.
#[derive(Debug, Serialize)]
pub struct SealedEntry {
    /// As in the history.
    pub id: u64,
    /// Day.
    pub day: String,
    /// What finds it in the public log.
    pub commitment: Digest,
    /// SM3 of the sealed entry: the device shows with it that the opened text belongs here.
    pub digest: Digest,
}

impl Service {
    /// Prepares the file at once, and keeps no copy. Asks the 口令: it holds everything.
    pub async fn export(&self, proven: &ProvenDevice<Act>) -> Result<Export, DecisionError> {
        let view = proven.view();
        let pin = proven.statement().pin.as_deref();
        let pin = pin.ok_or(DecisionRefused::PinNeeded)?;
        self.check_typed_pin(view, pin).await?;
        // The other devices are told: whoever holds this file knows the person.
        self.notify(&view.person, &note::exported()).await?;
        let claims = self.everything_about(view).await?;
        let payload = serde_json::to_vec(&claims).map_err(|_| Fault::Invariant("export"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: SignatureAlgorithm::Es256,
        };
        let text = sign_compact(Header::typ(EXPORT_TYPE), &payload, &signer);
        let text = text.map_err(|_| Fault::Invariant("an export does not sign"))?;
        Ok(Export {
            signed: text,
            claims,
        })
    }

    async fn everything_about(&self, view: &HolderView) -> Result<Claims, Fault> {
        let person = view.person.person;
        let row = self.store.pin(person).await?;
        let row = row.ok_or(Fault::Invariant("no PIN row"))?;
        let consents = self.store.consents(person).await?;
        Ok(Claims {
            iss: self.issuer.clone(),
            iat: self.now().0,
            jti: Base64UrlUnpadded::encode_string(&random::array::<16>(self.random())),
            basis: "PIPL 45",
            person: self.person_of_export(view)?,
            wangzheng: self.wangzheng_of_export(view),
            pin: Pin {
                attempts_left: row.attempts_left,
                locked_until: row.locked_until.map(|until| until.0),
            },
            devices: self.devices_of_export(view).await?,
            consents: consents.iter().map(|row| self.consent_given(row)).collect(),
            events: self.events_of_export(view).await?,
            history: self.history_of_export(view).await?,
            held: held(),
        })
    }

    fn person_of_export(&self, view: &HolderView) -> Result<Person, Fault> {
        let row = &view.person;
        let record = open_record(row, &self.data_key(row)?)?;
        Ok(Person {
            wanghao: record.wanghao,
            document: Document {
                kind: record.document_kind.as_str(),
                number: record.document_number,
                holder: record.holder_name,
                birth_date: record.birth_date.to_string(),
                valid_until: record.document_valid_until.map(|date| date.to_string()),
            },
            proofing: record.proofing,
            applied_on: row.applied_on.to_string(),
            identifier_generation: row.generation,
            history_key: Base64UrlUnpadded::encode_string(&row.history_key),
            has_recovery_code: row.recovery.is_some(),
        })
    }

    fn wangzheng_of_export(&self, view: &HolderView) -> Wangzheng {
        let (row, today) = (&view.wangzheng, self.now().day());
        Wangzheng {
            serial: row.serial,
            state: row.state_on(today),
            suspended_for: row.suspension_on(today),
            restricted_on: row.restricted_on.as_ref().map(Day::to_string),
            issued_on: row.issued_on.to_string(),
            valid_until: row.valid_until.to_string(),
            document_checked_on: row.document_checked_on.to_string(),
        }
    }

    async fn devices_of_export(&self, view: &HolderView) -> Result<Vec<Device>, Fault> {
        let rows = self.store.devices(view.person.person).await?;
        let shown = self.devices(view).await?;
        let device = |(row, shown): (&crate::device::DeviceRow, _)| {
            let shown: crate::person::account::DeviceView = shown;
            Device {
                name: shown.name,
                added_on: row.added_on.to_string(),
                active_from: row.active_from,
                signing_key: Base64UrlUnpadded::encode_string(&row.signing_key),
                agreement_key: Base64UrlUnpadded::encode_string(&row.agreement_key),
                this: shown.this,
            }
        };
        Ok(rows.iter().zip(shown).map(device).collect())
    }

    fn consent_given(&self, row: &ConsentRow) -> ConsentGiven {
        let notices = self.notices();
        let notice = notices
            .iter()
            .find(|notice| notice.digests().any(|digest| digest == row.notice));
        ConsentGiven {
            notice: row.notice,
            title: notice.map(|notice| LocalText {
                chinese: notice.chinese.title.clone(),
                english: notice.english.title.clone(),
            }),
            version: notice.map(|notice| notice.version),
            kind: row.kind,
            given_on: row.given_on.to_string(),
            withdrawn_on: row.withdrawn_on.as_ref().map(Day::to_string),
        }
    }

    /// Events without what only the inside of the service is about: bucket, sequence, person id.
    async fn events_of_export(&self, view: &HolderView) -> Result<Vec<Value>, Fault> {
        let rows = self.store.events_of(view.person.person, MOST).await?;
        let mut events = Vec::new();
        for row in rows {
            let body: Value =
                serde_json::from_slice(&row.body).map_err(|_| Fault::Invariant("an event body"))?;
            let Value::Object(mut members) = body else {
                return Err(Fault::Invariant("an event body"));
            };
            for inside in ["bucket", "sequence", "person", "device"] {
                members.remove(inside);
            }
            if let Some(day) = members.get("day").and_then(Value::as_i64) {
                let day = Day(i32::try_from(day).unwrap_or(i32::MAX)).to_string();
                members.insert("day".to_owned(), Value::String(day));
            }
            let commitment = row.leaf().commitment;
            let commitment = serde_json::to_value(commitment).unwrap_or_default();
            members.insert("commitment".to_owned(), commitment);
            events.push(Value::Object(members));
        }
        Ok(events)
    }

    async fn history_of_export(&self, view: &HolderView) -> Result<Vec<SealedEntry>, Fault> {
        let rows = self.history(view, None, MOST).await?;
        let entries = rows.into_iter().map(|row| SealedEntry {
            id: row.sequence,
            day: row.day.to_string(),
            commitment: row.commitment,
            digest: sm3(&[&row.sealed]),
        });
        Ok(entries.collect())
    }
}
