//! Where a back-up is to lie: at home, or abroad by an assessment that two persons recorded (Art. 12(2), R12.2).

use std::path::Path;

use identity::clock::Day;
use identity::residency::{ExportPermit, HOME, permit_export};

use crate::config::Config;

use super::{BackupArguments, BackupError, open_store, refused, unable};

/// What an assessment names that lets back-ups out.
const WHAT: &str = "backup";

/// A place, and which places are home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) place: String,
    pub(super) home: Vec<String>,
}

impl Place {
    /// As the command and the configuration say.
    pub(super) fn of(arguments: &BackupArguments) -> Result<Self, BackupError> {
        let (home, configured) = match &arguments.config {
            Some(path) => {
                let residency = Config::read(path).map_err(unable)?.residency;
                (residency.home, residency.backup)
            }
            None => (vec![HOME.to_owned()], None),
        };
        let place = arguments.place.clone().or(configured);
        Ok(Self {
            place: place.unwrap_or_else(|| HOME.to_owned()),
            home,
        })
    }

    /// The permit, by what the database in `data` records.
    pub(super) async fn permit(
        &self,
        data: &Path,
        today: Day,
    ) -> Result<ExportPermit, BackupError> {
        let database = data.join("wangzheng.db");
        // Opening would make one.
        if !database.exists() {
            return Err(refused(format!(
                "{} is not there; give the folder with --data",
                database.display()
            )));
        }
        let store = open_store(&database)?;
        let permitted = permit_export(&store, today, WHAT, &self.place, &self.home).await;
        permitted.map_err(unable)?.map_err(|error| {
            refused(format!(
                "{error}; a system administrator proposes approve_export, a security administrator confirms it"
            ))
        })
    }
}
