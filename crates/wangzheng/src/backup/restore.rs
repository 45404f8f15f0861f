//! `wangzheng restore`: both parts together again, without who left since (R9.5).

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use crypto::digest::Digest;
use crypto::keystore::SealedFile;
use crypto::random::SystemRandom;
use identity::clock::{Clock, SystemClock, Timestamp};
use identity::erasure::repeat::erase_again;
use identity::log::sequencer::Sequencer;
use serde_json::json;
use store::sqlite::backup::{WrappedKey, restore_keys, settle};

use crate::audit::database::{origin, verify};

use super::erased::ErasedList;
use super::window::Window;
use super::{
    BackupError, DATA_PART, Header, KEY_PART, RestoreArguments, Spelled, digest_of, finish,
    open_keys, open_store, refused, unable,
};

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restored {
    /// Persons that can be opened again.
    pub(crate) persons: usize,
    /// Persons that were in the back-up, had left since, and are erased again.
    pub(crate) erased_again: u32,
    /// Until when it is known who left.
    pub(crate) erasures_known_until: Timestamp,
}

/// Runs `restore`, and verifies the log of what came of it.
pub(crate) async fn restore(
    arguments: &RestoreArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let restored = restore_and_verify(arguments, SystemClock.now()).await;
    let text = restored.map(|restored| {
        let Restored {
            persons,
            erased_again,
            erasures_known_until: until,
        } = restored;
        let until = moment(until);
        if arguments.json {
            return json!({
                "done": true, "persons": persons, "log": "good",
                "erased_again": erased_again, "erasures_known_until": until,
            })
            .to_string();
        }
        format!(
            "已恢复 {persons} 人，日志核对无误 · restored {persons} persons; the log verifies\n  \
             备份后注销的 {erased_again} 人已再次删除；名单截至 {until}，此后注销的须按公开日志另行删除 · \
             {erased_again} who left since are erased again; the list ends {until}: erase by hand who left after it"
        )
    });
    finish(text, out, err)
}

async fn restore_and_verify(
    arguments: &RestoreArguments,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let home = arguments.keys_from.as_ref().unwrap_or(&arguments.data);
    let window = arguments.backup_keys.clone();
    let window = Window::at(window.unwrap_or_else(|| home.join("backup-keys")));
    if let Some(from) = &arguments.keys_from {
        copy_keys(from, &arguments.data)?;
    }
    let restored = put_back(&arguments.from, &arguments.data, &window, now).await?;
    let verified = verify(&arguments.data, &mut |_| {}).await.map_err(unable)?;
    match verified.report.findings.first() {
        None => Ok(restored),
        Some(first) => Err(refused(format!(
            "restored, but the log does not verify: {first}"
        ))),
    }
}

/// Puts both parts together in a folder without a database.
pub(crate) async fn put_back(
    from: &Path,
    data: &Path,
    window: &Window,
    now: Timestamp,
) -> Result<Restored, BackupError> {
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
    // 3. Who left since: without the list nobody is brought back.
    let erased = ErasedList::read(window, &keys, header.made_at)?;
    // 4. Whole under another name first: a restore that breaks off leaves no database.
    let fresh = Fresh::at(data);
    fresh.clear();
    std::fs::copy(&part, fresh.database()).map_err(unable)?;
    restore_keys(&fresh.database(), &data_keys).map_err(unable)?;
    let erased_again = repeat(data, &fresh.database(), keys, &erased.marks, now).await?;
    std::fs::rename(fresh.database(), &database).map_err(unable)?;
    fresh.clear();
    Ok(Restored {
        persons: data_keys.len() - usize::try_from(erased_again).unwrap_or(0),
        erased_again,
        erasures_known_until: erased.as_of,
    })
}

/// A database under way to its name, and what SQLite puts beside it.
struct Fresh<'a>(&'a Path);

impl<'a> Fresh<'a> {
    fn at(data: &'a Path) -> Self {
        Self(data)
    }

    fn database(&self) -> PathBuf {
        self.0.join("wangzheng.db.restoring")
    }

    fn clear(&self) {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let mut name = self.database().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
}

/// Erases again who is on the list, and signs a head over it, without which a missing row is no erased one (C6).
async fn repeat(
    data: &Path,
    database: &Path,
    keys: SealedFile,
    marks: &BTreeSet<Digest>,
    now: Timestamp,
) -> Result<u32, BackupError> {
    let store = Arc::new(open_store(database)?);
    let erased = erase_again(&*store, &keys, &SystemRandom, marks, now)
        .await
        .map_err(unable)?;
    if erased > 0 {
        let origin = origin(data, &store).await.map_err(unable)?;
        let keys = Arc::new(keys);
        Sequencer::new(store.clone(), keys, Arc::new(SystemRandom), origin)
            .run_once()
            .await
            .map_err(unable)?;
    }
    drop(store);
    settle(database).map_err(unable)?;
    Ok(erased)
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

/// A moment for people and programs.
fn moment(at: Timestamp) -> String {
    let format = &time::format_description::well_known::Rfc3339;
    let moment = time::OffsetDateTime::from_unix_timestamp(at.0).ok();
    moment
        .and_then(|moment| moment.format(format).ok())
        .unwrap_or_else(|| at.day().to_string())
}
