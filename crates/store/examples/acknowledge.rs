//! Writes and tells what was acknowledged; checks later that nothing of it is lost.
//!
//! ```text
//! acknowledge work  FILE [normal]      # prints one line for each acknowledged write, until killed
//! acknowledge check FILE ACKNOWLEDGED  # exit 0: all there, taken once, no gaps; 1: not; 2: could not check
//! ```
//!
//! `normal` opens the store with `synchronous=NORMAL`, the control that must lose something when
//! the power fails (e2e/power-loss). What is done and what is looked for is the kill -9 test's own.
#![expect(clippy::print_stdout, reason = "its lines are what it is for")]

use std::process::ExitCode;
use std::sync::Arc;

use store::{Options, Sqlite, Synchronous};

#[path = "../tests/sample/row.rs"]
mod sample;
#[path = "../tests/crash/worker.rs"]
mod worker;

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["work", file] => work(file, Synchronous::Full).await,
        ["work", file, "normal"] => work(file, Synchronous::Normal).await,
        ["check", file, acknowledged] => check(file, acknowledged).await,
        _ => Err("usage: acknowledge work FILE [normal] | check FILE ACKNOWLEDGED".into()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(2)
    })
}

/// Applications, takes and redemptions, as fast as they are acknowledged.
async fn work(file: &str, synchronous: Synchronous) -> Result<ExitCode, Failed> {
    let options = Options {
        synchronous,
        ..Options::default()
    };
    let store = Arc::new(Sqlite::open(file, &options)?);
    worker::work(store).await?;
    Ok(ExitCode::SUCCESS)
}

/// Every acknowledged write is there, and nothing can be taken a second time.
async fn check(file: &str, acknowledged: &str) -> Result<ExitCode, Failed> {
    let store = Arc::new(Sqlite::open(file, &Options::default())?);
    let said = std::fs::read_to_string(acknowledged)?;
    let findings = worker::examine(store, &said).await?;
    println!("{findings}");
    Ok(if findings.acknowledged > 0 && findings.whole() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
