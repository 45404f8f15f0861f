//! Accounts of staff: opened and closed by two persons, except those a new installation begins with.

use crypto::password::{PasswordCost, PasswordRecipe};
use jose::jwk::Jwk;

use super::{ATTEMPTS, KeptPassword, Role, StaffRow, StaffState};
use crate::audit::{AuditEvent, EventDraft};
use crate::id::{PlatformId, StaffLogin};
use crate::service::{Fault, Service};

/// A new account.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// What is typed.
    pub login: StaffLogin,
    /// The person's name.
    pub name: String,
    /// The one role.
    pub role: Role,
    /// Whose member, in the role of a platform's member.
    pub platform: Option<PlatformId>,
    /// Public part of the registered key.
    pub key: Jwk,
}

impl NewStaff {
    /// Whether an account can be opened from it; else what is missing.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.name.trim().is_empty() || self.name.chars().count() > 40 {
            return Err("an account needs the name of its person");
        }
        if self.key.is_private() || self.key.public_key().is_err() {
            return Err("an account needs a public key");
        }
        if (self.role == Role::PlatformMember) != self.platform.is_some() {
            return Err("a platform's member names its platform, nobody else does");
        }
        Ok(())
    }

    /// The account without a password: the first sign-in with the key sets it.
    pub fn row(self) -> StaffRow {
        StaffRow {
            login: self.login,
            name: self.name,
            role: self.role,
            platform: self.platform,
            key: self.key.to_public(),
            password: None,
            state: StaffState::Active,
            attempts_left: ATTEMPTS,
            locked_until: None,
            locks: 0,
            session: None,
        }
    }
}

impl Service {
    /// How a new password is stretched here.
    pub fn password_recipe(&self) -> PasswordRecipe {
        let cost = if self.policy.light_passwords {
            PasswordCost::Light
        } else {
            PasswordCost::Interactive
        };
        PasswordRecipe::new(cost, self.random())
    }

    /// Accounts that a new installation begins with (demo, sandbox, the first administrators). An account that is
    /// there with the same name, role and key is left alone. Event `staff_changed`, outcome `done`.
    pub async fn seed_staff(&self, new: NewStaff, password: &str) -> Result<bool, Fault> {
        if let Some(known) = self.store.staff(&new.login).await?
            && (&known.name, known.role, &known.platform, &known.key)
                == (&new.name, new.role, &new.platform, &new.key.to_public())
        {
            return Ok(false);
        }
        let recipe = self.password_recipe();
        let stretched = recipe
            .stretch(password)
            .map_err(|_| Fault::Invariant("a password does not stretch"))?;
        let digest = self.keyed_password(&new.login, &stretched)?;
        let row = StaffRow {
            password: Some(KeptPassword { recipe, digest }),
            ..new.row()
        };
        self.put_staff_row(row, "opened").await?;
        Ok(true)
    }

    /// Stores an account with its event.
    pub(crate) async fn put_staff_row(&self, row: StaffRow, change: &str) -> Result<(), Fault> {
        let event = AuditEvent::StaffChanged {
            login: row.login.clone(),
            role: row.role,
            change: change.to_owned(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        Ok(self.store.put_staff(row, event).await?)
    }

    /// Everyone's account, by login.
    pub async fn all_staff(&self) -> Result<Vec<StaffRow>, Fault> {
        Ok(self.store.all_staff().await?)
    }
}
