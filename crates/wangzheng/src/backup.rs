//! `wangzheng backup` and `restore`: erasure survives back-ups (R9.5, design §4 Keys).
//!
//! A back-up has two parts: `database.sqlite` without the wrapped data keys, to be kept as long as one likes, and
//! `data-keys.sealed` under a key of the day that is destroyed after seven days ([`window`]). Who has the first part
//! alone has sealed rows nobody can open; so has everybody when the seven days are over. The key file and its
//! passphrase are in no back-up: they are kept apart, as every day.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use crypto::digest::sm3;
use crypto::keystore::SealedFile;
use crypto::random::SystemRandom;
use identity::clock::{Clock, SystemClock, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::sqlite::backup::{WrappedKey, restore_keys};

use crate::audit::database::verify;
use crate::wiring::read_passphrase;

pub(crate) mod window;

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
pub(crate) fn back_up(
    arguments: &BackupArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let window = arguments.backup_keys.clone();
    let window = Window::at(window.unwrap_or_else(|| arguments.data.join("backup-keys")));
    let made = make(&arguments.data, &arguments.out, &window, SystemClock.now());
    let text = made.map(|header| {
        let until = header.opens_until.day();
        if arguments.json {
            return json!({ "done": true, "out": arguments.out, "keys_until": until.to_string() })
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

/// Runs `restore`, and verifies the log of what came of it.
pub(crate) async fn restore(
    arguments: &RestoreArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let restored = restore_and_verify(arguments, SystemClock.now()).await;
    let text = restored.map(|persons| {
        if arguments.json {
            json!({ "done": true, "persons": persons, "log": "good" }).to_string()
        } else {
            format!(
                "已恢复 {persons} 人，日志核对无误 · restored {persons} persons; the log verifies"
            )
        }
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

/// Makes both parts.
pub(crate) fn make(
    data: &Path,
    out: &Path,
    window: &Window,
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
    Ok(header)
}

async fn restore_and_verify(
    arguments: &RestoreArguments,
    now: Timestamp,
) -> Result<usize, BackupError> {
    let home = arguments.keys_from.as_ref().unwrap_or(&arguments.data);
    let window = arguments.backup_keys.clone();
    let window = Window::at(window.unwrap_or_else(|| home.join("backup-keys")));
    if let Some(from) = &arguments.keys_from {
        copy_keys(from, &arguments.data)?;
    }
    let persons = put_back(&arguments.from, &arguments.data, &window, now)?;
    let verified = verify(&arguments.data, &mut |_| {}).await.map_err(unable)?;
    match verified.report.findings.first() {
        None => Ok(persons),
        Some(first) => Err(refused(format!(
            "restored, but the log does not verify: {first}"
        ))),
    }
}

/// Puts both parts together in a folder without a database; how many persons can be opened again.
pub(crate) fn put_back(
    from: &Path,
    data: &Path,
    window: &Window,
    now: Timestamp,
) -> Result<usize, BackupError> {
    // 1. Both parts, or nothing.
    let database = data.join("wangzheng.db");
    if database.exists() {
        return Err(refused(format!(
            "{} is there already; restore into a folder without a database",
            database.display()
        )));
    }
    let (part, key_part) = (from.join(DATA_PART), from.join(KEY_PART));
    for (what, path) in [("data", &part), ("data keys", &key_part)] {
        if !path.exists() {
            return Err(refused(format!(
                "a restore needs both parts; the {what} part {} is not there",
                path.display()
            )));
        }
    }
    let bytes = std::fs::read(&key_part).map_err(unable)?;
    let line = bytes.iter().position(|byte| *byte == b'\n');
    let (head, sealed) = bytes.split_at(line.unwrap_or(0));
    let header: Header = serde_json::from_slice(head)
        .map_err(|_| refused(format!("{} is not a part of a back-up", key_part.display())))?;
    if digest_of(&part)? != header.database {
        return Err(refused("the two parts are not of one back-up"));
    }
    // 2. The key, if its seven days are not over (R9.5).
    let keys = open_keys(data)?;
    let key = window.key(&header.key, &keys, now)?;
    let plain = key
        .seal_opened(&[b"backup", head], sealed.get(1..).unwrap_or_default())
        .ok_or_else(|| refused("the data keys do not open; the part was changed"))?;
    let spelled: Vec<Spelled> = serde_json::from_slice(&plain).map_err(unable)?;
    let data_keys: Vec<WrappedKey> = spelled
        .into_iter()
        .map(|Spelled(bucket, person, wrapped)| WrappedKey {
            bucket,
            person,
            wrapped,
        })
        .collect();
    // 3. Whole under another name first: a restore that breaks off leaves no database.
    let fresh = data.join("wangzheng.db.restoring");
    let _ = std::fs::remove_file(&fresh);
    std::fs::copy(&part, &fresh).map_err(unable)?;
    restore_keys(&fresh, &data_keys).map_err(unable)?;
    std::fs::rename(&fresh, &database).map_err(unable)?;
    Ok(data_keys.len())
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

fn copy_keys(from: &Path, to: &Path) -> Result<(), BackupError> {
    std::fs::create_dir_all(to).map_err(unable)?;
    for name in ["keys", "passphrase"] {
        let bytes = std::fs::read(from.join(name))
            .map_err(|error| unable(format!("{}: {error}", from.join(name).display())))?;
        crate::wallet::private_file::write(&to.join(name), &bytes).map_err(unable)?;
    }
    Ok(())
}

fn digest_of(path: &Path) -> Result<String, BackupError> {
    let bytes = std::fs::read(path).map_err(unable)?;
    Ok(sm3(&[&bytes]).to_hex())
}

#[cfg(test)]
mod tests;
