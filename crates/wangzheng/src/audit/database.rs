//! The database of a folder, with the keys beside it.

use std::path::Path;
use std::time::Duration;

use crypto::keystore::SealedFile;
use identity::log::LogStore;
use identity::log::checkpoint::Checkpoint;
use identity::log::keys::{LogKeys, origin_of};
use identity::log::verify::{OnProgress, verify_database};
use store::{Options, Sqlite};

use super::{Unable, Verified};
use crate::wiring::read_passphrase;

/// How long a running service takes to sign the next head, a little more than its epoch.
const HEAD: Duration = Duration::from_millis(1_200);
/// After so many the service is not running.
const HEADS_AWAITED: usize = 3;

/// Verifies `wangzheng.db` in `folder`; the service may be running.
pub(crate) async fn verify(folder: &Path, on_progress: OnProgress<'_>) -> Result<Verified, Unable> {
    let database = folder.join("wangzheng.db");
    // Opening would make an empty one, and an empty log is good.
    if !database.exists() {
        let text = format!(
            "{} is not there; give the folder with --data",
            database.display()
        );
        return Err(Unable(text));
    }
    let passphrase = read_passphrase(&folder.join("passphrase")).map_err(unable)?;
    let keys = SealedFile::open(folder.join("keys"), &passphrase).map_err(unable)?;
    let store = Sqlite::open(&database, &Options::default()).map_err(unable)?;
    let keys = LogKeys::of_store(&origin(folder, &store).await?, &keys);
    let mut report = verify_database(&store, &keys, &mut *on_progress)
        .await
        .map_err(unable)?;
    // Somebody left a moment ago: a running service signs the next head within seconds.
    for _ in 0..HEADS_AWAITED {
        if !report.waits_for_a_head() {
            break;
        }
        tokio::time::sleep(HEAD).await;
        report = verify_database(&store, &keys, &mut *on_progress)
            .await
            .map_err(unable)?;
    }
    let note = store.checkpoint().await.map_err(unable)?;
    let head = note.and_then(|note| Checkpoint::verify(&note, &keys).ok());
    Ok(Verified {
        report,
        head,
        note: None,
    })
}

/// The name of the log: of the issuer in `demo.json`; without one, what the first head says.
pub(crate) async fn origin(folder: &Path, store: &Sqlite) -> Result<String, Unable> {
    let demo = std::fs::read(folder.join("demo.json")).ok();
    let demo = demo.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    if let Some(issuer) = demo.as_ref().and_then(|demo| demo["issuer"].as_str()) {
        return Ok(origin_of(issuer));
    }
    let heads = store.checkpoints(0, 1).await.map_err(unable)?;
    let first = heads
        .first()
        .and_then(|head| Checkpoint::parse_unverified(&head.text));
    Ok(first.map_or(String::new(), |head| head.origin))
}

fn unable(error: impl std::fmt::Display) -> Unable {
    Unable(error.to_string())
}
