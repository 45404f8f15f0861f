//! `wangzheng audit verify`: recomputes the log, from the database or from outside (C6, design §5).

pub(crate) mod database;
mod evidence;
mod issuer;
mod seen;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use identity::log::checkpoint::Checkpoint;
use identity::log::verify::{Counts, Progress, Report, Step};
use serde_json::json;

/// `wangzheng audit …`
#[derive(Debug, Clone, Args)]
pub(crate) struct AuditArguments {
    /// What to do
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What an auditor can do.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum AuditCommand {
    /// Recompute the log, check every signature and consistency, name the first thing that does not fit
    Verify(VerifyArguments),
    /// Check an evidence package of a case: every byte, every signature, every proof; name what does not fit
    Evidence(evidence::EvidenceArguments),
}

/// `wangzheng audit verify`
#[derive(Debug, Clone, Args)]
pub(crate) struct VerifyArguments {
    /// Folder with database, keys and passphrase; with --issuer, where heads seen before are kept
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Verify what this service publishes, as anyone can, instead of a database
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// What a verification came to.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) report: Report,
    /// The newest head, if its signatures are good.
    head: Option<Checkpoint>,
    /// For a person, beside the findings.
    note: Option<String>,
}

/// Why nothing could be verified.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unable(String);

/// Runs the command and prints what came of it: 0 everything fits, 1 something does not, 3 could not.
pub(crate) async fn run(
    arguments: AuditArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let arguments = match arguments.command {
        AuditCommand::Verify(arguments) => arguments,
        AuditCommand::Evidence(arguments) => {
            return match evidence::run(&arguments, out).await {
                Ok(good) => ExitCode::from(u8::from(!good)),
                Err(error) => {
                    let _ = writeln!(err, "wangzheng: {error}");
                    ExitCode::from(3)
                }
            };
        }
    };
    let quiet = arguments.json || !std::io::stderr().is_terminal();
    let mut shown = None;
    let mut on_progress = |progress: Progress| {
        if !quiet {
            show(progress, &mut shown);
        }
    };
    let verified = match &arguments.issuer {
        Some(issuer) => issuer::verify(issuer, &arguments.data, &mut on_progress).await,
        None => database::verify(&arguments.data, &mut on_progress).await,
    };
    let (status, printed) = match verified {
        Ok(verified) => (
            u8::from(!verified.report.is_good()),
            print(&verified, arguments.json, out),
        ),
        Err(error) => (3, writeln!(err, "wangzheng: {error}")),
    };
    // A closed pipe: nobody listens any more.
    ExitCode::from(if printed.is_ok() { status } else { 3 })
}

/// One line for each part, rewritten at every whole percent.
fn show(progress: Progress, shown: &mut Option<(Step, u64)>) {
    let Progress { step, done, total } = progress;
    let part = total.map_or(done / 1000, |total| done * 100 / total.max(1));
    if shown.replace((step, part)) == Some((step, part)) {
        return;
    }
    let what = match step {
        Step::Checkpoints => "heads",
        Step::Tree => "leaves",
        Step::Events => "buckets",
    };
    let of = total.map_or(String::new(), |total| format!(" of {total}"));
    let end = if total == Some(done) { "\n" } else { "" };
    let _ = write!(std::io::stderr(), "\r{what}: {done}{of}{end}");
}

fn print(verified: &Verified, as_json: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let Verified { report, head, note } = verified;
    if as_json {
        let head = head.as_ref().map(|head| {
            json!({ "origin": head.origin, "tree_size": head.tree_size, "root": head.root.to_hex() })
        });
        let document = json!({
            "good": report.is_good(), "counts": report.counts, "bad": report.bad,
            "findings": report.findings, "checkpoint": head, "note": note,
        });
        return writeln!(out, "{document}");
    }
    let Counts {
        leaves,
        tiles,
        checkpoints,
        events,
        pending,
        receipts,
        removed,
    } = report.counts;
    writeln!(
        out,
        "{leaves} leaves, {tiles} tiles, {checkpoints} checkpoints"
    )?;
    if events > 0 {
        let wait = format!("{pending} of them wait for the next epoch");
        writeln!(out, "{events} events ({wait}), {receipts} sealed receipts")?;
        writeln!(
            out,
            "{removed} events are gone by erasure or retention, each named by a tombstone in the log"
        )?;
    }
    if let Some(head) = head {
        writeln!(
            out,
            "{} · size {} · root {}",
            head.origin,
            head.tree_size,
            head.root.to_hex()
        )?;
    }
    if let Some(note) = note {
        writeln!(out, "{note}")?;
    }
    if report.is_good() {
        return writeln!(out, "好 good: everything fits");
    }
    for finding in &report.findings {
        writeln!(out, "BAD {finding}")?;
    }
    let kept = report.findings.len() as u64;
    if report.bad > kept {
        writeln!(out, "… and {} more", report.bad - kept)?;
    }
    writeln!(out, "坏 bad: {} do not fit", report.bad)
}

#[cfg(test)]
mod tests;
