//! Named staff, roles and sign-in: no role can do everything (R12.1, R12.4, R3.1).
//!
//! A member of staff signs in with a registered key beside a password ([`sign_in`]), holds one role, and a role holds
//! the duties of one table ([`duty`]). What is dangerous takes two of them (`oversight`).

use async_trait::async_trait;
use crypto::digest::Digest;
use crypto::password::PasswordRecipe;
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Timestamp;
use crate::id::{PlatformId, StaffLogin};
use crate::store::StoreError;

pub mod account;
pub mod duty;
pub mod first;
pub mod role;
pub mod sign_in;

pub use duty::{Duty, NotYourDuty};
pub use role::{Field, Role};

/// Wrong passwords in a row before the account rests.
pub const ATTEMPTS: u32 = 5;
/// Seconds of the first rest; each further one is twice as long.
const FIRST_REST: i64 = 15 * 60;
/// Rests stop doubling here: a day.
const LONGEST_REST: i64 = 24 * 3600;

/// A signed-in member of staff. Only the sign-in and its session make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingStaff {
    login: StaffLogin,
    name: String,
    role: Role,
    platform: Option<PlatformId>,
    key: Jwk,
}

impl ActingStaff {
    fn of(row: &StaffRow) -> Self {
        Self {
            login: row.login.clone(),
            name: row.name.clone(),
            role: row.role,
            platform: row.platform.clone(),
            key: row.key.clone(),
        }
    }

    /// Who, by login: a named person.
    pub fn login(&self) -> &StaffLogin {
        &self.login
    }

    /// The name as colleagues read it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// In which role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whose member, in the role [`Role::PlatformMember`].
    pub fn platform(&self) -> Option<&PlatformId> {
        self.platform.as_ref()
    }

    /// Whether the role holds a duty.
    pub fn may(&self, duty: Duty) -> bool {
        self.role.has(duty)
    }

    /// The same, as a step that stops.
    pub fn must(&self, duty: Duty) -> Result<(), NotYourDuty> {
        // R12.1: one table says what a role may do.
        self.may(duty).then_some(()).ok_or(NotYourDuty { duty })
    }
}

/// Whether an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffState {
    /// It may.
    Active,
    /// It was closed; what it did stays in the log.
    Closed,
}

/// A password as it is kept: stretched, then keyed (no row alone gives anything to guess against).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPassword {
    /// How it is stretched.
    pub recipe: PasswordRecipe,
    /// Keyed digest of the stretched password and the login.
    pub digest: Digest,
}

/// The account of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// What is typed to sign in.
    pub login: StaffLogin,
    /// The person's name: acts are of named persons (R12.1).
    pub name: String,
    /// The one role.
    pub role: Role,
    /// Whose member, in the role [`Role::PlatformMember`].
    pub platform: Option<PlatformId>,
    /// The registered key, public part.
    pub key: Jwk,
    /// The password; none until the first sign-in with the key sets one.
    pub password: Option<KeptPassword>,
    /// Whether it may sign in.
    pub state: StaffState,
    /// Password attempts left.
    pub attempts_left: u32,
    /// No attempt before this moment.
    pub locked_until: Option<Timestamp>,
    /// How often it rested since the last right password.
    pub locks: u32,
    /// Digest of the session in force: one at a time.
    pub session: Option<Digest>,
}

impl StaffRow {
    /// Spends an attempt before anything is compared; the moment until which none is left, if none is (R12.4).
    pub fn debit(mut self, now: Timestamp) -> Result<Self, Timestamp> {
        if let Some(until) = self.locked_until {
            if now < until {
                return Err(until);
            }
            self.locked_until = None;
            self.attempts_left = ATTEMPTS;
        }
        self.attempts_left = self.attempts_left.saturating_sub(1);
        if self.attempts_left == 0 {
            let rest = FIRST_REST.saturating_mul(1 << self.locks.min(10));
            self.locked_until = Some(now.plus(rest.min(LONGEST_REST)));
            self.locks = self.locks.saturating_add(1);
        }
        Ok(self)
    }

    /// The right password came: all attempts are back, and this session is the one.
    #[must_use]
    pub fn signed_in(mut self, session: Digest) -> Self {
        self.attempts_left = ATTEMPTS;
        self.locked_until = None;
        self.locks = 0;
        self.session = Some(session);
        self
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffDebited {
    /// One was spent; the row after it.
    Spent(Box<StaffRow>),
    /// None is left before this moment.
    LockedUntil(Timestamp),
    /// No such account, or a closed one.
    Unknown,
}

/// Accounts of staff: a reference table, small, read whole.
#[async_trait]
pub trait StaffStore: Send + Sync {
    /// Opens or replaces an account. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of the login.
    async fn put_staff(&self, row: StaffRow, event: EventDraft) -> Result<(), StoreError>;
    /// Everyone, by login.
    async fn all_staff(&self) -> Result<Vec<StaffRow>, StoreError>;
    /// One account.
    async fn staff(&self, login: &StaffLogin) -> Result<Option<StaffRow>, StoreError>;
    /// Spends a password attempt ([`StaffRow::debit`]). Event outcome `spent`, `locked` or `unknown`.
    async fn debit_staff(
        &self,
        login: &StaffLogin,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<StaffDebited, StoreError>;
    /// The password was right: attempts come back, the session is the one in force; a first password is kept.
    /// `false` when the account is gone. Event outcome `done` or `unknown`.
    async fn open_staff_session(
        &self,
        login: &StaffLogin,
        session: Digest,
        first_password: Option<KeptPassword>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Ends the session if it is the one in force. Event outcome `done` or `not_found`.
    async fn close_staff_session(
        &self,
        login: &StaffLogin,
        session: Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests;
