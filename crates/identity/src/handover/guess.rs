//! Eight digits to type: short-lived codes, and a limit on guessing them.
//!
//! The service collects no addresses, so that wrong guesses are counted by what was guessed: by the
//! first two digits. Whoever tries many codes soon finds all hundred counters full, while a person's
//! slip stands in the way of one code in a hundred at most.

use std::sync::{Mutex, PoisonError};

use crypto::random::{self, Random};

use crate::clock::Timestamp;

/// Wrong guesses of one counter in a minute.
const MOST: u8 = 5;
const COUNTERS: usize = 100;

/// Counts wrong guesses of this process within the minute.
pub struct Guesses(Mutex<Minute>);

struct Minute {
    minute: Timestamp,
    wrong: [u8; COUNTERS],
}

impl Default for Guesses {
    fn default() -> Self {
        Self(Mutex::new(Minute {
            minute: Timestamp(0),
            wrong: [0; COUNTERS],
        }))
    }
}

impl Guesses {
    /// Whether a code may be tried now. Each try counts as wrong until [`Guesses::right`] says
    /// otherwise, so that many at once are no way around.
    pub(crate) fn try_one(&self, code: &str, now: Timestamp) -> bool {
        self.with(code, now, |wrong| {
            let allowed = *wrong < MOST;
            *wrong = wrong.saturating_add(u8::from(allowed));
            allowed
        })
    }

    /// The code was right: the try is given back.
    pub(crate) fn right(&self, code: &str, now: Timestamp) {
        self.with(code, now, |wrong| *wrong = wrong.saturating_sub(1));
    }

    fn with<T>(&self, code: &str, now: Timestamp, change: impl FnOnce(&mut u8) -> T) -> T {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guard.minute != now.minute() {
            *guard = Minute {
                minute: now.minute(),
                wrong: [0; COUNTERS],
            };
        }
        let counter = code
            .get(..2)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        change(&mut guard.wrong[counter % COUNTERS])
    }
}

/// Eight digits as a person types them, a space or two inside; `None` when they are none.
pub fn typed(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit());
    fits.then_some(digits)
}

/// Eight random digits.
pub(crate) fn eight_digits(random: &dyn Random) -> String {
    format!(
        "{:08}",
        u64::from_be_bytes(random::array(random)) % 100_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_guesses_a_minute_and_a_right_one_costs_nothing() {
        let guesses = Guesses::default();
        let now = Timestamp(6_000);
        for _ in 0..50 {
            assert!(guesses.try_one("12345678", now));
            guesses.right("12345678", now);
        }
        for last in 0..5 {
            assert!(guesses.try_one(&format!("1200000{last}"), now));
        }
        assert!(!guesses.try_one("12345678", now));
        assert!(guesses.try_one("98345678", now), "another counter");
        assert!(guesses.try_one("12345678", now.plus(60)), "another minute");
    }

    #[test]
    fn a_code_is_read_as_it_is_typed() {
        assert_eq!(typed("1234 5678").as_deref(), Some("12345678"));
        assert_eq!(typed(" 12345678 ").as_deref(), Some("12345678"));
        for wrong in ["1234567", "123456789", "1234567x", "", "١٢٣٤٥٦٧٨"] {
            assert_eq!(typed(wrong), None, "{wrong}");
        }
    }
}
