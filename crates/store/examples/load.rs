//! Durable operations per second, many callers at once.
//!
//! ```text
//! cargo run --release -p store --example load -- [--folder DIR] [--persons N] [--callers N] [--seconds N]
//! ```
//!
//! Fills a store with synthetic persons, then measures, one after another: `take_request`,
//! `redeem_code`, a whole verification (`holder_view` twice, `take_request`, `redeem_code`), and
//! `holder_view` alone. Every write is answered after it is on the disk.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crypto::random::{Random, SystemRandom};
use identity::id::{DeviceId, PersonId};
use identity::person::PersonStore;
use identity::verification::{TakenBy, VerificationStore};
use store::{Options, Sqlite};

#[path = "../tests/sample/row.rs"]
mod sample;

use sample::NOW;

/// Persons filled in per transaction.
const AT_ONCE: usize = 5_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Arguments {
    folder: Option<PathBuf>,
    persons: usize,
    callers: usize,
    seconds: u64,
}

impl Arguments {
    fn read() -> Result<Self, Failure> {
        let mut arguments = Self {
            folder: None,
            persons: 100_000,
            callers: 128,
            seconds: 10,
        };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            let value = words.next().ok_or("every option takes a value")?;
            match name.as_str() {
                "--folder" => arguments.folder = Some(value.into()),
                "--persons" => arguments.persons = value.parse()?,
                "--callers" => arguments.callers = value.parse()?,
                "--seconds" => arguments.seconds = value.parse()?,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(arguments)
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::read()?;
    let temporary = tempfile::tempdir()?;
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| temporary.path().to_owned());
    let store = Arc::new(Sqlite::open(
        folder.join("measure.db"),
        &Options::default(),
    )?);
    let started = Instant::now();
    let persons: Arc<[(PersonId, DeviceId)]> = fill(&store, arguments.persons).await?.into();
    println!(
        "{} persons in {:.1} s",
        persons.len(),
        started.elapsed().as_secs_f64()
    );

    for work in [Work::Take, Work::Redeem, Work::Verification, Work::View] {
        let before = Usage::now();
        let measured = measure(&store, &persons, work, &arguments).await?;
        let used = Usage::now().since(&before, measured.operations);
        println!(
            "{:<14} {:>8.0} /s   p50 {:>6.2} ms   p99 {:>6.2} ms   {:>5.1} µs CPU   {:>5.1} KiB written",
            format!("{work:?}"),
            measured.per_second,
            measured.p50.as_secs_f64() * 1e3,
            measured.p99.as_secs_f64() * 1e3,
            used.cpu_microseconds,
            used.written_bytes / 1024.0,
        );
    }
    let size = std::fs::metadata(folder.join("measure.db"))?.len();
    println!("file {} MiB, resident {} MiB", size >> 20, resident_mib());
    Ok(())
}

async fn fill(store: &Sqlite, count: usize) -> Result<Vec<(PersonId, DeviceId)>, Failure> {
    let mut persons = Vec::with_capacity(count);
    while persons.len() < count {
        let mut group = Vec::with_capacity(AT_ONCE);
        for _ in 0..AT_ONCE.min(count - persons.len()) {
            let (bucket, new) = sample::new_person(&SystemRandom);
            persons.push((new.person.person, new.device.device));
            let event = sample::applied(new.person.person, &SystemRandom);
            group.push((bucket, new, event));
        }
        store.bulk_apply(group).await?;
    }
    Ok(persons)
}

#[derive(Debug, Clone, Copy)]
enum Work {
    Take,
    Redeem,
    Verification,
    View,
}

struct Measured {
    operations: usize,
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

async fn measure(
    store: &Arc<Sqlite>,
    persons: &Arc<[(PersonId, DeviceId)]>,
    work: Work,
    arguments: &Arguments,
) -> Result<Measured, Failure> {
    let turn = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let end = started + Duration::from_secs(arguments.seconds);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..arguments.callers {
        let (store, persons, turn) = (store.clone(), persons.clone(), turn.clone());
        callers.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < end {
                // A stride that visits all: neighbours in time are strangers in the file.
                let index =
                    turn.fetch_add(1, Ordering::Relaxed).wrapping_mul(7_919) % persons.len();
                let begun = Instant::now();
                once(&store, persons[index], work).await?;
                took.push(begun.elapsed());
            }
            Ok::<_, Failure>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(caller) = callers.join_next().await {
        took.extend(caller??);
    }
    let seconds = started.elapsed().as_secs_f64();
    took.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a count of operations is small")]
    let per_second = took.len() as f64 / seconds;
    let at = |percent: usize| {
        took.get(took.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    Ok(Measured {
        operations: took.len(),
        per_second,
        p50: at(50),
        p99: at(99),
    })
}

async fn once(
    store: &Sqlite,
    (person, device): (PersonId, DeviceId),
    work: Work,
) -> Result<(), Failure> {
    let random = &SystemRandom;
    let view = async || -> Result<(), Failure> {
        let view = store.holder_view(person, device).await?;
        view.map(drop).ok_or_else(|| "a person is missing".into())
    };
    match work {
        Work::Take => take(store, random).await,
        Work::Redeem => redeem(store, person, random).await,
        Work::Verification => {
            view().await?;
            take(store, random).await?;
            view().await?;
            redeem(store, person, random).await
        }
        Work::View => {
            view().await?;
            tokio::task::yield_now().await;
            Ok(())
        }
    }
}

async fn take(store: &Sqlite, random: &dyn Random) -> Result<(), Failure> {
    let (request, code) = (sample::digest(random), sample::digest(random));
    let event = sample::request_taken(random);
    store
        .take_request(&request, TakenBy::Code(code), NOW.plus(600), event)
        .await?;
    Ok(())
}

async fn redeem(store: &Sqlite, person: PersonId, random: &dyn Random) -> Result<(), Failure> {
    let event = sample::verified(person, random);
    store
        .redeem_code(sample::redemption(person, random), event)
        .await?;
    Ok(())
}

/// What this process has used so far, or used for each operation; zeros where `/proc` is missing.
/// On a busy machine these say more than operations per second.
struct Usage {
    cpu_microseconds: f64,
    written_bytes: f64,
}

impl Usage {
    fn now() -> Self {
        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // Fields 14 and 15, in hundredths of a second; the name in parentheses may hold spaces.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks: f64 = fields.split_whitespace().skip(11).take(2).map(number).sum();
        let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
        let written = io.lines().find_map(|line| line.strip_prefix("wchar: "));
        Self {
            cpu_microseconds: ticks * 1e4,
            written_bytes: written.map_or(0.0, number),
        }
    }

    fn since(&self, before: &Self, operations: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a count of operations is small")]
        let operations = operations.max(1) as f64;
        Self {
            cpu_microseconds: (self.cpu_microseconds - before.cpu_microseconds) / operations,
            written_bytes: (self.written_bytes - before.written_bytes) / operations,
        }
    }
}

/// Resident memory of this process, where the system says it.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) >> 10
}
