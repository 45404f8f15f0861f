//! Signing in: a registered key over a challenge, beside a password; a sealed session; a fresh signature for each
//! dangerous act (R12.4).
//!
//! The key is asked first: only its holder can spend an attempt at the password, so nobody locks out another.

use std::sync::LazyLock;

use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use crypto::random::{self, SystemRandom};
use crypto::{Curve, PrivateKey, PublicKey};
use jose::jwk::Jwk;
use jose::jws::Unverified;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{ActingStaff, KeptPassword, StaffDebited, StaffRow, StaffState};
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::StaffLogin;
use crate::service::{Fault, Service};
use crate::statement::StatementRefused;

/// Type of the statement that signs in.
pub const SIGN_IN_TYPE: &str = "wz-staff+jwt";
/// Type of the statement that carries a dangerous act.
pub const ACT_TYPE: &str = "wz-staff-act+jwt";
/// Seconds a challenge waits.
const CHALLENGE_LIFE: i64 = 120;
/// Shortest password.
pub const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;

const CHALLENGE: &str = "staff-challenge";
const SESSION: &str = "staff-session";

/// Why a sign-in or a signature of staff is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefused {
    /// Unknown login, wrong key, stale challenge, wrong password: one answer for all.
    #[error("R12.4: key or password is not right")]
    NotRight,
    /// Too many wrong passwords in a row.
    #[error("R12.4: too many wrong passwords")]
    Rests {
        /// Until when.
        until: Timestamp,
    },
    /// A first password that is too short or too long.
    #[error("R12.4: a password has 12 to 256 characters")]
    PasswordLength,
    /// The statement itself.
    #[error(transparent)]
    Statement(#[from] StatementRefused),
}

/// A refusal, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] SignInRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a challenge says inside its seal.
#[derive(Serialize, Deserialize)]
struct Challenge {
    nonce: String,
    expires_at: Timestamp,
}

/// What a sign-in says.
#[derive(Deserialize)]
struct SignIn {
    challenge: String,
}

/// The registered key signed the challenge; the password is still to be looked at.
pub struct KeyProven {
    row: StaffRow,
    recipe: crypto::password::PasswordRecipe,
    first: bool,
}

/// A password, stretched and not yet compared.
pub struct PasswordTried {
    row: StaffRow,
    recipe: crypto::password::PasswordRecipe,
    stretched: Zeroizing<[u8; 32]>,
    first: bool,
}

/// What a session says inside its seal: the cookie.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    login: StaffLogin,
    secret: String,
    /// The key it was opened by: another key ends it.
    thumbprint: String,
    opened_at: Timestamp,
    seen_at: Timestamp,
}

/// Stands in for the key of a login nobody has, so that it takes as long.
static NOBODY: LazyLock<Option<PublicKey>> = LazyLock::new(|| {
    PrivateKey::generate(Curve::P256, &SystemRandom)
        .ok()
        .map(|key| key.public().clone())
});

impl KeyProven {
    /// Stretches the password: slow, and without the service, so that it can run aside.
    pub fn stretch(self, password: &str) -> Result<PasswordTried, SignInError> {
        let length = password.chars().count();
        if self.first && !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
            return Err(SignInRefused::PasswordLength.into());
        }
        if length > LONGEST_PASSWORD {
            return Err(SignInRefused::NotRight.into());
        }
        let stretched = self
            .recipe
            .stretch(password)
            .map_err(|_| Fault::Invariant("a password does not stretch"))?;
        Ok(PasswordTried {
            row: self.row,
            recipe: self.recipe,
            stretched,
            first: self.first,
        })
    }
}

impl Service {
    /// A challenge for anyone: it says nothing of who exists.
    pub fn staff_challenge(&self) -> Result<String, Fault> {
        let nonce = Digest(random::array(self.random())).to_hex();
        let expires_at = self.now().plus(CHALLENGE_LIFE);
        self.seal_value(CHALLENGE, &Challenge { nonce, expires_at })
    }

    /// First half of a sign-in: the registered key of the named login signed our challenge.
    pub async fn staff_key_proven(&self, statement: &str) -> Result<KeyProven, SignInError> {
        // 1. Whose key does it name? A login nobody has is checked against a key nobody has.
        let unverified = Unverified::parse(statement).map_err(|_| SignInRefused::NotRight)?;
        let login = unverified
            .header()
            .kid
            .as_deref()
            .and_then(StaffLogin::parse);
        let login = login.ok_or(SignInRefused::NotRight)?;
        let row = self.store.staff(&login).await.map_err(Fault::from)?;
        let row = row.filter(|row| row.state == StaffState::Active);
        let key = match &row {
            Some(row) => Some(registered_key(&row.key)?),
            None => NOBODY.clone(),
        };
        let key = key.ok_or(SignInRefused::NotRight)?;
        // 2. Did it sign, here and now, and once?
        let said: SignIn = self.staff_statement(statement, SIGN_IN_TYPE, &key)?;
        let row = row.ok_or(SignInRefused::NotRight)?;
        // 3. Our own challenge, in its time, taken once (B2).
        let challenge: Option<Challenge> = self.open_value(CHALLENGE, &said.challenge);
        let challenge = challenge
            .filter(|challenge| self.now() <= challenge.expires_at)
            .ok_or(SignInRefused::NotRight)?;
        self.take_once(CHALLENGE, &challenge.nonce)
            .map_err(SignInRefused::from)?;
        let kept = row.password.as_ref().map(|kept| kept.recipe.clone());
        let first = kept.is_none();
        let recipe = kept.unwrap_or_else(|| self.password_recipe());
        Ok(KeyProven { row, recipe, first })
    }

    /// Second half: an attempt is spent, then the password compared, in constant time. The cookie, when it is right.
    /// Events: `staff_attempted`, `staff_signed_in`.
    pub async fn staff_sign_in(
        &self,
        tried: PasswordTried,
    ) -> Result<(ActingStaff, String), SignInError> {
        let login = tried.row.login.clone();
        let event = AuditEvent::StaffAttempted {
            login: login.clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let debited = self.store.debit_staff(&login, self.now(), event).await;
        let row = match debited.map_err(Fault::from)? {
            StaffDebited::Spent(row) => *row,
            StaffDebited::LockedUntil(until) => return Err(SignInRefused::Rests { until }.into()),
            StaffDebited::Unknown => return Err(SignInRefused::NotRight.into()),
        };
        let digest = self.keyed_password(&login, &tried.stretched)?;
        let first_password = match &row.password {
            Some(kept) if !kept.digest.equals_secret(&digest) => {
                return Err(SignInRefused::NotRight.into());
            }
            // A password was set while this sign-in was under way: it is not the first any more.
            Some(_) if tried.first => return Err(SignInRefused::NotRight.into()),
            Some(_) => None,
            None => Some(KeptPassword {
                recipe: tried.recipe,
                digest,
            }),
        };
        self.open_session(&row, first_password).await
    }

    async fn open_session(
        &self,
        row: &StaffRow,
        first_password: Option<KeptPassword>,
    ) -> Result<(ActingStaff, String), SignInError> {
        let secret = Digest(random::array(self.random())).to_hex();
        let event = AuditEvent::StaffSignedIn {
            login: row.login.clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let session = digest_of(&secret);
        let opened = self
            .store
            .open_staff_session(&row.login, session, first_password, event)
            .await;
        if !opened.map_err(Fault::from)? {
            return Err(SignInRefused::NotRight.into());
        }
        let session = Session {
            login: row.login.clone(),
            secret,
            thumbprint: thumbprint(&row.key)?,
            opened_at: self.now(),
            seen_at: self.now(),
        };
        let cookie = self.seal_value(SESSION, &session)?;
        Ok((ActingStaff::of(row), cookie))
    }

    /// The member of staff of a session cookie, and the session; `None` when it is over: idle, too old, signed out,
    /// opened elsewhere since, account closed, key replaced.
    pub async fn acting_staff(
        &self,
        cookie: &str,
    ) -> Result<Option<(ActingStaff, Session)>, Fault> {
        let Some(session) = self.open_value::<Session>(SESSION, cookie) else {
            return Ok(None);
        };
        let now = self.now();
        // R12.4: fifteen minutes idle, and never longer than a working day.
        let idle = now.0 - session.seen_at.0 >= self.policy.staff_idle;
        let old = now.0 - session.opened_at.0 >= self.policy.staff_longest;
        if idle || old {
            return Ok(None);
        }
        let Some(row) = self.store.staff(&session.login).await? else {
            return Ok(None);
        };
        let in_force = row
            .session
            .is_some_and(|kept| kept.equals_secret(&digest_of(&session.secret)));
        let bound = thumbprint(&row.key)? == session.thumbprint;
        let good = in_force && bound && row.state == StaffState::Active;
        Ok(good.then(|| (ActingStaff::of(&row), session)))
    }

    /// The cookie of a session that was used just now.
    pub fn staff_session_seen(&self, session: Session) -> Result<String, Fault> {
        let seen_at = self.now();
        self.seal_value(SESSION, &Session { seen_at, ..session })
    }

    /// Ends a session. Event: `staff_signed_out`.
    pub async fn staff_sign_out(&self, session: &Session) -> Result<bool, Fault> {
        let event = AuditEvent::StaffSignedOut {
            login: session.login.clone(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let secret = digest_of(&session.secret);
        let closed = self
            .store
            .close_staff_session(&session.login, secret, event);
        Ok(closed.await?)
    }

    /// Re-authentication (R12.4): what the member of staff signed just now with the registered key.
    pub fn staff_signed<T: DeserializeOwned>(
        &self,
        staff: &ActingStaff,
        statement: &str,
    ) -> Result<T, SignInError> {
        let unverified = Unverified::parse(statement).map_err(|_| SignInRefused::NotRight)?;
        if unverified.header().kid.as_deref() != Some(staff.login.as_str()) {
            return Err(SignInRefused::NotRight.into());
        }
        let key = registered_key(&staff.key)?;
        Ok(self.staff_statement(statement, ACT_TYPE, &key)?)
    }

    fn staff_statement<T: DeserializeOwned>(
        &self,
        statement: &str,
        typ: &str,
        key: &PublicKey,
    ) -> Result<T, SignInRefused> {
        let unverified = Unverified::parse(statement).map_err(|_| SignInRefused::NotRight)?;
        let header = unverified.header();
        if header.typ.as_deref() != Some(typ) || header.alg.curve() != key.curve() {
            return Err(SignInRefused::NotRight);
        }
        let verified = unverified
            .verify(key)
            .map_err(|_| SignInRefused::NotRight)?;
        let payload = verified.into_inner();
        self.check_frame(&payload, crate::statement::Uses::Once)?;
        serde_json::from_slice(&payload)
            .map_err(|_| SignInRefused::Statement(StatementRefused::Invalid))
    }

    /// The keyed digest of a stretched password.
    pub(super) fn keyed_password(
        &self,
        login: &StaffLogin,
        stretched: &[u8; 32],
    ) -> Result<Digest, Fault> {
        let parts: [&[u8]; 3] = [b"staff-password", login.as_str().as_bytes(), stretched];
        Ok(self.keys().mac(SecretName::Pin, &parts)?)
    }
}

fn registered_key(key: &Jwk) -> Result<PublicKey, Fault> {
    key.public_key()
        .map_err(|_| Fault::Invariant("a registered key is no key"))
}

fn thumbprint(key: &Jwk) -> Result<String, Fault> {
    key.thumbprint()
        .map_err(|_| Fault::Invariant("a registered key is no key"))
}

fn digest_of(secret: &str) -> Digest {
    sha256(&[b"staff-session", secret.as_bytes()])
}
