//! For whom a person agrees to a notice or takes a consent back (R4.2, R9.2): a child under 14 does neither alone; a
//! guardian in force does both for the child.

use crate::age::AgeGroup;
use crate::person::{HolderView, PersonRow};
use crate::service::{Fault, Service};

use super::LinkSide;
use super::family::ChildHandle;
use super::link::Weight;
use super::notes::ChildDecision;
use super::statement::{GuardianError, GuardianRefused};

/// Why a consent of this person is not given or taken back so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForChildRefused {
    /// A child under 14, alone.
    #[error("R4.2, R9.2: a guardian decides about the consents of a child of this age")]
    GuardianNeeded,
    /// R4.5: from 14 on the person decides.
    #[error("R4.5: at this age the person decides alone")]
    NotNeeded,
    /// The guardian.
    #[error(transparent)]
    Guardian(#[from] GuardianRefused),
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum ForChildError {
    /// By a rule.
    #[error(transparent)]
    Refused(ForChildRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<T: Into<ForChildRefused>> From<T> for ForChildError {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

impl From<GuardianError> for ForChildError {
    fn from(error: GuardianError) -> Self {
        match error {
            GuardianError::Refused(refused) => refused.into(),
            GuardianError::Fault(fault) => fault.into(),
        }
    }
}

/// Giving or taking back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Needs a guardian whose own 网证 can be used.
    Give,
    /// As easy as it can be: a lock of the guardian's own 网证 does not stand in the way.
    TakeBack,
}

impl Change {
    /// A consent that is given goes on working; taking one back does no harm for as long as an answer is young.
    fn weight(self) -> Weight {
        match self {
            Self::Give => Weight::Lasting,
            Self::TakeBack => Weight::OneUse,
        }
    }
}

/// Whose consents an act is about. Only [`Service::consents_of`] makes one.
pub(crate) struct ConsentsOf {
    person: PersonRow,
    by_guardian: bool,
}

impl ConsentsOf {
    /// The person whose consents they are.
    pub(crate) fn person(&self) -> &PersonRow {
        &self.person
    }

    /// Whether a guardian acts for a child.
    pub(crate) fn by_guardian(&self) -> bool {
        self.by_guardian
    }
}

impl Service {
    /// Whether a guardian decides for this person today (R4.2, R5.2).
    pub fn is_under_guardian(&self, person: &PersonRow) -> Result<bool, Fault> {
        let group = self.age_of(person)?;
        Ok(matches!(
            group,
            AgeGroup::BelowMinimum | AgeGroup::GuardianApplies
        ))
    }

    /// The person's own consents, or those of the child that `child` names.
    pub(crate) async fn consents_of(
        &self,
        view: &HolderView,
        child: Option<&str>,
        change: Change,
    ) -> Result<ConsentsOf, ForChildError> {
        let own = &view.person;
        let Some(handle) = child else {
            // A child under 14 does not decide alone (R4.2, R9.2).
            if self.is_under_guardian(own)? {
                return Err(ForChildRefused::GuardianNeeded.into());
            }
            return Ok(ConsentsOf {
                person: own.clone(),
                by_guardian: false,
            });
        };
        // 1. A person who may be a guardian, of this child, as the registry has it.
        if change == Change::Give {
            self.may_be_guardian(view)?;
        }
        let child = self.child_of(own, handle).await?;
        let person = child.ok_or(GuardianRefused::NotGuardian)?;
        self.link_in_force(&person, own.person, change.weight())
            .await?;
        // 2. Only as long as the child does not decide (R4.5).
        if !self.is_under_guardian(&person)? {
            return Err(ForChildRefused::NotNeeded.into());
        }
        Ok(ConsentsOf {
            person,
            by_guardian: true,
        })
    }

    /// Whose notices are looked at: everybody's own, and a guardian those of a child. Reading needs no guardian.
    pub async fn notices_of(
        &self,
        view: &HolderView,
        child: Option<&str>,
    ) -> Result<PersonRow, ForChildError> {
        if child.is_none() {
            return Ok(view.person.clone());
        }
        let of = self.consents_of(view, child, Change::TakeBack).await?;
        Ok(of.person)
    }

    /// The children under 14 of a person, whose consents the person decides about.
    pub async fn children_under_guardian(
        &self,
        guardian: &PersonRow,
    ) -> Result<Vec<PersonRow>, Fault> {
        let mut children = Vec::new();
        for link in self.open_links(guardian, LinkSide::Guardian).await? {
            if let Some(child) = self.store.person(link.content.other).await?
                && self.is_under_guardian(&child)?
            {
                children.push(child);
            }
        }
        Ok(children)
    }

    /// What a guardian's device calls a child, and the masked name.
    pub fn child_named(&self, child: &PersonRow) -> Result<(ChildHandle, String), Fault> {
        let handle = ChildHandle::of(child.person, self.keys())?;
        Ok((handle, self.masked_name(child)?))
    }

    /// Whether a notice waits for this person as the guardian of a child under 14 (R11.1).
    pub async fn owes_agreement_for_child(&self, guardian: &PersonRow) -> Result<bool, Fault> {
        for child in self.children_under_guardian(guardian).await? {
            if self.owes_agreement(&child).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The guardian's own record of a notice agreed to, or taken back, for a child.
    pub(crate) async fn note_notice_for_child(
        &self,
        guardian: &PersonRow,
        of: &ConsentsOf,
        (notice, version): (&str, u32),
        agreed: bool,
    ) -> Result<(), Fault> {
        let name = self.masked_name(of.person())?;
        let decision = ChildDecision {
            child: Some(of.person().person),
            name: &name,
            what: "notice",
            approved: agreed,
            about: serde_json::json!({ "notice": notice, "version": version }),
        };
        self.note_child_decision(guardian, decision).await
    }
}
