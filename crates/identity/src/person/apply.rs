//! 申领: a person applies for 网号 and 网证 (Art. 4). Two steps: the document is checked, then the
//! device's keys make it a 网证. Nothing is stored before the second.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::age::{AgeGroup, age_group};
use crate::clock::Day;
use crate::consent::{Consent, ConsentMissing, Consented};
use crate::document::{Document, DocumentError, DocumentKind, DocumentNumber, HolderName};
use crate::guardianship::GuardianRefused;
use crate::pin::PinRule;
use crate::proofing::{self, DocumentRead, Evidence, EvidenceInsufficient, ProofingLevel};
use crate::registry::{HolderReference, RegistryAnswer, RegistryRecord, Sex};
use crate::service::{Fault, Service};
use crate::statement::StatementRefused;

/// Type of the statement a new device signs: `wz-apply+jwt`.
pub const APPLY_TYPE: &str = "wz-apply+jwt";

/// A document as a person types it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFields {
    /// Wire name of the kind.
    pub kind: String,
    /// As printed.
    pub number: String,
    /// As printed.
    pub holder: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// `YYYY-MM-DD`; absent or empty: 长期.
    #[serde(default)]
    pub valid_until: Option<String>,
}

/// Why an application is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyRefused {
    /// R9.2: before anything is processed.
    #[error("R9.2: {0}")]
    Consent(#[from] ConsentMissing),
    /// R15.1: the document as typed.
    #[error("R15.1: {0}")]
    Document(#[from] DocumentError),
    /// R4.1: the registry knows no such document of such a holder.
    #[error("R4.1: the registry has no such document")]
    Mismatch,
    /// R4.1: past its validity.
    #[error("R4.1: the document has expired")]
    DocumentExpired,
    /// R4.1: reported lost.
    #[error("R4.1: the document was reported lost")]
    DocumentLost,
    /// R4.1: cancelled.
    #[error("R4.1: the document was cancelled")]
    DocumentCancelled,
    /// The registry does not answer: later, never a guess.
    #[error("the registry does not answer")]
    RegistryUnavailable,
    /// R4.4: neither issue nor use below the minimum age, with or without a guardian.
    #[error("R4.4: no service under the minimum age")]
    TooYoung,
    /// Art. 4(2)–(3): at this age a guardian has a part in it, and none came with it.
    #[error("{}", guardian_rule(*.0))]
    GuardianNeeded(AgeGroup),
    /// The guardian's part.
    #[error("{0}")]
    Guardian(#[from] GuardianRefused),
    /// The evidence.
    #[error("{0}")]
    Evidence(#[from] EvidenceInsufficient),
    /// The 口令.
    #[error("{0}")]
    Pin(#[from] PinRule),
    /// The device's statement.
    #[error("{0}")]
    Statement(#[from] StatementRefused),
    /// A key or wrap is not of its form.
    #[error("a key of the device is not valid")]
    DeviceKeys,
    /// R2.3: this human holds a 网号 already.
    #[error("R2.3: this person holds a network number already")]
    AlreadyHolds,
    /// R2.3: this human left more than once, and comes back when the wait is over.
    #[error("R2.3: after leaving again, a new application is possible from {0} on")]
    ReturnsFrom(Day),
    /// P-recovery: nobody to recover.
    #[error("this person holds no network number")]
    HoldsNone,
    /// P-recovery: the recovery code is not the person's.
    #[error("the recovery code is wrong")]
    RecoveryCodeWrong,
    /// As many devices as policy allows.
    #[error("no further device is allowed")]
    TooManyDevices,
    /// The checked document waited too long.
    #[error("the application has expired")]
    Expired,
}

fn guardian_rule(group: AgeGroup) -> &'static str {
    match group {
        AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => {
            "R4.2: under 14 a guardian must consent and apply for the child"
        }
        AgeGroup::GuardianSupervises | AgeGroup::Adult => {
            "R4.3: from 14 to 17 a guardian must supervise the application"
        }
    }
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// By a rule.
    #[error(transparent)]
    Refused(ApplyRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<ApplyRefused>> From<T> for ApplyError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

/// A document that the registry knows, of a person who consented and may apply. Only
/// [`Service::check_document`] makes one.
pub struct CheckedDocument {
    pub(crate) consents: Vec<Consent>,
    pub(crate) group: AgeGroup,
    pub(crate) kind: DocumentKind,
    pub(crate) canonical: String,
    pub(crate) holder_reference: Option<String>,
    pub(crate) name: String,
    pub(crate) birth_date: Date,
    pub(crate) valid_until: Option<Date>,
    pub(crate) nationality: String,
    pub(crate) sex: Option<Sex>,
    pub(crate) level: ProofingLevel,
}

impl Service {
    /// The first step: consent, document, registry, age, evidence — in this order.
    pub async fn check_document(
        &self,
        consents: &[Consent],
        fields: &DocumentFields,
        evidence: &Evidence,
    ) -> Result<CheckedDocument, ApplyError> {
        // 1. Consent before anything is processed (Art. 9(1), R9.2).
        let shows_face = evidence.face.is_some();
        let consented = Consented::for_application(consents, &self.notices(), shows_face)
            .map_err(ApplyRefused::from)?;
        // 2. The document in itself (R15.1).
        let today = self.now().date();
        let document = fields.parse(today).map_err(ApplyRefused::from)?;
        // 3. The registry (R4.1): existence, holder, validity, loss.
        let record = self.ask_registry(&document, today).await?;
        // 4. The age rules (R4.2–R4.4), by the registry's date. Whether a guardian has a part in it is checked where
        //    the device's key is known: the guardian's statement names it.
        let group = age_group(record.birth_date, today, &self.policy.age);
        if group == AgeGroup::BelowMinimum {
            return Err(ApplyRefused::TooYoung.into());
        }
        // 5. The evidence that it is this person (P-face: never a face as the only way).
        let elsewhere = self.was_read_elsewhere(&document, evidence.reading.as_deref())?;
        let read = if evidence.chip || elsewhere {
            DocumentRead::Yes
        } else {
            DocumentRead::No
        };
        let level = proofing::weigh(read, evidence, self.face.as_ref())
            .await
            .map_err(ApplyRefused::from)?;
        Ok(CheckedDocument {
            consents: consented.consents().to_vec(),
            group,
            kind: document.kind(),
            canonical: document.number().canonical().to_owned(),
            holder_reference: record
                .holder_reference
                .map(|reference| String::from_utf8_lossy(reference.as_bytes()).into_owned()),
            name: record.name.as_str().to_owned(),
            birth_date: record.birth_date,
            valid_until: record.valid_until,
            nationality: record.nationality,
            sex: record.sex,
            level,
        })
    }

    pub(crate) async fn ask_registry(
        &self,
        document: &Document,
        today: Date,
    ) -> Result<RegistryRecord, ApplyRefused> {
        match self.registry.check(document, today).await {
            Ok(RegistryAnswer::Match(record)) => Ok(record),
            Ok(RegistryAnswer::Mismatch) => Err(ApplyRefused::Mismatch),
            Ok(RegistryAnswer::Expired) => Err(ApplyRefused::DocumentExpired),
            Ok(RegistryAnswer::Lost) => Err(ApplyRefused::DocumentLost),
            Ok(RegistryAnswer::Cancelled) => Err(ApplyRefused::DocumentCancelled),
            Err(_) => Err(ApplyRefused::RegistryUnavailable),
        }
    }
}

impl DocumentFields {
    /// Reads what was typed (R15.1).
    pub fn parse(&self, today: Date) -> Result<Document, DocumentError> {
        let kind: DocumentKind = self.kind.parse()?;
        let number = DocumentNumber::parse(kind, &self.number, today)?;
        let holder = HolderName::parse(&self.holder)?;
        let birth_date = parse_date(&self.birth_date)?;
        let valid_until = match self.valid_until.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(parse_date(text)?),
        };
        Document::new(number, holder, birth_date, valid_until, today)
    }
}

fn parse_date(text: &str) -> Result<Date, DocumentError> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    Date::parse(text.trim(), format).map_err(|_| DocumentError::Date)
}

impl CheckedDocument {
    /// Which duties follow from the holder's age.
    pub fn age_group(&self) -> AgeGroup {
        self.group
    }

    /// What the registry knows of one human by: its own reference, or the document when it has none.
    pub(crate) fn holder(&self) -> HolderReference {
        match &self.holder_reference {
            Some(reference) => HolderReference::new(reference.clone()),
            None => HolderReference::new(format!("{}/{}", self.kind.as_str(), self.canonical)),
        }
    }

    pub(crate) fn registry_record(&self) -> Result<RegistryRecord, Fault> {
        Ok(RegistryRecord {
            holder_reference: self.holder_reference.clone().map(HolderReference::new),
            name: HolderName::parse(&self.name).map_err(|_| Fault::Invariant("holder name"))?,
            birth_date: self.birth_date,
            valid_until: self.valid_until,
            nationality: self.nationality.clone(),
            sex: self.sex,
        })
    }
}
