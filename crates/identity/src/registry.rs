//! The outside register that knows which documents exist: a trait, and a simulator for demo and sandbox.
//!
//! A real register is an adapter that implements [`Registry`]. Population data never enters the service: it asks
//! about one presented document at a time (R4.1).

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::Date;

use crate::document::{Document, HolderName};

pub mod population;
pub mod simulator;

/// The authoritative source of legal documents (R4.1, R15.2).
#[async_trait]
pub trait Registry: Send + Sync {
    /// Asks whether this document exists, is this holder's, and is in force on `today` (Asia/Shanghai).
    async fn check(
        &self,
        document: &Document,
        today: Date,
    ) -> Result<RegistryAnswer, RegistryUnavailable>;
    /// Who the guardians of the holder of this document are, those no longer in force too (Art. 4(2)–(3), R4.2). Nobody,
    /// where there is no such document of such a holder. Whether the document is still valid plays no part.
    async fn guardians(
        &self,
        document: &Document,
    ) -> Result<Vec<GuardianRecord>, RegistryUnavailable>;
}

/// A guardian of somebody, as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianRecord {
    /// The human.
    pub holder_reference: HolderReference,
    /// What they are to the child.
    pub relation: Relation,
    /// Whether the guardianship holds today.
    pub in_force: bool,
}

/// What a guardian is to a child (Civil Code Art. 27: parents first, then others).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
    /// 其他监护人.
    Other,
}

impl Relation {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Other => "other",
        }
    }
}

/// What the registry says of a presented document.
///
/// The states of a document are told only to who presented the right holder and birth date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryAnswer {
    /// The document exists, is this holder's, and is in force.
    Match(RegistryRecord),
    /// It does not exist, or the holder or birth date is another: one answer, so that nobody can probe numbers.
    Mismatch,
    /// Past its last day of validity.
    Expired,
    /// Reported lost by its holder.
    Lost,
    /// Cancelled by its issuer, or replaced.
    Cancelled,
}

/// What the registry knows of the holder of a document in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryRecord {
    /// The human behind the document, if this registry can say so; the simulator always does. Without it one
    /// person with two documents cannot be told from two persons, and R2.3 is *not met* for the kind.
    pub holder_reference: Option<HolderReference>,
    /// The name as the registry writes it.
    pub name: HolderName,
    /// The date of birth.
    pub birth_date: Date,
    /// The last day of validity; `None` is 长期.
    pub valid_until: Option<Date>,
    /// Three letters, ISO 3166-1 alpha-3 as ICAO Doc 9303-3 extends it.
    pub nationality: String,
    /// As registered, if the kind of document records it.
    pub sex: Option<Sex>,
}

/// The registry's own name for a human, the same for every document of theirs, for ever.
///
/// As identifying as a document number: never stored or logged in plain text. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HolderReference(String);

impl HolderReference {
    /// Takes the registry's text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The registry's text, to be sealed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is digested under the service's key.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for HolderReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HolderReference(…)")
    }
}

/// Sex as documents record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// The registry did not answer; asking again later may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the document registry does not answer")]
pub struct RegistryUnavailable;
