//! Time that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use identity::clock::{Clock, Timestamp};

/// A clock that a test sets.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    /// 2026-11-22, ten in the morning in Shanghai: when every world begins.
    pub const BEGINNING: Timestamp = Timestamp(1_795_312_800);

    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
