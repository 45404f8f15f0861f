//! `audit verify`: recomputes the log and names what does not fit (C6, design §5).
//!
//! [`verify_database`] checks what the service keeps: every event row, sealed receipt, leaf row, tile
//! and checkpoint against each other and against the signatures. [`verify_published`] checks what
//! anyone can read. Both go through the tree tile by tile; memory holds the right edge and, for a
//! database, one bit for each leaf.

use serde::{Serialize, Serializer};

use crate::id::Bucket;

mod beyond;
mod checkpoints;
mod columns;
mod database;
mod events;
mod leaves;
mod published;
mod removed;
mod walk;
mod window;

pub use database::verify_database;
pub use published::verify_published;

/// How many findings are kept in full; the rest is counted.
pub const FINDINGS_KEPT: usize = 100;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A head of the log, by the size it is kept under.
    Checkpoint(u64),
    /// A row of the leaf index.
    Leaf(u64),
    /// A tile.
    Tile {
        /// Level.
        level: u8,
        /// Index within the level.
        index: u64,
    },
    /// An event row.
    Event {
        /// Its bucket.
        bucket: Bucket,
        /// Its sequence.
        sequence: u64,
    },
    /// The sealed receipt of an event.
    Receipt {
        /// The bucket of the event.
        bucket: Bucket,
        /// The sequence of the event.
        sequence: u64,
    },
}

impl std::fmt::Display for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Checkpoint(size) => write!(formatter, "checkpoint of size {size}"),
            Self::Leaf(index) => write!(formatter, "leaf {index}"),
            Self::Tile { level, index } => write!(formatter, "tile {level}/{index}"),
            Self::Event { bucket, sequence } => {
                write!(formatter, "event {sequence} of bucket {}", bucket.number())
            }
            Self::Receipt { bucket, sequence } => {
                write!(
                    formatter,
                    "receipt of event {sequence} of bucket {}",
                    bucket.number()
                )
            }
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One thing that does not fit, in plain words. It names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is bad.
    pub subject: Subject,
    /// Why.
    pub problem: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.problem)
    }
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Leaves of the tree.
    pub leaves: u64,
    /// Tiles.
    pub tiles: u64,
    /// Signed heads.
    pub checkpoints: u64,
    /// Event rows.
    pub events: u64,
    /// Event rows that wait for the next epoch: nothing signed covers them yet.
    pub pending: u64,
    /// Sealed receipts.
    pub receipts: u64,
    /// Event rows that are gone, each named by a tombstone in the log (R9.5).
    pub removed: u64,
}

/// The result of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was looked at.
    pub counts: Counts,
    /// How many things do not fit.
    pub bad: u64,
    /// The first of them, the very first in front.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything fits.
    pub fn is_good(&self) -> bool {
        self.bad == 0
    }

    /// Whether some of it may be a matter of a second: a tombstone that the next signed head will cover.
    pub fn waits_for_a_head(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.problem == events::NOT_SIGNED_YET)
    }

    fn add(&mut self, subject: Subject, problem: impl Into<String>) {
        self.bad += 1;
        if self.findings.len() < FINDINGS_KEPT {
            self.findings.push(Finding {
                subject,
                problem: problem.into(),
            });
        }
    }
}

/// Which part of a verification is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Signatures of heads.
    Checkpoints,
    /// Leaves, tiles and roots.
    Tree,
    /// Event rows and receipts, bucket by bucket.
    Events,
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The part.
    pub step: Step,
    /// Done of it.
    pub done: u64,
    /// All of it, if known.
    pub total: Option<u64>,
}

/// Hears of progress.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

#[cfg(test)]
mod tests;
