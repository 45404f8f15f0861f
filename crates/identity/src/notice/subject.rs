//! What a notice is about, by name: the words may be mended, these say whether anything changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Purpose, manner, kinds of data and retention as names. The law asks for a new consent when purpose, manner or kind
/// changes (PIPL 14(2)); a longer retention is a change of manner here, the stricter reading. A mended word is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// `issue`, `verify` …
    pub purposes: BTreeSet<String>,
    /// `register_check`, `face_comparison` …
    pub manners: BTreeSet<String>,
    /// `document_number`, `name`, `face` …
    pub kinds: BTreeSet<String>,
    /// `until_leaving`, `moment` …
    pub retention: String,
}

impl Subject {
    /// From names.
    pub fn new(purposes: &[&str], manners: &[&str], kinds: &[&str], retention: &str) -> Self {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            purposes: set(purposes),
            manners: set(manners),
            kinds: set(kinds),
            retention: retention.to_owned(),
        }
    }

    /// What it does not say.
    pub fn missing(&self) -> Option<&'static str> {
        if self.purposes.is_empty() {
            Some("subject.purposes")
        } else if self.manners.is_empty() {
            Some("subject.manners")
        } else if self.kinds.is_empty() {
            Some("subject.kinds")
        } else if self.retention.trim().is_empty() {
            Some("subject.retention")
        } else {
            None
        }
    }
}
