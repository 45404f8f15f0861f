//! What a guardian states, and whether this guardian may state it about this child.

use jose::jwk::Jwk;
use serde::Deserialize;

use crypto::PublicKey;

use crate::age::{AgeGroup, age_group};
use crate::consent::{Consent, ConsentMissing};
use crate::id::PersonId;
use crate::person::recover::open_record;
use crate::person::{HolderView, PersonRow};
use crate::service::{Fault, Service};
use crate::statement::{ProvenDevice, StatementError, StatementRefused, Uses};
use crate::verification::decision::Choice;
use crate::wangzheng::WangzhengState;

/// Type of a guardian's statement: `wz-guardian+jwt`.
pub const GUARDIAN_TYPE: &str = "wz-guardian+jwt";

/// What a guardian says, about exactly one thing of one child.
#[derive(Debug, Clone, Deserialize)]
pub struct GuardianSays {
    /// Which act.
    pub act: GuardianAct,
    /// Thumbprint (RFC 7638) of the key of the child's device the act is about.
    pub key: String,
    /// For a verification: base64url of SHA-256 of the sealed request.
    #[serde(default)]
    pub transaction: Option<String>,
    /// Yes or no.
    #[serde(default = "yes")]
    pub decision: Choice,
    /// For a verification: yes to every later one at this platform too.
    #[serde(default)]
    pub standing: bool,
    /// For a child under 14: consent to the notice on the data of minors.
    #[serde(default)]
    pub consents: Vec<Consent>,
}

fn yes() -> Choice {
    Choice::Approve
}

/// The acts of a guardian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardianAct {
    /// Consents and applies on the child's behalf (R4.2); also for a new device or 口令 of the child.
    Apply,
    /// Supervises the application of a child of 14 to 17 (R4.3). Not a consent.
    Supervise,
    /// Decides about one verification of a child under 14 (R5.2).
    Verification,
}

impl GuardianAct {
    /// The name in a statement.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Supervise => "supervise",
            Self::Verification => "verification",
        }
    }

    /// What a guardian has to do in an application of this age group, if anything.
    pub fn of_application(group: AgeGroup) -> Option<Self> {
        match group {
            AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => Some(Self::Apply),
            AgeGroup::GuardianSupervises => Some(Self::Supervise),
            AgeGroup::Adult => None,
        }
    }
}

/// Why a guardian's part is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardianRefused {
    /// The statement itself.
    #[error("the guardian's statement: {0}")]
    Statement(#[from] StatementRefused),
    /// It names another act, another request or another device.
    #[error("the guardian's statement is about something else")]
    AboutSomethingElse,
    /// The registry knows no such guardianship in force.
    #[error("Art. 4, 5: the registry does not name this person as a guardian of the child")]
    NotGuardian,
    /// A guardian is of age.
    #[error("Art. 4, 5: a guardian must be of age")]
    NotOfAge,
    /// The guardian's own 网证 cannot be used now.
    #[error("R4.2: the guardian's own credential is {}", .0.as_str())]
    NotActive(WangzhengState),
    /// R4.2, R9.2: the consent of the guardian is missing or to another version.
    #[error("R4.2: the guardian's consent: {0}")]
    Consent(ConsentMissing),
    /// The guardian said no.
    #[error("R4.2, R4.3: the guardian declined")]
    Declined,
    /// The registry does not answer: later, never a guess.
    #[error("the registry does not answer")]
    RegistryUnavailable,
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum GuardianError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] GuardianRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StatementError> for GuardianError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Refused(refused) => GuardianRefused::from(refused).into(),
            StatementError::Fault(fault) => fault.into(),
        }
    }
}

impl From<crate::store::StoreError> for GuardianError {
    fn from(error: crate::store::StoreError) -> Self {
        Fault::from(error).into()
    }
}

/// The thumbprint by which a guardian's statement names a device of a child.
pub fn key_thumbprint(key: &PublicKey) -> Result<String, Fault> {
    Jwk::public(key, None, None, None)
        .thumbprint()
        .map_err(|_| Fault::Invariant("a device key has no thumbprint"))
}

impl Service {
    /// Steps 1 to 3 of every guardian's act: signed by a device of theirs, about this act and this device; the 网证 is
    /// active (R4.2); of age.
    pub(super) async fn guardian_states(
        &self,
        text: &str,
        key: &str,
        uses: Uses,
    ) -> Result<ProvenDevice<GuardianSays>, GuardianError> {
        // 1. Who says what, and about which device?
        let proven: ProvenDevice<GuardianSays> =
            self.proven_device(text, GUARDIAN_TYPE, uses).await?;
        if proven.statement().key != key {
            return Err(GuardianRefused::AboutSomethingElse.into());
        }
        self.may_be_guardian(proven.view())?;
        Ok(proven)
    }

    /// 2. A guardian holds a 网证 that can be used today (R4.2). 3. A guardian is of age.
    pub(super) fn may_be_guardian(&self, view: &HolderView) -> Result<(), GuardianError> {
        let state = view.wangzheng.state_on(self.now().day());
        if state != WangzhengState::Active {
            return Err(GuardianRefused::NotActive(state).into());
        }
        if self.age_of(&view.person)? != AgeGroup::Adult {
            return Err(GuardianRefused::NotOfAge.into());
        }
        Ok(())
    }

    /// The duties that follow from a person's age today (R4.5): computed each time, never stored.
    pub fn age_of(&self, person: &PersonRow) -> Result<AgeGroup, Fault> {
        let record = open_record(person, &self.data_key(person)?)?;
        Ok(age_group(
            record.birth_date,
            self.now().date(),
            &self.policy.age,
        ))
    }

    /// Whether a person is under 18 (P-minors: staff access to a minor's data needs a ticket). Somebody who is not
    /// there is none.
    pub async fn is_minor(&self, person: PersonId) -> Result<bool, Fault> {
        match self.store.person(person).await? {
            Some(row) => Ok(self.age_of(&row)? != AgeGroup::Adult),
            None => Ok(false),
        }
    }
}
