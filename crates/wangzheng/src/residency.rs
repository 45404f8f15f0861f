//! Where each store, back-up and log lies (Art. 12(2), R12.2).

use identity::residency::HOME;
use serde::{Deserialize, Serialize};

/// `[residency]`: ISO 3166 codes. Production does not start while one is missing or abroad.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Residency {
    /// The territory.
    pub(crate) home: Vec<String>,
    /// The database.
    pub(crate) database: Option<String>,
    /// The key file.
    pub(crate) keys: Option<String>,
    /// Back-ups.
    pub(crate) backup: Option<String>,
    /// The service's own log.
    pub(crate) log: Option<String>,
}

impl Default for Residency {
    fn default() -> Self {
        Self {
            home: vec![HOME.to_owned()],
            database: None,
            keys: None,
            backup: None,
            log: None,
        }
    }
}

/// A store that may not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misplaced {
    /// Nobody said where.
    #[error("R12.2: [residency] does not say where {0} lies")]
    Unsaid(&'static str),
    /// Abroad.
    #[error("R12.2: {store} lies in {place}, outside the territory ({home})")]
    Abroad {
        /// Which.
        store: &'static str,
        /// Where.
        place: String,
        /// Where it may lie.
        home: String,
    },
}

impl Residency {
    /// The stores, in order, with where they lie.
    pub(crate) fn stores(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("database", self.database.as_deref()),
            ("keys", self.keys.as_deref()),
            ("backup", self.backup.as_deref()),
            ("log", self.log.as_deref()),
        ]
    }

    /// What is wrong with each store; empty when all lie at home.
    pub(crate) fn misplaced(&self) -> Vec<Misplaced> {
        let wrong = self
            .stores()
            .into_iter()
            .filter_map(|(store, place)| match place {
                None => Some(Misplaced::Unsaid(store)),
                Some(place) if self.home.iter().any(|home| home == place) => None,
                Some(place) => Some(Misplaced::Abroad {
                    store,
                    place: place.to_owned(),
                    home: self.home.join(", "),
                }),
            });
        wrong.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r12_2_every_store_says_where_it_lies_and_none_lies_abroad() {
        let all: Residency = toml::from_str(
            r#"database = "CN"
keys = "CN"
backup = "CN"
log = "CN""#,
        )
        .unwrap();
        assert!(all.misplaced().is_empty());
        assert_eq!(
            Residency::default().misplaced().len(),
            4,
            "nothing is assumed"
        );
        let mut abroad = all;
        abroad.backup = Some("SG".to_owned());
        let found = abroad.misplaced();
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().contains("backup lies in SG"));
    }
}
