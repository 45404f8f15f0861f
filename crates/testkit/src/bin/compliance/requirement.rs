//! The duties, by article.

use std::path::Path;

use serde::Deserialize;

use crate::Failed;

/// One duty.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Requirement {
    /// `R8.1`, `P-face` …
    pub(crate) id: String,
    /// The article or source it comes from: `Art. 8`.
    pub(crate) article: String,
    /// What must be true, in Chinese.
    pub(crate) chinese: String,
    /// The same in English.
    pub(crate) english: String,
}

/// Reads the table; an id stands in it once.
pub(crate) fn read(path: &Path) -> Result<Vec<Requirement>, Failed> {
    let requirements: Vec<Requirement> = serde_json::from_slice(&std::fs::read(path)?)?;
    for (place, requirement) in requirements.iter().enumerate() {
        if requirements[..place]
            .iter()
            .any(|other| other.id == requirement.id)
        {
            return Err(format!("{} stands twice in {}", requirement.id, path.display()).into());
        }
    }
    Ok(requirements)
}
