//! A process that does durable work without end and says what was acknowledged; and what must be
//! true of its store after it died.
//!
//! Each line it prints was answered by the store before: `request DIGEST`, or `code PERSON DIGEST`
//! with the person's place in the [`population`].

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use crypto::digest::{Digest, sm3};
use crypto::random::{SeededRandom, SystemRandom};
use identity::id::{Bucket, PersonId};
use identity::person::NewPerson;
use identity::store::{Store, StoreError};
use identity::verification::{GrantState, Redeemed, RequestTaken, TakenBy};
use tokio::task::JoinSet;

use crate::sample::{self, NOW};

/// Callers at the same time.
const CALLERS: usize = 16;
/// Codes presented again at the same time.
const AT_ONCE: usize = 256;
/// More than any person or bucket of the test has.
const ALL: u32 = 1_000_000;

/// The persons of every run: the same ones each time.
fn population() -> Vec<(Bucket, NewPerson)> {
    let random = SeededRandom::new(40);
    (0..40).map(|_| sample::new_person(&random)).collect()
}

/// Applies for the population, then takes requests and redeems codes until something fails.
pub(crate) async fn work(store: Arc<dyn Store>) -> Result<(), StoreError> {
    let population = population();
    let persons: Vec<PersonId> = population
        .iter()
        .map(|(_, new)| new.person.person)
        .collect();
    for (bucket, new) in population {
        let event = sample::applied(new.person.person, &SystemRandom);
        store.apply(bucket, new, event).await?;
    }
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (store, persons) = (store.clone(), persons.clone());
        callers.spawn(async move {
            for (place, person) in persons.iter().enumerate().cycle().skip(caller) {
                take_and_redeem(&*store, place, *person).await?;
            }
            Ok(())
        });
    }
    callers.join_all().await.into_iter().collect()
}

async fn take_and_redeem(
    store: &dyn Store,
    place: usize,
    person: PersonId,
) -> Result<(), StoreError> {
    let redemption = sample::redemption(person, &SystemRandom);
    let (request, code) = (sample::digest(&SystemRandom), redemption.code);
    let event = sample::request_taken(&SystemRandom);
    let taken = store
        .take_request(&request, TakenBy::Code(code), NOW, event)
        .await?;
    if taken == RequestTaken::Taken {
        say(&format!("request {}", request.to_hex()));
    }
    let event = sample::verified(person, &SystemRandom);
    if store.redeem_code(redemption, event).await? == Redeemed::Fresh {
        say(&format!("code {place} {}", code.to_hex()));
    }
    Ok(())
}

/// One whole line, or nothing: a reader that is gone is no reason to stop.
fn say(line: &str) {
    let _ = std::io::stdout()
        .lock()
        .write_all(format!("{line}\n").as_bytes());
}

/// What was found after a death.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Answers that were given.
    pub(crate) acknowledged: usize,
    /// Of these, how many the store does not know any more.
    pub(crate) lost: usize,
    /// Codes that were accepted before and are accepted again.
    pub(crate) accepted_twice: usize,
    /// What does not hold together.
    pub(crate) broken: Vec<String>,
}

impl Findings {
    /// Nothing lost, nothing twice, nothing broken.
    pub(crate) fn whole(&self) -> bool {
        self.lost + self.accepted_twice == 0 && self.broken.is_empty()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} acknowledged, {} lost, {} codes accepted twice, {} broken places",
            self.acknowledged,
            self.lost,
            self.accepted_twice,
            self.broken.len()
        )
    }
}

/// Looks for everything that was said, and whether what is there holds together. Each code is
/// presented again.
pub(crate) async fn examine(store: Arc<dyn Store>, said: &str) -> Result<Findings, StoreError> {
    let broken = examine_events(&*store).await?;
    let population = population();
    let mut findings = Findings {
        broken,
        ..Findings::default()
    };
    let mut again = JoinSet::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        // The last line may be cut off where its writer was.
        match words[..] {
            ["request", digest] if digest.len() == 64 => {
                let Ok(request) = Digest::from_hex(digest) else {
                    continue;
                };
                findings.acknowledged += 1;
                findings.lost += usize::from(!store.request_taken(&request).await?);
            }
            ["code", place, digest] if digest.len() == 64 => {
                let Ok(code) = Digest::from_hex(digest) else {
                    continue;
                };
                let person = population[place.parse::<usize>().unwrap_or(0)]
                    .1
                    .person
                    .person;
                findings.acknowledged += 1;
                let known = store.grant(person, &code).await? != GrantState::Unknown;
                findings.lost += usize::from(!known);
                again.spawn(accepted_again(store.clone(), person, code));
            }
            _ => {}
        }
        if again.len() == AT_ONCE {
            findings.accepted_twice += count(std::mem::take(&mut again)).await?;
        }
    }
    findings.accepted_twice += count(again).await?;
    Ok(findings)
}

/// How many codes were accepted.
async fn count(codes: JoinSet<Result<bool, StoreError>>) -> Result<usize, StoreError> {
    let mut accepted = 0;
    for code in codes.join_all().await {
        accepted += usize::from(code?);
    }
    Ok(accepted)
}

async fn accepted_again(
    store: Arc<dyn Store>,
    person: PersonId,
    code: Digest,
) -> Result<bool, StoreError> {
    let mut redemption = sample::redemption(person, &SystemRandom);
    redemption.code = code;
    let event = sample::verified(person, &SystemRandom);
    Ok(store.redeem_code(redemption, event).await? != Redeemed::Replayed)
}

/// In every bucket: sequences without a gap, and a receipt for exactly the events that name one.
async fn examine_events(store: &dyn Store) -> Result<Vec<String>, StoreError> {
    let mut broken = Vec::new();
    for number in 0..Bucket::COUNT {
        let Some(bucket) = Bucket::new(number) else {
            continue;
        };
        let events = store.events(bucket, 0, ALL).await?;
        let last = store.last_sequence(bucket).await?;
        if !events.iter().map(|row| row.sequence).eq(1..=last) {
            broken.push(format!("bucket {number}: a gap below sequence {last}"));
        }
        let receipts = store.sealed_receipts(bucket, 0, ALL).await?;
        let receipts: BTreeMap<u64, Digest> = receipts
            .iter()
            .map(|row| (row.sequence, sm3(&[&row.sealed])))
            .collect();
        for row in events {
            let fresh = row.parse().is_some_and(|body| body.outcome == "fresh");
            let stored = receipts.get(&row.sequence);
            if fresh != stored.is_some() || stored.is_some_and(|digest| *digest != row.receipt) {
                broken.push(format!("bucket {number}, event {}: receipt", row.sequence));
            }
        }
    }
    Ok(broken)
}
