//! `wangzheng backup` and `restore`: erasure survives back-ups (R9.5, design §4 Keys).
//!
//! A back-up has two parts: `database.sqlite` without the wrapped data keys, to be kept as long as one likes, and
//! `data-keys.sealed` under a key of the day that is destroyed after seven days ([`window`]). Who has the first part
//! alone has sealed rows nobody can open; so has everybody when the seven days are over. The key file and its
//! passphrase are in no back-up: they are kept apart, as every day.
//!
//! Who left after a back-up was made is on a list beside those keys ([`erased`]), and does not come back with it. A
//! back-up that is to lie abroad asks for its permit first (R12.2).

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use crypto::digest::sm3;
use crypto::keystore::SealedFile;
use crypto::random::SystemRandom;
use identity::clock::{Clock, SystemClock, Timestamp};
use identity::residency::ExportPermit;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Options, Sqlite};

use crate::wiring::read_passphrase;

pub(crate) mod erased;
mod permit;
pub(crate) mod restore;
pub(crate) mod window;

use permit::Place;
use window::Window;

const DATA_PART: &str = "database.sqlite";
const KEY_PART: &str = "data-keys.sealed";

/// `wangzheng backup`
#[derive(Debug, Clone, Args)]
pub(crate) struct BackupArguments {
    /// Folder with database, keys and passphrase; the service may be running
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// New folder for the back-up
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Where the keys of back-ups live for seven days [default: DATA/backup-keys]
    #[arg(long, value_name = "DIR")]
    pub backup_keys: Option<PathBuf>,
    /// Configuration file whose [residency] says which territory is home and where back-ups lie
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// ISO 3166 code of where --out lies [default: what the configuration says of back-ups, else CN]
    #[arg(long, value_name = "CODE")]
    pub place: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// `wangzheng restore`
#[derive(Debug, Clone, Args)]
pub(crate) struct RestoreArguments {
    /// The back-up
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// Folder to restore into: it holds the key file and passphrase, and no database
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Copy key file and passphrase from this folder first
    #[arg(long, value_name = "DIR")]
    pub keys_from: Option<PathBuf>,
    /// Where the keys of back-ups are [default: backup-keys beside the key file]
    #[arg(long, value_name = "DIR")]
    pub backup_keys: Option<PathBuf>,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// Why there is no back-up, or no restored database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    /// A rule: a part is missing, they do not belong together, their time is over.
    #[error("{0}")]
    Refused(String),
    /// Disk or keys.
    #[error("{0}")]
    Unable(String),
}

/// What stands in front of the sealed data keys, in the clear: which key opens them, and which data part is theirs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    version: u32,
    made_at: Timestamp,
    key: String,
    opens_until: Timestamp,
    database: String,
    /// Where it was made for, and the assessment that this rests on abroad (R12.2).
    #[serde(default)]
    place: String,
    #[serde(default)]
    assessment: Option<String>,
}

/// One data key as the key part spells it.
#[derive(Serialize, Deserialize)]
struct Spelled(u16, [u8; 12], Vec<u8>);

fn unable(error: impl std::fmt::Display) -> BackupError {
    BackupError::Unable(error.to_string())
}

fn refused(text: impl Into<String>) -> BackupError {
    BackupError::Refused(text.into())
}

/// Runs `backup`.
pub(crate) async fn back_up(
    arguments: &BackupArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let window = arguments.backup_keys.clone();
    let window = Window::at(window.unwrap_or_else(|| arguments.data.join("backup-keys")));
    let now = SystemClock.now();
    let made = async {
        let place = Place::of(arguments)?;
        let permit = place.permit(&arguments.data, now.day()).await?;
        make(&arguments.data, &arguments.out, &window, &permit, now).await
    };
    let made = made.await;
    let text = made.map(|header| {
        let until = header.opens_until.day();
        if arguments.json {
            return json!({
                "done": true, "out": arguments.out, "keys_until": until.to_string(),
                "place": header.place, "assessment": header.assessment,
            })
            .to_string();
        }
        format!(
            "备份完成 backed up to {}\n  数据 data: {DATA_PART}\n  数据密钥 data keys: {KEY_PART}，{until} 起谁也打不开 · opens until {until}\n  \
             还要另存 keep apart: {} 和密钥文件 and the key file",
            arguments.out.display(),
            window.folder().display(),
        )
    });
    finish(text, out, err)
}

fn finish(text: Result<String, BackupError>, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let (status, printed) = match text {
        Ok(text) => (0, writeln!(out, "{text}")),
        Err(error) => {
            let status = if matches!(error, BackupError::Refused(_)) {
                1
            } else {
                3
            };
            (status, writeln!(err, "wangzheng: {error}"))
        }
    };
    ExitCode::from(if printed.is_ok() { status } else { 3 })
}

/// Makes both parts, where they may lie.
pub(crate) async fn make(
    data: &Path,
    out: &Path,
    window: &Window,
    permit: &ExportPermit,
    now: Timestamp,
) -> Result<Header, BackupError> {
    let database = data.join("wangzheng.db");
    if !database.exists() {
        return Err(refused(format!(
            "{} is not there; give the folder with --data",
            database.display()
        )));
    }
    if out.join(DATA_PART).exists() || out.join(KEY_PART).exists() {
        return Err(refused(format!(
            "{} holds a back-up already; name a new folder with --out",
            out.display()
        )));
    }
    std::fs::create_dir_all(out).map_err(unable)?;
    // 1. The key of the day; those whose time is over go first.
    let keys = open_keys(data)?;
    let key = window.key_of_the_day(&keys, now)?;
    // 2. The data, one snapshot, without the data keys.
    let part = out.join(DATA_PART);
    let data_keys = store::sqlite::backup::back_up(&database, &part).map_err(unable)?;
    // 3. The data keys, sealed, bound to this data part.
    let header = Header {
        version: 1,
        made_at: now,
        key: key.name.clone(),
        opens_until: key.until,
        database: digest_of(&part)?,
        place: permit.destination().to_owned(),
        assessment: permit.reference().map(str::to_owned),
    };
    let head = serde_json::to_vec(&header).map_err(unable)?;
    let spelled = data_keys
        .into_iter()
        .map(|key| Spelled(key.bucket, key.person, key.wrapped));
    let plain = serde_json::to_vec(&spelled.collect::<Vec<_>>()).map_err(unable)?;
    let sealed = key
        .key
        .seal(&[b"backup", &head], &plain, &SystemRandom)
        .map_err(unable)?;
    let bytes = [head.as_slice(), b"\n", &sealed].concat();
    crate::wallet::private_file::write(&out.join(KEY_PART), &bytes).map_err(unable)?;
    // 4. The list that a restore asks is never older than the back-up.
    let store = open_store(&database)?;
    erased::write(window, &store, &keys, now).await?;
    Ok(header)
}

fn open_store(database: &Path) -> Result<Sqlite, BackupError> {
    Sqlite::open(database, &Options::default()).map_err(unable)
}

fn open_keys(data: &Path) -> Result<SealedFile, BackupError> {
    let path = data.join("keys");
    if !path.exists() {
        return Err(refused(format!(
            "the key file {} is not there; put key file and passphrase there, or name their folder with --keys-from",
            path.display()
        )));
    }
    let passphrase = read_passphrase(&data.join("passphrase")).map_err(unable)?;
    SealedFile::open(path, &passphrase).map_err(unable)
}

fn digest_of(path: &Path) -> Result<String, BackupError> {
    let bytes = std::fs::read(path).map_err(unable)?;
    Ok(sm3(&[&bytes]).to_hex())
}

#[cfg(test)]
mod tests;
