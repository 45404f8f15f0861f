//! The public report: counts and nothing else (Art. 9(2), R9.3, R9.4).
//!
//! Numbers come from counters that count what the service did; verification events are never read for them. What is
//! smaller than [`SMALLEST`] is not shown, the rest is rounded down.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::{Day, Timestamp};
use crate::service::{Fault, Service};
use crate::store::StoreError;

pub mod report;

/// Applications that came to a 网证.
pub const APPLICATIONS: &str = "applications";
/// Verifications that passed.
pub const VERIFICATIONS: &str = "verifications";
/// A count below this is not shown (ui §5 rule 9).
pub const SMALLEST: u64 = 10;

/// A calendar month of Asia/Shanghai: year × 100 + month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(pub u32);

impl Month {
    /// The month of a day.
    pub fn of(day: Day) -> Self {
        let date = day.date();
        let year = u32::try_from(date.year()).unwrap_or_default();
        Self(year * 100 + u32::from(u8::from(date.month())))
    }
}

impl fmt::Display for Month {
    /// Prints `YYYY-MM`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

/// One counter of one month. Of no person and of no platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountRow {
    /// The month.
    pub month: Month,
    /// What is counted.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Counters in the store: a reference table.
#[async_trait]
pub trait CountStore: Send + Sync {
    /// Adds to counters. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of `counts`.
    async fn add_counts(&self, rows: Vec<CountRow>, event: EventDraft) -> Result<(), StoreError>;
    /// All counters, by month and name.
    async fn counts(&self) -> Result<Vec<CountRow>, StoreError>;
}

/// Counts since they were last stored: in memory, so that a verification writes nothing more for being counted.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<String, u64>>);

impl Counts {
    /// One more of something the service did.
    pub fn one(&self, name: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name.to_owned()).or_default();
        *count = count.saturating_add(1);
    }

    fn take(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// So many a minute, all together, and no more.
#[derive(Debug, Default)]
pub struct PerMinute(Mutex<(i64, u32)>);

impl PerMinute {
    /// Whether one more fits into this minute.
    pub fn admit(&self, now: Timestamp, most: u32) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0 != now.minute().0 {
            *state = (now.minute().0, 0);
        }
        if state.1 >= most {
            return false;
        }
        state.1 += 1;
        true
    }
}

impl Service {
    /// Stores what was counted since the last time, under this month. What a crash takes is not counted.
    pub async fn store_counts(&self) -> Result<(), Fault> {
        let counted = self.counts.take();
        if counted.is_empty() {
            return Ok(());
        }
        let month = Month::of(self.now().day());
        let rows = counted
            .into_iter()
            .map(|(name, count)| CountRow { month, name, count })
            .collect();
        let event = AuditEvent::CountsAdded {
            minute: self.now().minute(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self.store.add_counts(rows, event).await?)
    }
}
