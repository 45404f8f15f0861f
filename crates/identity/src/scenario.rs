//! 场景: a reviewed purpose with its legal basis, mode and attributes (Art. 5, R5.1).

use serde::{Deserialize, Serialize};

use crate::age::marker::Bracket;
use crate::disclosure::attribute::Attribute;
use crate::id::ScenarioId;
use crate::platform::LocalText;
use crate::verification::mode::Mode;

/// A purpose that was reviewed and approved for one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Which, within its platform.
    pub id: ScenarioId,
    /// What the person is asked to do.
    pub title: LocalText,
    /// What for.
    pub purpose: LocalText,
    /// The law that asks for it.
    pub legal_basis: LocalText,
    /// How long the platform keeps the result.
    pub retention: LocalText,
    /// The weakest mode it allows (S6); a request may only raise it.
    pub mode: Mode,
    /// Attributes with a registered legal basis; empty: result only (R8.1).
    pub attributes: Vec<ApprovedAttribute>,
    /// Used when a request names no scenario.
    pub default: bool,
}

/// An attribute a scenario may ask for, with the law that allows it (Art. 8(2)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovedAttribute {
    /// Which.
    pub name: Attribute,
    /// The legal basis of this very attribute.
    pub legal_basis: LocalText,
    /// Of an age marker: the one bracket the platform has a duty about (Art. 10, R10.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bracket: Option<Bracket>,
}

impl Scenario {
    /// The attribute as it was approved here.
    pub fn approved(&self, attribute: Attribute) -> Option<&ApprovedAttribute> {
        self.attributes
            .iter()
            .find(|approved| approved.name == attribute)
    }
}
