//! Legal requests: the one other path by which data leaves, apart from everything else (Art. 9(2), R9.4).
//!
//! A named legal basis, an authority, a document; two persons of the service; a record that is a leaf of the public
//! log; a notice to the person, deferred at most; a published count. What can be given is a closed list of what the
//! service holds. **There is no history to give**: it is sealed to the person's devices (C1).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use async_trait::async_trait;
use base32ct::{Base32UpperUnpadded, Encoding};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::{PersonId, PlatformId};
use crate::person::apply::DocumentFields;
use crate::platform::LocalText;
use crate::store::StoreError;

pub mod draft;
pub mod provide;
pub mod tell;

/// `FL-XXXX-XXXX` (法律请求).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegalRequestId(String);

impl LegalRequestId {
    /// A new number.
    pub fn generate(random: &dyn Random) -> Self {
        let text = Base32UpperUnpadded::encode_string(&random::array::<5>(random));
        Self(format!("FL-{}-{}", &text[..4], &text[4..]))
    }

    /// Reads one as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: Vec<&str> = text.strip_prefix("FL-")?.split('-').collect();
        let good = |part: &&str| {
            part.len() == 4
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
        };
        (letters.len() == 2 && letters.iter().all(good)).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LegalRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A law that can demand data of this service. The list is closed: what is not in it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// 刑事诉讼法第五十四条: evidence in a criminal case.
    CriminalProcedure54,
    /// 反电信网络诈骗法第三十二条: fraud under way.
    AntiFraud32,
    /// 民事诉讼法第七十条: a court's order.
    CivilProcedure70,
}

impl LegalBasis {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::CriminalProcedure54,
        Self::AntiFraud32,
        Self::CivilProcedure70,
    ];

    /// The name in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CriminalProcedure54 => "criminal_procedure54",
            Self::AntiFraud32 => "anti_fraud32",
            Self::CivilProcedure70 => "civil_procedure70",
        }
    }

    /// The basis of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == name)
    }

    /// Its title.
    pub fn title(self) -> LocalText {
        match self {
            Self::CriminalProcedure54 => {
                LocalText::new("刑事诉讼法第五十四条", "Criminal Procedure Law, Art. 54")
            }
            Self::AntiFraud32 => LocalText::new(
                "反电信网络诈骗法第三十二条",
                "Law against Telecom and Online Fraud, Art. 32",
            ),
            Self::CivilProcedure70 => {
                LocalText::new("民事诉讼法第七十条", "Civil Procedure Law, Art. 70")
            }
        }
    }
}

/// What may be given at most: what the service holds (design §4). There is no variant for any use of a 网证.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayBeGiven {
    /// Whether there is a 网证, and its state.
    State,
    /// The day of the application.
    AppliedOn,
    /// The kind of the document.
    DocumentKind,
    /// Its number.
    DocumentNumber,
    /// The name of the holder.
    Name,
    /// The date of birth.
    BirthDate,
}

impl MayBeGiven {
    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::AppliedOn => "applied_on",
            Self::DocumentKind => "document_kind",
            Self::DocumentNumber => "document_number",
            Self::Name => "name",
            Self::BirthDate => "birth_date",
        }
    }
}

/// Whom it is about: named by the authority, never searched for (S10).
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Subject {
    /// The holder of a document, as the authority has it before it.
    Document(DocumentFields),
    /// Whom a platform knows by this identifier.
    Pairwise {
        /// Which platform.
        platform: PlatformId,
        /// `sub`.
        sub: String,
    },
}

/// A request as the authority makes it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLegalRequest {
    /// On which law.
    pub basis: LegalBasis,
    /// Which authority.
    pub authority: String,
    /// Number of its document.
    pub reference: String,
    /// Whom it is about.
    pub subject: Subject,
    /// What is asked.
    pub asks: BTreeSet<MayBeGiven>,
    /// Until when telling the person would defeat it (Art. 11(3)); none: the person is told at once.
    #[serde(default)]
    pub defer_until: Option<String>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalRequestState {
    /// It waits for two persons.
    Drafted,
    /// What was asked was given.
    Provided,
    /// There was nobody to give anything of.
    NothingHeld,
}

impl LegalRequestState {
    /// The name in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Provided => "provided",
            Self::NothingHeld => "nothing_held",
        }
    }

    /// The state of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Drafted, Self::Provided, Self::NothingHeld]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

/// What lies sealed in a request.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LegalContents {
    /// The request.
    pub(crate) new: NewLegalRequest,
    /// Whom it came to, once it was carried out: to tell the person.
    pub(crate) person: Option<PersonId>,
    /// What was given, until it is taken.
    pub(crate) given: Option<BTreeMap<MayBeGiven, String>>,
}

/// What a request asks, without whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalScope {
    /// Number of the authority's document.
    pub reference: String,
    /// What is asked.
    pub asks: BTreeSet<MayBeGiven>,
    /// Whether the authority names a document; otherwise an identifier of a platform.
    pub by_document: bool,
    /// Until when telling the person is to wait.
    pub defer_until: Option<String>,
    /// Whether what was given waits to be taken.
    pub waits: bool,
}

/// A request as it is stored: a reference row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalRequestRow {
    /// Which.
    pub request: LegalRequestId,
    /// On which law.
    pub basis: LegalBasis,
    /// Which authority.
    pub authority: String,
    /// Where it stands.
    pub state: LegalRequestState,
    /// Who entered it, by login.
    pub drafted_by: String,
    /// When.
    pub drafted_on: Day,
    /// When it was carried out.
    pub settled_on: Option<Day>,
    /// The day on which the person is to be told (Art. 11(3), (4)).
    pub tell_on: Option<Day>,
    /// The day on which the person was told.
    pub told_on: Option<Day>,
    /// One change at a time (B2).
    pub version: u32,
    /// Whom it is about and what was given, sealed to the officers: nobody else's business.
    pub sealed: Vec<u8>,
}

/// Legal requests in the store: a reference table.
#[async_trait]
pub trait LegalRequestStore: Send + Sync {
    /// Enters a request. Event outcome `done` or `in_use`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of its number.
    async fn draft_legal_request(
        &self,
        row: LegalRequestRow,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Replaces the version named by the next one. Event outcome `done`, or `moved` when somebody was faster.
    async fn change_legal_request(
        &self,
        row: LegalRequestRow,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// All requests, by number.
    async fn legal_requests(&self) -> Result<Vec<LegalRequestRow>, StoreError>;
}
