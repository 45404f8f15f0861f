//! Identifiers that may be used once within their lifetime, remembered in bounded memory
//! (design §4: `jti` of client assertions and of statements).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crypto::digest::{Digest, sha256};

use crate::clock::Timestamp;

/// Two generations of digests: every identifier is remembered for at least one lifetime and at
/// most two, without a timer and without a sweep.
pub struct SeenOnce {
    lifetime: i64,
    most: usize,
    generations: Mutex<Generations>,
}

struct Generations {
    since: Timestamp,
    current: HashSet<Digest>,
    previous: HashSet<Digest>,
}

/// Whether an identifier may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The first time.
    Fresh,
    /// Used before.
    Replayed,
    /// Too many identifiers within one lifetime; refuse rather than forget.
    Full,
}

impl SeenOnce {
    /// Remembers for `lifetime` seconds, at most `most` identifiers in each generation.
    pub fn new(lifetime: i64, most: usize) -> Self {
        let generations = Generations {
            since: Timestamp(0),
            current: HashSet::new(),
            previous: HashSet::new(),
        };
        Self {
            lifetime,
            most,
            generations: Mutex::new(generations),
        }
    }

    /// Takes an identifier of `owner`. Atomic: of many callers one sees [`Seen::Fresh`] (B2).
    pub fn take(&self, owner: &str, identifier: &str, now: Timestamp) -> Seen {
        let length = u64::try_from(owner.len()).unwrap_or(u64::MAX).to_be_bytes();
        let digest = sha256(&[&length, owner.as_bytes(), identifier.as_bytes()]);
        let mut generations = self
            .generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if now >= generations.since.plus(self.lifetime) {
            let idle = now >= generations.since.plus(2 * self.lifetime);
            generations.previous = std::mem::take(&mut generations.current);
            if idle {
                generations.previous.clear();
            }
            generations.since = now;
        }
        if generations.current.contains(&digest) || generations.previous.contains(&digest) {
            return Seen::Replayed;
        }
        if generations.current.len() >= self.most {
            return Seen::Full;
        }
        generations.current.insert(digest);
        Seen::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b2_an_identifier_is_good_once_within_its_lifetime() {
        let seen = SeenOnce::new(60, 10);
        let start = Timestamp(1_000);
        assert_eq!(seen.take("a", "1", start), Seen::Fresh);
        assert_eq!(seen.take("a", "1", start), Seen::Replayed);
        assert_eq!(
            seen.take("b", "1", start),
            Seen::Fresh,
            "another owner's is another"
        );
        assert_eq!(seen.take("a", "1", start.plus(60)), Seen::Replayed);
        assert_eq!(seen.take("a", "1", start.plus(119)), Seen::Replayed);
        assert_eq!(seen.take("a", "1", start.plus(300)), Seen::Fresh);
    }

    #[test]
    fn memory_is_bounded_and_full_refuses() {
        let seen = SeenOnce::new(60, 3);
        let now = Timestamp(1_000);
        for identifier in ["1", "2", "3"] {
            assert_eq!(seen.take("a", identifier, now), Seen::Fresh);
        }
        assert_eq!(seen.take("a", "4", now), Seen::Full);
        assert_eq!(seen.take("a", "1", now), Seen::Replayed);
        assert_eq!(seen.take("a", "4", now.plus(61)), Seen::Fresh);
    }

    #[test]
    fn of_many_at_once_one_wins() {
        let seen = std::sync::Arc::new(SeenOnce::new(60, 100));
        let threads: Vec<_> = (0..32)
            .map(|_| {
                let seen = seen.clone();
                std::thread::spawn(move || seen.take("a", "x", Timestamp(1_000)))
            })
            .collect();
        let fresh = threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .filter(|seen| *seen == Seen::Fresh)
            .count();
        assert_eq!(fresh, 1);
    }
}
