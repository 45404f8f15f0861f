//! `wangzheng keys`: what keys there are, and their rotation (design §4 Keys).

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use crypto::SignatureAlgorithm;
use crypto::keystore::{KdfCost, KeyState, KeyStore, SealedFile, SigningPurpose};
use crypto::random::SystemRandom;
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::{Clock, SystemClock};
use identity::id::Bucket;
use identity::store::AuditStore;
use serde_json::json;
use store::{Options, Sqlite};

use crate::wiring::read_passphrase;

/// `wangzheng keys …`
#[derive(Debug, Clone, Args)]
pub(crate) struct KeysArguments {
    /// Folder with keys, passphrase and database
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Print JSON for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What can be done with keys. Stop the service first: it holds the file.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum KeysCommand {
    /// List the published keys and where each stands in its rotation
    List,
    /// Rotate a signing key: the next becomes current, the current stays published for a while
    Rotate {
        /// What the key signs
        #[arg(value_enum)]
        purpose: PurposeName,
        /// Which algorithm
        #[arg(value_enum)]
        algorithm: AlgorithmName,
    },
    /// Re-wrap all keys under a new root; no identifier changes
    RotateRoot,
    /// Change the passphrase to the first line of a file
    ChangePassphrase {
        /// File with the new passphrase
        #[arg(long, value_name = "FILE")]
        new: PathBuf,
    },
}

/// What a key signs.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PurposeName {
    /// ID tokens
    Token,
    /// Credentials
    Credential,
    /// Receipts
    Receipt,
    /// Heads of the public log
    Checkpoint,
}

/// Algorithms of signing keys.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum AlgorithmName {
    /// ES256
    Es256,
    /// SGD_SM3_SM2
    Sm2,
    /// RS256 (tokens only)
    Rs256,
}

/// Runs one command.
pub(crate) async fn run(
    arguments: KeysArguments,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let passphrase = read_passphrase(&arguments.data.join("passphrase"))?;
    let keys = SealedFile::open(arguments.data.join("keys"), &passphrase)?;
    let change = match &arguments.command {
        KeysCommand::List => {
            list(&keys, arguments.json, out)?;
            return Ok(());
        }
        KeysCommand::Rotate { purpose, algorithm } => {
            keys.rotate((*purpose).into(), (*algorithm).into(), &SystemRandom)?;
            (
                "rotated",
                keys.current_key_id((*purpose).into(), (*algorithm).into())?,
            )
        }
        KeysCommand::RotateRoot => {
            keys.rotate_root(&SystemRandom)?;
            ("root_rotated", "root".to_owned())
        }
        KeysCommand::ChangePassphrase { new } => {
            let passphrase = read_passphrase(new)?;
            keys.change_passphrase(&passphrase, KdfCost::Interactive, &SystemRandom)?;
            ("passphrase_changed", "root".to_owned())
        }
    };
    record(&arguments, change.0, &change.1).await?;
    if arguments.json {
        writeln!(out, "{}", json!({ "change": change.0, "key": change.1 }))?;
    } else {
        writeln!(out, "{}: {}", change.0, change.1)?;
    }
    Ok(())
}

/// A change of keys is an event of the log (C6).
async fn record(
    arguments: &KeysArguments,
    change: &str,
    key: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let store = Sqlite::open(arguments.data.join("wangzheng.db"), &Options::default())?;
    let event = AuditEvent::KeyChanged {
        key: key.to_owned(),
        change: change.to_owned(),
        at: SystemClock.now(),
    };
    let bucket = Bucket::new(0).ok_or("no bucket 0")?;
    store
        .record(bucket, EventDraft::new(event, &SystemRandom))
        .await?;
    Ok(())
}

fn list(keys: &SealedFile, as_json: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let all = SigningPurpose::ALL
        .into_iter()
        .flat_map(|purpose| keys.published(purpose));
    let rows: Vec<_> = all
        .map(|key| {
            let state = match key.state {
                KeyState::Next => "next",
                KeyState::Current => "current",
                KeyState::Retiring => "retiring",
            };
            (
                format!("{:?}", key.purpose).to_lowercase(),
                jose::algorithm_name(key.algorithm),
                state,
                key.key_id,
            )
        })
        .collect();
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(purpose, algorithm, state, id)| {
                json!({ "purpose": purpose, "algorithm": algorithm, "state": state, "key_id": id })
            })
            .collect();
        return writeln!(out, "{}", json!({ "keys": rows }));
    }
    for (purpose, algorithm, state, id) in rows {
        writeln!(out, "{purpose:<12} {algorithm:<12} {state:<9} {id}")?;
    }
    Ok(())
}

impl From<PurposeName> for SigningPurpose {
    fn from(name: PurposeName) -> Self {
        match name {
            PurposeName::Token => Self::Token,
            PurposeName::Credential => Self::Credential,
            PurposeName::Receipt => Self::Receipt,
            PurposeName::Checkpoint => Self::Checkpoint,
        }
    }
}

impl From<AlgorithmName> for SignatureAlgorithm {
    fn from(name: AlgorithmName) -> Self {
        match name {
            AlgorithmName::Es256 => Self::Es256,
            AlgorithmName::Sm2 => Self::Sm2Sm3,
            AlgorithmName::Rs256 => Self::Rs256,
        }
    }
}
