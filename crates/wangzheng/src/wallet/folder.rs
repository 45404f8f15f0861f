//! Where wallets live: `DIR/wallets/NAME/wallet.json`, and what `DIR/demo.json` says of the persons.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    failure::Failure,
    private_file,
    protocol::{
        Wallet,
        application::DocumentText,
        keys::{KeptKeys, RecoveryCode},
    },
};

/// The folder of one person's wallet.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    name: String,
}

/// An application that was sent and not answered: the service may know this code already.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Unanswered {
    /// Whom it was sent to.
    pub issuer: String,
    /// The recovery code it told the service to expect.
    pub recovery_code: RecoveryCode,
    /// The keys, where the service keeps the application until the registry answers: only they take it up (R15.2).
    #[serde(default)]
    pub kept: Option<KeptKeys>,
}

/// A sandbox person of `demo.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// Wallet name.
    pub name: String,
    /// Eight digits.
    pub pin: String,
    /// What the person presents.
    pub document: DocumentText,
    /// Wallet names of the guardians.
    #[serde(default)]
    pub guardians: Vec<String>,
}

impl Folder {
    /// The folder of `name` under the data directory; `name` is a wallet name, never a path.
    pub(crate) fn new(data: &Path, name: &str) -> Result<Self, Failure> {
        let fits = (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits {
            return Err(Failure::usage(format!(
                "{name:?} is not a person's name; use letters, digits, - and _"
            )));
        }
        Ok(Self {
            path: data.join("wallets").join(name),
            name: name.to_owned(),
        })
    }

    /// The wallet, if there is one.
    pub(crate) fn wallet(&self) -> Result<Option<Wallet>, Failure> {
        read(&self.path.join("wallet.json"))
    }

    /// The wallet a command needs.
    pub(crate) fn held_wallet(&self) -> Result<Wallet, Failure> {
        let name = &self.name;
        self.wallet()?.ok_or_else(|| {
            Failure::refused(
                "no_wangzheng",
                format!(
                    "{name} holds no 网证 in {}; apply first: wangzheng wallet apply --issuer URL --person {name}",
                    self.path.display()
                ),
            )
        })
    }

    /// Keeps the wallet.
    pub(crate) fn keep(&self, wallet: &Wallet) -> Result<(), Failure> {
        write(&self.path.join("wallet.json"), wallet)
    }

    /// Keeps the receipt of erasure, and destroys what was the person's here: keys, credential, 口令.
    pub(crate) fn leave(&self, receipt: &str) -> Result<(), Failure> {
        private_file::write(&self.path.join("erasure-receipt.jws"), receipt.as_bytes())
            .map_err(|error| Failure::disk(&self.path, &error))?;
        self.forget_unanswered()?;
        let path = self.path.join("wallet.json");
        // Overwritten first: the name alone would leave the keys on the disk.
        let length = fs::metadata(&path).map_or(0, |file| file.len());
        let zeros = vec![0; usize::try_from(length).unwrap_or(0)];
        fs::write(&path, zeros)
            .and_then(|()| fs::File::open(&path)?.sync_all())
            .and_then(|()| fs::remove_file(&path))
            .map_err(|error| Failure::disk(&path, &error))
    }

    /// A file of this person's in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The application that was never answered, if there is one.
    pub(crate) fn unanswered(&self) -> Result<Option<Unanswered>, Failure> {
        read(&self.path.join("application.json"))
    }

    /// Remembers that an application is on its way.
    pub(crate) fn keep_unanswered(&self, unanswered: &Unanswered) -> Result<(), Failure> {
        write(&self.path.join("application.json"), unanswered)
    }

    /// Forgets it: it was answered.
    pub(crate) fn forget_unanswered(&self) -> Result<(), Failure> {
        let path = self.path.join("application.json");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Failure::disk(&path, &error))
            }
            _ => Ok(()),
        }
    }
}

/// Lets the wallets of a demo follow it to another address; wallets of other services stay as they are.
pub(crate) fn follow(data: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let path = data.join("wallets");
    let entries = match fs::read_dir(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| Failure::disk(&path, &error))?,
    };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let Ok(folder) = Folder::new(data, &name.to_string_lossy()) else {
            continue;
        };
        if let Some(mut wallet) = folder.wallet()?
            && wallet.issuer == from
        {
            to.clone_into(&mut wallet.issuer);
            folder.keep(&wallet)?;
        }
    }
    Ok(())
}

/// The sandbox person of this name in `DIR/demo.json`.
pub(crate) fn person(data: &Path, name: &str) -> Result<Person, Failure> {
    #[derive(Deserialize)]
    struct Demo {
        persons: Vec<Person>,
    }
    let path = data.join("demo.json");
    let demo: Demo = read(&path)?.ok_or_else(|| {
        Failure::unable(format!(
            "{} is not there; the demo writes it: start `wangzheng demo` or name its folder with --data",
            path.display()
        ))
    })?;
    let names: Vec<_> = demo
        .persons
        .iter()
        .map(|person| person.name.clone())
        .collect();
    demo.persons
        .into_iter()
        .find(|person| person.name == name)
        .ok_or_else(|| {
            Failure::usage(format!(
                "there is no sandbox person {name:?}; there are: {}",
                names.join(" ")
            ))
        })
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| Failure::disk(path, &error))?,
    };
    serde_json::from_slice(&text).map(Some).map_err(|_| {
        Failure::unable(format!(
            "{} is damaged; put its back-up in its place or remove it",
            path.display()
        ))
    })
}

fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let text = serde_json::to_vec_pretty(value)
        .map_err(|_| Failure::unable(format!("{} could not be written", path.display())))?;
    private_file::write(path, &text).map_err(|error| Failure::disk(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::sample;

    #[test]
    fn a_wallet_survives_the_file() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::new(data.path(), "resident").unwrap();
        assert!(folder.wallet().unwrap().is_none());
        let wallet = sample::wallet();
        folder.keep(&wallet).unwrap();
        let read = folder.held_wallet().unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            serde_json::to_value(&wallet).unwrap()
        );
        let (read, kept) = (
            read.device_key.key().unwrap(),
            wallet.device_key.key().unwrap(),
        );
        assert_eq!(read.public(), kept.public());
    }

    #[test]
    fn wallets_follow_their_own_service_alone() {
        let data = tempfile::tempdir().unwrap();
        let (mine, other) = (sample::wallet(), Folder::new(data.path(), "other").unwrap());
        let folder = Folder::new(data.path(), "resident").unwrap();
        folder.keep(&mine).unwrap();
        let elsewhere = Wallet {
            issuer: "http://localhost:7000".to_owned(),
            ..mine.clone()
        };
        other.keep(&elsewhere).unwrap();
        follow(data.path(), &mine.issuer, "http://localhost:9000").unwrap();
        assert_eq!(
            folder.held_wallet().unwrap().issuer,
            "http://localhost:9000"
        );
        assert_eq!(other.held_wallet().unwrap().issuer, "http://localhost:7000");
    }

    #[test]
    fn a_damaged_wallet_is_no_missing_wallet() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::new(data.path(), "resident").unwrap();
        let path = data.path().join("wallets/resident/wallet.json");
        private_file::write(&path, b"{").unwrap();
        assert!(matches!(folder.wallet(), Err(Failure::Unable(_))));
    }

    #[test]
    fn a_name_is_never_a_path() {
        for name in ["", "..", "a/b", "../x", "a.b", "网"] {
            assert!(
                matches!(Folder::new(Path::new("."), name), Err(Failure::Usage(_))),
                "{name}"
            );
        }
    }
}
