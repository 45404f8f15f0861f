//! What is past its time goes, in small batches, and leaves a tombstone where it was in the log (R9.1, C6).
//!
//! Run daily; a run that is cut off is carried on by the next one, and one that follows at once finds nothing to do.

use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventRow, Removed, RemovedBy};
use crate::clock::{Day, Timestamp};
use crate::id::Bucket;
use crate::inventory;
use crate::service::{Fault, Service};

use super::Month;

/// Rows looked at, and at most removed, in one transaction.
const BATCH: u32 = 256;

/// How long what is kept, in days; the inventory names the period of each column (R9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Periods {
    /// Sealed receipts and notices in a person's history.
    pub receipts: i32,
    /// Events about a person, and those about nobody that only count traffic.
    pub events: i32,
    /// A 网号 that was set aside and never confirmed.
    pub unconfirmed_wanghao: i32,
    /// A person of whom nothing is heard.
    pub inactive: i32,
    /// Between the notice to an inactive person and the erasure.
    pub inactivity_notice: i32,
}

/// The periods by name: the inventory says which column is kept by which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// [`Periods::receipts`].
    Receipts,
    /// [`Periods::events`].
    Events,
    /// [`Periods::unconfirmed_wanghao`].
    UnconfirmedWanghao,
}

impl Periods {
    /// How many days.
    pub fn days(&self, period: Period) -> i32 {
        match period {
            Period::Receipts => self.receipts,
            Period::Events => self.events,
            Period::UnconfirmedWanghao => self.unconfirmed_wanghao,
        }
    }
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            // PIPL 56: three years for records of what was done with personal information.
            receipts: 3 * 365,
            events: 3 * 365,
            unconfirmed_wanghao: 1,
            inactive: 5 * 365,
            inactivity_notice: 90,
        }
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// Persons erased whose time had come.
    pub erased: u32,
    /// Persons told that they will be.
    pub announced: u64,
    /// Event rows removed.
    pub events: u64,
    /// Sealed receipts removed.
    pub receipts: u64,
    /// Reservations of a 网号 that lapsed.
    pub wanghao: u32,
    /// Tombstones and rows for fetching receipts deleted.
    pub tombstones: u32,
}

impl Service {
    /// One run. `on_progress` hears of buckets done.
    pub async fn run_retention(
        &self,
        on_progress: &mut (dyn FnMut(u16) + Send),
    ) -> Result<Retained, Fault> {
        let now = self.now();
        let today = now.day();
        // 1. Those whose time has come.
        let mut done = Retained {
            erased: self.erase_due(now).await?,
            ..Retained::default()
        };
        let receipts = self.kept_since("audit_event.sealed_receipt")?;
        let events = self.kept_since("audit_event.body")?;
        let reservations = self.kept_since("wanghao.reserved_on")?;
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            // 2. Numbers nobody took.
            done.wanghao += self.lapse(bucket, today, reservations).await?;
            // 3. Receipts, then events, by the periods the inventory names (R9.1).
            done.receipts += self
                .remove_before(bucket, Removed::Receipts, receipts)
                .await?;
            done.events += self.remove_before(bucket, Removed::Events, events).await?;
            // 4. Those of whom nothing is heard.
            done.announced += self.announce_inactivity(bucket).await?;
            on_progress(bucket.number() + 1);
            super::breathe().await;
        }
        // 5. What was kept of those who left long ago (R2.3).
        let before = Month::of(today).plus(-self.policy.tombstone_months);
        let first_day = before.plus(-1).last_day().plus(1);
        done.tombstones = self.store.sweep_tombstones(before, first_day).await?;
        Ok(done)
    }

    /// What is older than this of a column is past its time.
    fn kept_since(&self, column: &str) -> Result<Day, Fault> {
        let period = inventory::period_of(column).ok_or(Fault::Invariant("a period"))?;
        Ok(self.now().day().plus(-self.policy.periods.days(period)))
    }

    async fn lapse(&self, bucket: Bucket, today: Day, before: Day) -> Result<u32, Fault> {
        let event =
            crate::audit::EventDraft::new(AuditEvent::WanghaoSettled { day: today }, self.random());
        Ok(self.store.lapse_wanghao(bucket, before, event).await?)
    }

    /// Removes what is older than a day. Rows come in the order of time: the first young one ends it.
    async fn remove_before(
        &self,
        bucket: Bucket,
        what: Removed,
        before: Day,
    ) -> Result<u64, Fault> {
        let (mut removed, mut next) = (0, 0);
        loop {
            let (sequences, last) = match what {
                Removed::Events => self.old_events(bucket, next, before).await?,
                Removed::Receipts => self.old_receipts(bucket, next, before).await?,
            };
            if !sequences.is_empty() {
                let event = self.removal(what, RemovedBy::Retention);
                removed += self
                    .store
                    .remove_rows(bucket, what, sequences, event)
                    .await?;
            }
            match last {
                Some(last) => next = last + 1,
                None => return Ok(removed),
            }
        }
    }

    /// Old event rows of one page, and the last sequence looked at when there may be more.
    async fn old_events(
        &self,
        bucket: Bucket,
        from: u64,
        before: Day,
    ) -> Result<(Vec<u64>, Option<u64>), Fault> {
        let page = self.store.events(bucket, from, BATCH).await?;
        let mut old = Vec::new();
        for row in &page {
            let Some(on) = row.day() else { continue };
            if on >= before {
                return Ok((old, None));
            }
            if self.may_go(row).await? {
                old.push(row.sequence);
            }
        }
        let full = page.len() >= BATCH as usize;
        Ok((old, page.last().filter(|_| full).map(|row| row.sequence)))
    }

    async fn old_receipts(
        &self,
        bucket: Bucket,
        from: u64,
        before: Day,
    ) -> Result<(Vec<u64>, Option<u64>), Fault> {
        let page = self.store.sealed_receipts(bucket, from, BATCH).await?;
        let old = page.iter().take_while(|row| row.day < before);
        let old: Vec<u64> = old.map(|row| row.sequence).collect();
        let all = old.len() == page.len() && page.len() >= BATCH as usize;
        let last = old.last().copied().filter(|_| all);
        Ok((old, last))
    }

    /// Acts of staff, of keys, of platforms and of notices stay, and so do tombstones; of a person the newest act
    /// stays, by which it is known whether anything is still heard of them.
    async fn may_go(&self, row: &EventRow) -> Result<bool, Fault> {
        let Some(body) = row.parse() else {
            return Ok(false);
        };
        let Some(person) = row.person else {
            return Ok(body.event.counts_traffic());
        };
        if !body.event.is_act_of_person() {
            return Ok(true);
        }
        let newest = self.store.events_of(person, 64).await?;
        let newest = newest.iter().find(|event| {
            event
                .parse()
                .is_some_and(|body| body.event.is_act_of_person())
        });
        Ok(newest.is_none_or(|newest| newest.sequence != row.sequence))
    }
}

impl AuditEvent {
    /// Events about nobody that only say that something was done.
    fn counts_traffic(&self) -> bool {
        matches!(
            self,
            Self::WanghaoReserved { .. }
                | Self::WanghaoSettled { .. }
                | Self::WanghaoEnded { .. }
                | Self::PersonGone { .. }
                | Self::RequestTaken { .. }
                | Self::HandoverChanged { .. }
                | Self::ApplicationKept { .. }
        )
    }
}

impl EventRow {
    /// The day of any event, whichever way it says when.
    fn day(&self) -> Option<Day> {
        #[derive(Deserialize)]
        struct When {
            day: Option<Day>,
            at: Option<Timestamp>,
            minute: Option<Timestamp>,
        }
        let when: When = serde_json::from_slice(&self.body).ok()?;
        when.day
            .or_else(|| when.at.or(when.minute).map(Timestamp::day))
    }
}
