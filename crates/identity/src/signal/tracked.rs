//! What a platform has to carry out, until it confirms: for the person, the platform's console, the supervisor (R8.3).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::PlatformId;
use crate::service::{Fault, Service};
use crate::verification::pairwise::PairwiseId;

use super::outbox;
use super::{Notice, SignalId, SignalKind, SignalRow};

/// Most rows of one list.
const MOST: u32 = 1000;

/// How a person's device finds again what it set going: kept in the person's own sealed history, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// Which platform.
    pub platform: PlatformId,
    /// Which signal.
    pub signal: SignalId,
}

impl Tracking {
    /// Reads `platform.signal`.
    pub fn parse(text: &str) -> Option<Self> {
        let (platform, signal) = text.split_once('.')?;
        Some(Self {
            platform: PlatformId::parse(platform)?,
            signal: SignalId::parse(signal)?,
        })
    }
}

impl std::fmt::Display for Tracking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.platform, self.signal)
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TrackedState {
    /// On its way, or there and not confirmed yet.
    Sent {
        /// When the confirmation is due.
        due: Timestamp,
    },
    /// Not confirmed in time.
    Overdue {
        /// When it was due.
        due: Timestamp,
    },
    /// The platform confirmed.
    Confirmed {
        /// When.
        at: Timestamp,
    },
    /// Too long ago; nothing of it is kept.
    Unknown,
}

/// Something a platform has not confirmed, as its own console sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Which signal.
    pub signal: SignalId,
    /// About whom, by the platform's own pairwise id.
    pub subject: PairwiseId,
    /// What has to be done.
    pub kind: SignalKind,
    /// Until when.
    pub due_at: Timestamp,
    /// Whether that is over.
    pub overdue: bool,
}

/// A duty that a platform did not carry out in time, as the supervisor sees it: no person, not even a pairwise id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// Whose duty.
    pub platform: PlatformId,
    /// What had to be done.
    pub kind: SignalKind,
    /// Until when.
    pub due_at: Timestamp,
}

impl Service {
    /// Where something stands that a person's device set going.
    pub async fn tracked(&self, tracking: &Tracking) -> Result<TrackedState, Fault> {
        let row = self
            .store
            .signal(&tracking.platform, tracking.signal)
            .await?;
        Ok(row.map_or(TrackedState::Unknown, |row| row.tracked(self.now())))
    }

    /// What a platform still has to carry out, the first due first: for its own console, by its own pairwise ids.
    pub async fn unconfirmed(&self, platform: &PlatformId) -> Result<Vec<Unconfirmed>, Fault> {
        let rows = self.store.unconfirmed_signals(platform, MOST).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.outbox_key(platform).await?;
        let mut list = Vec::new();
        for row in rows {
            let dated = outbox::open(&row.sealed, platform, row.signal, &key)?;
            if let (Notice::About { kind, subject, .. }, Some(due_at)) = (dated.notice, row.due_at)
            {
                list.push(Unconfirmed {
                    signal: row.signal,
                    subject,
                    kind,
                    due_at,
                    overdue: self.now() > due_at,
                });
            }
        }
        Ok(list)
    }

    /// What is overdue at all platforms: for the supervisor, who sees platforms and days, never a person.
    pub async fn overdue(&self) -> Result<Vec<Overdue>, Fault> {
        let mut all = Vec::new();
        for outbox in self.store.outboxes().await? {
            let open = self.unconfirmed(&outbox.platform).await?;
            all.extend(
                open.into_iter()
                    .filter(|one| one.overdue)
                    .map(|one| Overdue {
                        platform: outbox.platform.clone(),
                        kind: one.kind,
                        due_at: one.due_at,
                    }),
            );
        }
        Ok(all)
    }
}

impl SignalRow {
    fn tracked(&self, now: Timestamp) -> TrackedState {
        match (self.confirmed_at, self.due_at) {
            (Some(at), _) => TrackedState::Confirmed { at },
            (None, Some(due)) if now > due => TrackedState::Overdue { due },
            (None, Some(due)) => TrackedState::Sent { due },
            (None, None) => TrackedState::Unknown,
        }
    }
}
