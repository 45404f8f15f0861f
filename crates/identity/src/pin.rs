//! 口令: eight digits, checked by the service with attempt limits (design §4 PIN).

use async_trait::async_trait;
use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore, SecretName};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::id::PersonId;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

/// Wrong attempts before the 口令 (not the 网证) locks.
pub const ATTEMPTS: u8 = 5;
/// Seconds of the first lock; each further one doubles.
pub const FIRST_LOCK_SECONDS: i64 = 15 * 60;
/// The doubling ends here: one day.
pub const LONGEST_LOCK_SECONDS: i64 = 24 * 3600;

/// A 口令 as typed: eight digits, kept only as long as it is compared.
pub struct Pin(Zeroizing<[u8; 8]>);

/// Why eight digits do not make a 口令.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinRule {
    /// Not exactly eight digits.
    #[error("a PIN has exactly eight digits")]
    NotEightDigits,
    /// Three or more of one digit in a row, or one digit more than four times.
    #[error("a PIN may not repeat digits")]
    Repeats,
    /// Three or more digits in a run, up or down.
    #[error("a PIN may not contain runs such as 345 or 987")]
    Run,
}

impl Pin {
    /// Reads what was typed when a PIN is *used*: eight digits, nothing more is asked.
    pub fn parse(text: &str) -> Result<Self, PinRule> {
        let digits: [u8; 8] = text
            .as_bytes()
            .try_into()
            .map_err(|_| PinRule::NotEightDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(PinRule::NotEightDigits);
        }
        Ok(Self(Zeroizing::new(digits)))
    }

    /// Reads what was typed when a PIN is *set*: no runs, no repeats.
    pub fn choose(text: &str) -> Result<Self, PinRule> {
        let pin = Self::parse(text)?;
        let digits = pin.0.as_ref();
        let step = |i: usize| i16::from(digits[i + 1]) - i16::from(digits[i]);
        if (0..6).any(|i| step(i) == 0 && step(i + 1) == 0) {
            return Err(PinRule::Repeats);
        }
        if (b'0'..=b'9').any(|digit| digits.iter().copied().filter(|d| *d == digit).count() > 4) {
            return Err(PinRule::Repeats);
        }
        if (0..6).any(|i| step(i).abs() == 1 && step(i) == step(i + 1)) {
            return Err(PinRule::Run);
        }
        Ok(pin)
    }

    /// What is stored: HMAC-SM3(PIN key, person ‖ PIN). Without the key, 10⁸ guesses tell nothing.
    pub fn digest(&self, person: PersonId, keys: &dyn KeyStore) -> Result<Digest, KeyError> {
        keys.mac(SecretName::Pin, &[person.as_bytes(), self.0.as_ref()])
    }
}

/// Compares two PIN digests in constant time.
pub fn matches(stored: &Digest, presented: &Digest) -> bool {
    stored.0.ct_eq(&presented.0).into()
}

/// The row of a 口令.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinRow {
    /// Whose.
    pub person: PersonId,
    /// The digest under the person's data key.
    pub sealed_digest: Vec<u8>,
    /// Attempts left before the next lock.
    pub attempts_left: u8,
    /// Locked until, if locked.
    pub locked_until: Option<Timestamp>,
    /// How many times in a row it locked: doubles the next lock.
    pub locks: u8,
}

impl PinRow {
    /// The row after one wrong attempt at `now`, or the moment it is locked until. Pure: both
    /// backends call it inside the transaction, so the rule stands once.
    pub fn debit(&self, now: Timestamp) -> Result<Self, Timestamp> {
        match self.locked_until {
            Some(until) if now < until => return Err(until),
            _ => {}
        }
        let mut row = self.clone();
        if row.locked_until.take().is_some() {
            row.attempts_left = ATTEMPTS;
        }
        row.attempts_left = row.attempts_left.saturating_sub(1);
        if row.attempts_left == 0 {
            let seconds = FIRST_LOCK_SECONDS
                .saturating_mul(1 << row.locks.min(10))
                .min(LONGEST_LOCK_SECONDS);
            row.locked_until = Some(now.plus(seconds));
            row.locks = row.locks.saturating_add(1);
        }
        Ok(row)
    }

    /// The row after a right answer: everything is given back.
    #[must_use]
    pub fn refund(&self) -> Self {
        Self {
            attempts_left: ATTEMPTS,
            locked_until: None,
            locks: 0,
            ..self.clone()
        }
    }
}

/// An attempt at the 口令: compared, and not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinAttempt {
    /// Whose.
    pub person: PersonId,
    /// The sealed digest it was compared with.
    pub compared_with: Vec<u8>,
    /// What came of it; nobody outside is told before the store has settled it.
    pub right: bool,
    /// When.
    pub now: Timestamp,
}

/// How an attempt was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinSettled {
    /// Right; all attempts are there again.
    Right,
    /// Wrong; one attempt is durably spent. The row is as it stands now.
    Wrong(PinRow),
    /// No attempt before this moment, right or wrong.
    LockedUntil(Timestamp),
    /// The 口令 was replaced since it was read: compare again.
    Replaced,
    /// There is no PIN.
    NotSet,
}

impl PinRow {
    /// What an attempt makes of the row, if anything, and how it is answered. Pure, as
    /// [`PinRow::debit`].
    ///
    /// Of many guesses at once five are answered: each answer leaves with the change of the row, and
    /// once the row is locked a right guess is answered like a wrong one. Right answers at once do not
    /// stand in each other's way: none of them spends anything.
    pub fn settle(&self, attempt: &PinAttempt) -> (Option<Self>, PinSettled) {
        if self.sealed_digest != attempt.compared_with {
            return (None, PinSettled::Replaced);
        }
        match self.debit(attempt.now) {
            Err(until) => (None, PinSettled::LockedUntil(until)),
            Ok(_) if attempt.right => (Some(self.refund()), PinSettled::Right),
            Ok(spent) => (Some(spent.clone()), PinSettled::Wrong(spent)),
        }
    }
}

impl PinSettled {
    /// The outcome of the event.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Right => "done",
            Self::Wrong(_) => "spent",
            Self::LockedUntil(_) => "locked",
            Self::Replaced => "replaced",
            Self::NotSet => "not_set",
        }
    }
}

/// 口令 in the store.
#[async_trait]
pub trait PinStore: Send + Sync {
    /// The row of a person's 口令, to compare with.
    async fn pin(&self, person: PersonId) -> Result<Option<PinRow>, StoreError>;
    /// Settles an attempt ([`PinRow::settle`]): only what this answers may be told.
    /// Event outcome `done`, `spent`, `locked`, `replaced` or `not_set`.
    async fn settle_pin(
        &self,
        attempt: PinAttempt,
        event: EventDraft,
    ) -> Result<PinSettled, StoreError>;
    /// Sets a new 口令 with all attempts, and tells the person. Event outcome `done`.
    async fn replace_pin(
        &self,
        pin: PinRow,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Bucket;
    use crypto::random::SeededRandom;

    fn row() -> PinRow {
        let bucket = Bucket::new(5).unwrap();
        PinRow {
            person: PersonId::generate(bucket, &SeededRandom::new(1)),
            sealed_digest: vec![],
            attempts_left: ATTEMPTS,
            locked_until: None,
            locks: 0,
        }
    }

    #[test]
    fn runs_and_repeats_are_refused_when_set_and_accepted_when_used() {
        for (pin, rule) in [
            ("1234567", PinRule::NotEightDigits),
            ("123456789", PinRule::NotEightDigits),
            ("5820394a", PinRule::NotEightDigits),
            ("58203９47", PinRule::NotEightDigits),
            ("11158203", PinRule::Repeats),
            ("58000394", PinRule::Repeats),
            ("50525155", PinRule::Repeats),
            ("12358209", PinRule::Run),
            ("58209876", PinRule::Run),
        ] {
            assert_eq!(Pin::choose(pin).err(), Some(rule), "{pin}");
        }
        assert!(Pin::choose("58203947").is_ok());
        assert!(Pin::parse("11111111").is_ok());
    }

    #[test]
    fn five_wrong_attempts_lock_for_a_quarter_of_an_hour_and_then_twice_as_long() {
        let start = Timestamp(1_000_000);
        let mut pin = row();
        for left in (0..ATTEMPTS).rev() {
            pin = pin.debit(start).unwrap();
            assert_eq!(pin.attempts_left, left);
        }
        let until = start.plus(FIRST_LOCK_SECONDS);
        assert_eq!(
            pin.debit(until.plus(-1)),
            Err(until),
            "one second early is still locked"
        );
        for _ in 0..ATTEMPTS {
            pin = pin.debit(until).unwrap();
        }
        assert_eq!(pin.locked_until, Some(until.plus(2 * FIRST_LOCK_SECONDS)));
        for _ in 0..20 {
            let now = pin.locked_until.unwrap_or(until);
            for _ in 0..ATTEMPTS {
                pin = pin.debit(now).unwrap();
            }
            assert!(pin.locked_until.unwrap() <= now.plus(LONGEST_LOCK_SECONDS));
        }
        assert_eq!(
            pin.refund().debit(start).unwrap().attempts_left,
            ATTEMPTS - 1
        );
    }

    #[test]
    fn a_right_answer_gives_all_back_and_a_locked_row_answers_nothing() {
        let now = Timestamp(1_000_000);
        let attempt = |right| PinAttempt {
            person: row().person,
            compared_with: vec![],
            right,
            now,
        };
        let mut pin = row();
        for _ in 0..ATTEMPTS - 1 {
            pin = pin.settle(&attempt(false)).0.unwrap();
        }
        let (full, settled) = pin.settle(&attempt(true));
        assert_eq!((full.unwrap(), settled), (row(), PinSettled::Right));
        let (locked, _) = pin.settle(&attempt(false));
        let locked = locked.unwrap();
        let until = locked.locked_until.unwrap();
        for right in [true, false] {
            let (changed, settled) = locked.settle(&attempt(right));
            assert_eq!(
                (changed, settled),
                (None, PinSettled::LockedUntil(until)),
                "a guess after the lock learns nothing"
            );
        }
        let other = PinAttempt {
            compared_with: vec![1],
            ..attempt(true)
        };
        assert_eq!(row().settle(&other), (None, PinSettled::Replaced));
    }
}
