//! Heads seen before: one file for each log. Who kept a head can tell when the log is rewritten.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use identity::log::checkpoint::Checkpoint;
use identity::log::keys::LogKeys;

use super::Unable;
use crate::wallet::private_file;

/// The file of one log.
pub(super) struct Seen(PathBuf);

impl Seen {
    /// `FOLDER/log-seen/<host of the log>.txt`; what is no letter, digit, dot or dash becomes `_`.
    pub(super) fn at(folder: &Path, origin: &str) -> Self {
        let host = origin.strip_suffix("/log").unwrap_or(origin);
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        };
        let name: String = host.chars().map(plain).collect();
        Self(folder.join("log-seen").join(format!("{name}.txt")))
    }

    /// The head kept last; `None` when there is none yet. A damaged file is not taken for none.
    pub(super) fn read(&self) -> Result<Option<Checkpoint>, Unable> {
        match std::fs::read_to_string(&self.0) {
            Ok(note) => match Checkpoint::parse_unverified(&note) {
                Some(head) => Ok(Some(head)),
                None => Err(self.unable("is not a checkpoint; if you know why, delete it")),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unable(&error.to_string())),
        }
    }

    /// Whether the head kept last is signed by one of these keys.
    pub(super) fn is_signed_by(&self, keys: &LogKeys) -> bool {
        std::fs::read_to_string(&self.0).is_ok_and(|note| Checkpoint::verify(&note, keys).is_ok())
    }

    /// Puts the head kept last aside, as `….old.txt`: the log is another one.
    pub(super) fn set_aside(&self) -> Result<(), Unable> {
        std::fs::rename(&self.0, self.0.with_extension("old.txt"))
            .map_err(|error| self.unable(&error.to_string()))
    }

    /// Keeps a signed head for the next time.
    pub(super) fn remember(&self, note: &str) -> Result<(), Unable> {
        private_file::write(&self.0, note.as_bytes())
            .map_err(|error| self.unable(&error.to_string()))
    }

    fn unable(&self, text: &str) -> Unable {
        Unable(format!("{}: {text}", self.0.display()))
    }
}
