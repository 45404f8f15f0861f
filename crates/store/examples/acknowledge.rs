//! Writes and tells what was acknowledged; checks later that nothing of it is lost.
//!
//! ```text
//! acknowledge work  FILE [normal]      # prints one line for each acknowledged write, until killed
//! acknowledge check FILE ACKNOWLEDGED  # exit 0: all there, taken once, no gaps; 1: not; 2: could not check
//! ```
//!
//! `normal` opens the store with `synchronous=NORMAL`, the control that must lose something when
//! the power fails (e2e/power-loss).
#![expect(clippy::print_stdout, reason = "its lines are what it is for")]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crypto::digest::Digest;
use crypto::random::SystemRandom;
use identity::id::{Bucket, PersonId};
use identity::person::PersonStore;
use identity::store::AuditStore;
use identity::verification::{GrantState, Redeemed, RequestTaken, TakenBy, VerificationStore};
use store::{Options, Sqlite, Synchronous};

#[path = "../tests/sample/row.rs"]
mod row;

use row::NOW;

const WORKERS: usize = 16;

/// Something acknowledged is lost, taken twice or missing from a sequence.
#[derive(Debug, thiserror::Error)]
#[error("not whole")]
struct NotWhole;

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
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<NotWhole>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Applications, takes and redemptions, as fast as they are acknowledged.
async fn work(file: &str, synchronous: Synchronous) -> Result<(), Failed> {
    let options = Options {
        synchronous,
        ..Options::default()
    };
    let store = Arc::new(Sqlite::open(file, &options)?);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let store = store.clone();
        workers.spawn(async move {
            let (bucket, new) = row::new_person(&SystemRandom);
            let person = new.person.person;
            store
                .apply(bucket, new, row::applied(person, &SystemRandom))
                .await?;
            tell("person", &name(person)?, "-")?;
            loop {
                let request = row::digest(&SystemRandom);
                let event = row::request_taken(&SystemRandom);
                let by = TakenBy::Code(request);
                store
                    .take_request(&request, by, NOW.plus(600), event)
                    .await?;
                tell("request", &request.to_hex(), "-")?;
                let redemption = row::redemption(person, &SystemRandom);
                let code = redemption.code;
                let event = row::verified(person, &SystemRandom);
                store.redeem_code(redemption, event).await?;
                tell("code", &code.to_hex(), &name(person)?)?;
            }
            #[expect(unreachable_code, reason = "the type of a worker that never ends")]
            Ok::<(), Failed>(())
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended??;
    }
    Ok(())
}

/// A line is written whole or not at all: one write, below the size a pipe keeps together.
fn tell(kind: &str, what: &str, whose: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{kind} {what} {whose}\n").as_bytes())?;
    out.flush()
}

fn name(person: PersonId) -> Result<String, Failed> {
    Ok(serde_json::to_string(&person)?)
}

/// Every acknowledged write is there, and nothing can be taken a second time.
async fn check(file: &str, acknowledged: &str) -> Result<(), Failed> {
    let store = Sqlite::open(Path::new(file), &Options::default())?;
    let text = std::fs::read_to_string(acknowledged)?;
    // The last line may be cut by the kill: it was not acknowledged whole.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let (mut lost, mut twice, mut count) = (0_u64, 0_u64, 0_u64);
    let mut buckets = BTreeSet::new();
    for line in whole.lines() {
        count += 1;
        let fields: Vec<&str> = line.split(' ').collect();
        let present = match fields[..] {
            ["person", person, _] => {
                let person: PersonId = serde_json::from_str(person)?;
                buckets.insert(person.bucket());
                store.person(person).await?.is_some()
            }
            ["request", request, _] => {
                let request = Digest::from_hex(request)?;
                let refusal = TakenBy::Refusal;
                let event = row::request_taken(&SystemRandom);
                let again = store
                    .take_request(&request, refusal, NOW.plus(600), event)
                    .await?;
                twice += u64::from(again == RequestTaken::Taken);
                again == RequestTaken::AlreadyTaken
            }
            ["code", code, person] => {
                let person: PersonId = serde_json::from_str(person)?;
                let code = Digest::from_hex(code)?;
                let there = store.grant(person, &code).await? == GrantState::Good;
                let mut again = row::redemption(person, &SystemRandom);
                again.code = code;
                let event = row::verified(person, &SystemRandom);
                twice += u64::from(store.redeem_code(again, event).await? == Redeemed::Fresh);
                there
            }
            _ => return Err(format!("not a line of work: {line}").into()),
        };
        lost += u64::from(!present);
    }
    let gaps = gaps(&store, &buckets).await?;
    println!("acknowledged {count}, lost {lost}, taken twice {twice}, gaps {gaps}");
    if lost + twice + gaps == 0 && count > 0 {
        Ok(())
    } else {
        Err(NotWhole.into())
    }
}

/// Sequences that are missing within a bucket.
async fn gaps(store: &Sqlite, buckets: &BTreeSet<Bucket>) -> Result<u64, Failed> {
    let mut gaps = 0;
    for bucket in buckets {
        let last = store.last_sequence(*bucket).await?;
        let mut next = 1;
        while next <= last {
            let rows = store.events(*bucket, next, 1000).await?;
            let Some(end) = rows.last().map(|row| row.sequence) else {
                gaps += last + 1 - next;
                break;
            };
            gaps += end + 1 - next - rows.len() as u64;
            next = end + 1;
        }
    }
    Ok(gaps)
}
