//! 换证 and 更正: a renewed document, another document of the same person, a corrected name (R15.2, PIPL 46).
//!
//! The registry decides: what it confirms of the same human is taken over, whatever the number is now.

use crypto::PublicKey;

use crate::clock::Day;
use crate::document::{DocumentError, DocumentNumber};
use crate::inbox::InboxNote;
use crate::person::apply::{ApplyError, ApplyRefused, CheckedDocument, DocumentFields};
use crate::person::issue::record_place;
use crate::person::recover::{Act, open_record};
use crate::person::{HolderView, PersonRecord, PersonRow};
use crate::platform::LocalText;
use crate::registry::{HolderReference, RegistryAnswer, RegistryRecord};
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::wanghao::Wanghao;
use crate::wangzheng::{Suspension, WangzhengRow, WangzhengState};

use super::{DocumentChange, DocumentChanged, not_valid, note};

/// What a person holds after a change.
pub struct RenewedWangzheng {
    /// The credential for the acting device; the others fetch theirs.
    pub credential: String,
    /// Which issue it is.
    pub serial: u32,
    /// The state now.
    pub state: WangzhengState,
    /// Last day of validity.
    pub valid_until: Day,
    /// What changed, by name and never by value: `document_number`, `name` …
    pub changed: Vec<&'static str>,
}

/// Why nothing was changed. Every one says why and what to do (PIPL 50).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenewRefused {
    /// R15.1: the document as typed.
    #[error("R15.1: {0}")]
    Document(#[from] DocumentError),
    /// PIPL 46: the registry is the source of truth, and says otherwise.
    #[error("PIPL 46: the registry does not confirm it: {}", .0.as_str())]
    SaysOtherwise(Suspension),
    /// R2.3: the document is another human's.
    #[error("R15.2: the document is not this person's")]
    OfAnother,
    /// The document check of a renewal.
    #[error(transparent)]
    Check(ApplyRefused),
    /// Something else changed at the same moment.
    #[error("another change came first")]
    Overtaken,
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] RenewRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ApplyError> for RenewError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(refused) => RenewRefused::Check(refused).into(),
            ApplyError::Fault(fault) => fault.into(),
        }
    }
}

impl RenewRefused {
    /// The reason in words (PIPL 50).
    pub fn reason(&self) -> LocalText {
        let (chinese, english) = match self {
            Self::SaysOtherwise(Suspension::DocumentUnconfirmed) => (
                "登记库没有确认你填写的号码、姓名和出生日期。我们只按登记库更正，不能自行改动。",
                "The register does not confirm the number, name and date of birth you gave. Corrections follow the register; this service cannot decide them itself.",
            ),
            Self::SaysOtherwise(why) => return why.reason(),
            Self::OfAnother => (
                "这份证件不是本网证持有人的。",
                "This document is not of the holder of this credential.",
            ),
            Self::Document(_) => (
                "证件号码、日期的格式不对，或者互相矛盾。",
                "The number or a date is not well formed, or they contradict each other.",
            ),
            Self::Check(_) => ("证件核验没有通过。", "The document check did not pass."),
            Self::Overtaken => (
                "同一时间另有一次变更。",
                "Another change was made at the same moment.",
            ),
        };
        LocalText::new(chinese, english)
    }

    /// What the person can do (PIPL 50).
    pub fn next_step(&self) -> LocalText {
        let (chinese, english) = match self {
            Self::SaysOtherwise(Suspension::DocumentUnconfirmed) => (
                "请先到发证机关（居民身份证：户籍地或居住地公安派出所；其他证件：出入境管理机构）更正登记，再回来更正。",
                "Have the register corrected first by the authority that issued the document (identity card: the police station of your household or residence; other documents: the exit-entry administration), then come back.",
            ),
            Self::SaysOtherwise(why) => return why.next_step(),
            Self::OfAnother => ("请使用本人的证件。", "Use a document of your own."),
            Self::Document(_) | Self::Check(_) => (
                "请对照证件检查后再试。",
                "Compare it with the document and try again.",
            ),
            Self::Overtaken => ("请重新打开页面再试。", "Reload the page and try again."),
        };
        LocalText::new(chinese, english)
    }
}

/// What came of a correction.
pub enum Corrected {
    /// The registry confirms what is held.
    Unchanged,
    /// Taken over.
    Changed(Box<RenewedWangzheng>),
    /// The registry does not answer: the correction waits, and the person is told when it is done.
    Waiting {
        /// To ask with.
        number: String,
    },
}

/// A change that was taken over, before anybody got a credential of it.
pub(super) struct TakenOver {
    record: PersonRecord,
    registered: RegistryRecord,
    serial: u32,
    state: WangzhengState,
    valid_until: Day,
    changed: Vec<&'static str>,
}

/// What the registry made of a document of a known person.
pub(super) enum Asked {
    Unavailable,
    Unchanged,
    Changed(Box<TakenOver>),
}

impl Service {
    /// A renewed document, or another one of the same human (R15.2): its chip was read, as at
    /// application, and it is the person's by the registry's own reference (R2.3).
    pub async fn renew(
        &self,
        proven: &ProvenDevice<Act>,
        checked: &CheckedDocument,
    ) -> Result<RenewedWangzheng, RenewError> {
        let view = proven.view();
        // 1. The document must be this person's own.
        match self.holder_of(&checked.holder()).await {
            Ok(owner) if owner.person == view.person.person => {}
            Ok(_) | Err(ApplyError::Refused(_)) => return Err(RenewRefused::OfAnother.into()),
            Err(ApplyError::Fault(fault)) => return Err(fault.into()),
        }
        // 2. Taken over, with a new issue of the 网证.
        let record = open_record(&view.person, &self.data_key(&view.person)?)?;
        let registered = checked.registry_record()?;
        let today = self.now().date();
        let number = DocumentNumber::parse(checked.kind, &checked.canonical, today);
        let number = number.map_err(RenewRefused::from)?;
        let taken = self
            .take_over_from(
                &view.person,
                &view.wangzheng,
                &record,
                (&number, registered),
            )
            .await?;
        self.issue_renewed(view, taken)
    }

    /// Correct through the registry (PIPL 46): with what is held, or with what the person says is right.
    pub async fn correct(
        &self,
        proven: &ProvenDevice<Act>,
        typed: Option<DocumentFields>,
    ) -> Result<Corrected, RenewError> {
        let view = proven.view();
        let (person, wangzheng) = (&view.person, &view.wangzheng);
        match self
            .ask_for_correction(person, wangzheng, typed.as_ref())
            .await?
        {
            Asked::Unavailable => Ok(Corrected::Waiting {
                number: self.wait_for_registry(person, typed.as_ref()).await?,
            }),
            Asked::Unchanged => Ok(Corrected::Unchanged),
            Asked::Changed(taken) => Ok(Corrected::Changed(Box::new(
                self.issue_renewed(view, *taken)?,
            ))),
        }
    }

    /// Asks the registry about a known person's document, and takes over what it says.
    pub(super) async fn ask_for_correction(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
        typed: Option<&DocumentFields>,
    ) -> Result<Asked, RenewError> {
        // 1. What is asked about.
        let now = self.now();
        let record = open_record(person, &self.data_key(person)?)?;
        let document = match typed {
            Some(fields) => fields.parse(now.date()).map_err(RenewRefused::from)?,
            None => record.document(now.date())?,
        };
        // 2. The registry: silence is no answer.
        let Ok(answer) = self.registry.check(&document, now.date()).await else {
            return Ok(Asked::Unavailable);
        };
        // 3. It says otherwise. Of what is held, that suspends (R15.2); of what was typed, it refuses.
        if let Some(why) = not_valid(&answer) {
            if typed.is_none() {
                self.suspend(person, wangzheng, why).await?;
            }
            return Err(RenewRefused::SaysOtherwise(why).into());
        }
        let RegistryAnswer::Match(registered) = answer else {
            return Err(Fault::Invariant("an answer of the registry").into());
        };
        // 4. Of the same human?
        let number = document.number();
        let reference = registered.holder_reference.clone().unwrap_or_else(|| {
            HolderReference::new(format!("{}/{}", number.kind().as_str(), number.canonical()))
        });
        if self.holder_digest(&reference)? != person.holder {
            return Err(RenewRefused::OfAnother.into());
        }
        // 5. Anything new?
        let same = record.document_number == number.canonical()
            && record.document_kind == number.kind()
            && record.agrees_with(&registered);
        if same && wangzheng.suspension_on(now.day()).is_none() {
            let event = self.checked_event(person.person, "confirmed");
            let checked = self.store.document_checked(person.person, now.day(), event);
            checked.await.map_err(Fault::from)?;
            return Ok(Asked::Unchanged);
        }
        let taken = self
            .take_over_from(person, wangzheng, &record, (number, registered))
            .await?;
        Ok(Asked::Changed(Box::new(taken)))
    }

    async fn take_over_from(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
        record: &PersonRecord,
        (number, registered): (&DocumentNumber, RegistryRecord),
    ) -> Result<TakenOver, RenewError> {
        let new = record.renewed(number, &registered);
        let changed = record.changes_to(&new);
        let state = self
            .take_over(person, wangzheng, &new, note::renewed())
            .await?;
        let (valid_until, _) = self.validity(new.document_valid_until, self.now().day());
        Ok(TakenOver {
            record: new,
            registered,
            serial: wangzheng.serial + 1,
            state,
            valid_until,
            changed,
        })
    }

    /// One unit: record, document, validity, serial, notice.
    pub(super) async fn take_over(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
        new: &PersonRecord,
        told: InboxNote,
    ) -> Result<WangzhengState, RenewError> {
        let today = self.now().day();
        let data_key = self.data_key(person)?;
        let plain = serde_json::to_vec(new).map_err(|_| Fault::Invariant("record"))?;
        let sealed_record = data_key
            .seal(&record_place(&person.person), &plain, self.random())
            .map_err(|_| Fault::Invariant("seal"))?;
        let (valid_until, ends_with_document) = self.validity(new.document_valid_until, today);
        let change = DocumentChange {
            person: person.person,
            serial: wangzheng.serial,
            sealed_record,
            document: self.document_digest(new.document_kind.as_str(), &new.document_number)?,
            valid_until,
            ends_with_document,
            today,
        };
        let notice = self.note_entry(person, &told)?;
        let event = self.checked_event(person.person, "renewed");
        let changed = self.store.change_document(change, notice, event).await;
        match changed.map_err(Fault::from)? {
            DocumentChanged::Changed(state) => Ok(state),
            DocumentChanged::Overtaken => Err(RenewRefused::Overtaken.into()),
            DocumentChanged::OfAnother => Err(RenewRefused::OfAnother.into()),
        }
    }

    fn issue_renewed(
        &self,
        view: &HolderView,
        taken: TakenOver,
    ) -> Result<RenewedWangzheng, RenewError> {
        let credential =
            self.credential_for(view, &taken.record, &taken.registered, taken.valid_until)?;
        Ok(RenewedWangzheng {
            credential,
            serial: taken.serial,
            state: taken.state,
            valid_until: taken.valid_until,
            changed: taken.changed,
        })
    }

    /// A credential for the acting device.
    pub(crate) fn credential_for(
        &self,
        view: &HolderView,
        record: &PersonRecord,
        registered: &RegistryRecord,
        valid_until: Day,
    ) -> Result<String, Fault> {
        let curve = view.device.curve;
        let key = PublicKey::from_sec1(curve.curve(), &view.device.signing_key)
            .map_err(|_| Fault::Invariant("a stored device key is no key"))?;
        self.issue_credential(record, registered, valid_until, (&key, curve))
    }
}

impl PersonRecord {
    /// The record with what the registry says of a document; 网号 and proofing stay.
    pub(super) fn renewed(&self, number: &DocumentNumber, registered: &RegistryRecord) -> Self {
        Self {
            document_kind: number.kind(),
            document_number: number.canonical().to_owned(),
            holder_name: registered.name.as_str().to_owned(),
            birth_date: registered.birth_date,
            document_valid_until: registered.valid_until,
            proofing: self.proofing,
            wanghao: self.wanghao.clone(),
        }
    }

    /// What differs, by name and never by value.
    fn changes_to(&self, new: &Self) -> Vec<&'static str> {
        [
            ("document_kind", self.document_kind != new.document_kind),
            (
                "document_number",
                self.document_number != new.document_number,
            ),
            ("name", self.holder_name != new.holder_name),
            ("birth_date", self.birth_date != new.birth_date),
            (
                "valid_until",
                self.document_valid_until != new.document_valid_until,
            ),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }

    /// The 网号, checked.
    pub(crate) fn wanghao(&self) -> Result<Wanghao, Fault> {
        Wanghao::parse(&self.wanghao).ok_or(Fault::Invariant("wanghao"))
    }
}
