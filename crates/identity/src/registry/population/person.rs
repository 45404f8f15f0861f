//! One synthetic person.

use time::{Date, Month};

use crate::document::{Document, DocumentNumber};
use crate::registry::{HolderReference, RegistryRecord, Sex};

/// What the registry has noted about a person's documents, beside their dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistryState {
    /// Nothing against them.
    InForce,
    /// Reported lost.
    Lost,
    /// Cancelled.
    Cancelled,
}

/// A synthetic person, with everything a sandbox wallet needs to be that person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxPerson {
    /// The wallet's name, such as `resident` or `generated-17`.
    pub name: String,
    /// The document this person presents.
    pub document: Document,
    /// Other documents of the same human: a second kind, a renewed passport (R2.3, R15.2).
    pub further_documents: Vec<Document>,
    /// The same for all documents of this human.
    pub holder_reference: HolderReference,
    /// State of all documents of this human in the registry.
    pub state: RegistryState,
    /// Three letters, as in [`RegistryRecord`].
    pub nationality: &'static str,
    /// As registered.
    pub sex: Sex,
    /// Eight digits that the PIN rule allows.
    pub pin: String,
    /// What this person's wallet shows the face simulator unless told otherwise: a match.
    pub face: &'static str,
    /// Names of the persons who are this child's guardians.
    pub guardians: Vec<String>,
}

/// What a test or a sandbox says of a person it adds.
#[derive(Debug, Clone)]
pub struct Synthetic<'a> {
    /// The wallet's name.
    pub name: &'a str,
    /// Name on the document.
    pub holder: &'a str,
    /// Date of birth.
    pub birth_date: Date,
    /// Last day of validity of the resident identity card.
    pub valid_until: Date,
    /// Names of guardians.
    pub guardians: &'a [&'a str],
}

impl SandboxPerson {
    /// A person with a resident identity card whose number belongs to nobody (area code ending in `0000`).
    pub fn synthetic(
        person: &Synthetic<'_>,
        today: Date,
    ) -> Result<Self, crate::document::DocumentError> {
        let number = super::number::dated("430000", person.birth_date, 998)?;
        let validity = (person.birth_date, Some(person.valid_until));
        let kind = crate::document::DocumentKind::ResidentIdentityCard;
        let document = super::number::document(kind, &number, person.holder, validity, today)?;
        Ok(Self {
            name: person.name.to_owned(),
            document,
            further_documents: Vec::new(),
            holder_reference: HolderReference::new(format!("sandbox-{}", person.name)),
            state: RegistryState::InForce,
            nationality: "CHN",
            sex: Sex::Female,
            pin: pin(0),
            face: MATCHING_FACE,
            guardians: person
                .guardians
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        })
    }

    /// All documents of this human, the presented one first.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        std::iter::once(&self.document).chain(&self.further_documents)
    }

    /// The document with this canonical number, if it is one of this human's.
    pub fn document_with(&self, number: &DocumentNumber) -> Option<&Document> {
        self.documents().find(|document| {
            let own = document.number();
            own.kind() == number.kind() && own.canonical() == number.canonical()
        })
    }

    /// What the registry tells of this person to who presented `document`.
    pub(in crate::registry) fn record(&self, document: &Document) -> RegistryRecord {
        RegistryRecord {
            holder_reference: Some(self.holder_reference.clone()),
            name: document.holder().clone(),
            birth_date: document.birth_date(),
            valid_until: document.valid_until(),
            nationality: self.nationality.to_owned(),
            sex: Some(self.sex),
        }
    }
}

/// The sample that the face simulator takes for the holder's.
pub(super) const MATCHING_FACE: &str = "ok";

/// The last day of validity of documents that are in force: 31 December one to four years ahead, the same for
/// four calendar years.
pub(super) fn valid_until(today: Date) -> Date {
    let year = today.year();
    let last_year = (year / 4 + 1) * 4;
    Date::from_calendar_date(last_year, Month::December, 31).unwrap_or(Date::MAX)
}

/// A PIN that no rule refuses, deterministic: the digits of `58203947` in one of ten rotations of value.
///
/// Adding the same amount to every digit modulo ten keeps them distinct and keeps neighbours at least two apart.
pub(super) fn pin(variant: u64) -> String {
    const BASE: [u64; 8] = [5, 8, 2, 0, 3, 9, 4, 7];
    BASE.iter()
        .map(|digit| ((digit + variant) % 10).to_string())
        .collect()
}
