//! 家人: who is whose guardian, as a person sees it (P22), and what keeps a guardian from leaving.

use crypto::keystore::{KeyError, KeyStore, SecretName};

use crate::age::{AgeGroup, day_age_is_reached};
use crate::clock::Day;
use crate::id::{OpaqueId, PersonId};
use crate::person::account::mask_name;
use crate::person::recover::{Act, open_record};
use crate::person::{HolderView, PersonRow};
use crate::registry::Relation;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::wangzheng::WangzhengState;

use super::LinkSide;
use super::link::OpenLink;
use super::statement::{GuardianError, GuardianRefused};

/// What a guardian's device calls a child: the person under the handle key, 26 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildHandle(pub OpaqueId);

impl ChildHandle {
    /// The handle of a child.
    pub fn of(child: PersonId, keys: &dyn KeyStore) -> Result<Self, KeyError> {
        let mut block = [0; 16];
        block[..12].copy_from_slice(child.as_bytes());
        let sealed = keys.encrypt_block(SecretName::Handle, b"child", block)?;
        Ok(Self(OpaqueId(sealed)))
    }

    /// Whose it is. Any 16 bytes open to something: the caller compares with the links.
    fn open(self, keys: &dyn KeyStore) -> Result<PersonId, KeyError> {
        let block = keys.decrypt_block(SecretName::Handle, b"child", self.0.0)?;
        let mut person = [0; 12];
        person.copy_from_slice(&block[..12]);
        Ok(PersonId::from_bytes(person))
    }
}

/// A child, as a guardian sees it.
pub struct ChildView {
    /// Names the child in the guardian's acts.
    pub handle: ChildHandle,
    /// `王*`.
    pub name_masked: String,
    /// Which duties apply today.
    pub group: AgeGroup,
    /// State of the child's 网证.
    pub state: WangzhengState,
    /// As the registry calls the guardian.
    pub relation: Relation,
    /// The day the registry last said so.
    pub confirmed_on: Day,
    /// The day on which duties change next, for the guardian's own screen.
    pub changes_on: Day,
    /// How many standing consents are in force.
    pub standing: usize,
}

/// A guardian, as a child sees one.
pub struct GuardianView {
    /// `王*`.
    pub name_masked: String,
    /// As the registry calls the guardian.
    pub relation: Relation,
    /// The day the registry last said so.
    pub confirmed_on: Day,
    /// Whether this guardian can decide today: the own 网证 is active.
    pub can_decide: bool,
}

/// A family as one of it sees it.
pub struct Family {
    /// Which duties apply to the person today.
    pub group: AgeGroup,
    /// What a guardian's device calls this person; of a minor alone.
    pub handle: Option<ChildHandle>,
    /// The person's children.
    pub children: Vec<ChildView>,
    /// The person's guardians.
    pub guardians: Vec<GuardianView>,
}

/// A duty that keeps a guardian from leaving, and the ways out: another guardian takes a 网证, or the child's is ended.
pub struct GuardianDuty {
    /// The child.
    pub child: PersonId,
    /// What the guardian's device calls the child.
    pub handle: ChildHandle,
    /// `王*`.
    pub name_masked: String,
}

impl Service {
    /// The family of a person (P22).
    pub async fn family(&self, view: &HolderView) -> Result<Family, Fault> {
        let own = &view.person;
        let mut children = Vec::new();
        for link in self.open_links(own, LinkSide::Guardian).await? {
            children.extend(self.child_view(&link).await?);
        }
        let group = self.age_of(own)?;
        let mut guardians = Vec::new();
        let mut handle = None;
        // R4.5: at 18 the links end, whether or not the daily job has come by.
        if group != AgeGroup::Adult {
            handle = Some(ChildHandle::of(own.person, self.keys())?);
            for link in self.open_links(own, LinkSide::Child).await? {
                guardians.extend(self.guardian_view(&link).await?);
            }
        }
        Ok(Family {
            group,
            handle,
            children,
            guardians,
        })
    }

    async fn child_view(&self, link: &OpenLink) -> Result<Option<ChildView>, Fault> {
        let Some((child, state)) = self.person_and_state(link.content.other).await? else {
            return Ok(None);
        };
        let record = open_record(&child, &self.data_key(&child)?)?;
        let group = self.age_of(&child)?;
        let policy = &self.policy.age;
        let turns = match group {
            AgeGroup::BelowMinimum => policy.minimum_age,
            AgeGroup::GuardianApplies => policy.guardian_applies_below,
            AgeGroup::GuardianSupervises => policy.guardian_supervises_below,
            AgeGroup::Adult => return Ok(None),
        };
        let changes_on = day_age_is_reached(record.birth_date, i32::from(turns), policy);
        Ok(Some(ChildView {
            handle: ChildHandle::of(child.person, self.keys())?,
            name_masked: mask_name(&record.holder_name),
            group,
            state,
            relation: link.content.relation,
            confirmed_on: link.row.confirmed_on,
            changes_on: Day::of(changes_on),
            standing: self.store.standing_consents(child.person).await?.len(),
        }))
    }

    async fn guardian_view(&self, link: &OpenLink) -> Result<Option<GuardianView>, Fault> {
        let Some((guardian, state)) = self.person_and_state(link.content.other).await? else {
            return Ok(None);
        };
        Ok(Some(GuardianView {
            name_masked: self.masked_name(&guardian)?,
            relation: link.content.relation,
            confirmed_on: link.row.confirmed_on,
            can_decide: state == WangzhengState::Active,
        }))
    }

    /// Asks the registry again, on demand: about the person's own guardians, or about a child of theirs.
    pub async fn ask_registry_for_guardians(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<usize, GuardianError> {
        let own = &proven.view().person;
        let child = match &proven.statement().child {
            None => Some(own.clone()),
            Some(handle) => self.child_of(own, handle).await?,
        };
        let child = child.ok_or(GuardianRefused::NotGuardian)?;
        if self.age_of(&child)? == AgeGroup::Adult {
            return Ok(0);
        }
        Ok(self.refresh_guardians(&child).await?.len())
    }

    /// The child of a guardian that a handle names; `None` when it is nobody's or somebody else's.
    pub(super) async fn child_of(
        &self,
        guardian: &PersonRow,
        handle: &str,
    ) -> Result<Option<PersonRow>, Fault> {
        let Some(id) = OpaqueId::parse(handle) else {
            return Ok(None);
        };
        let child = ChildHandle(id).open(self.keys())?;
        let links = self.open_links(guardian, LinkSide::Guardian).await?;
        if !links.iter().any(|link| link.content.other == child) {
            return Ok(None);
        }
        Ok(self.store.person(child).await?)
    }

    /// The duties that keep a person from leaving (R9.5): each minor with a 网证 for whom no other guardian holds one.
    pub async fn guardian_duties(&self, person: PersonId) -> Result<Vec<GuardianDuty>, Fault> {
        let Some(own) = self.store.person(person).await? else {
            return Ok(Vec::new());
        };
        let mut duties = Vec::new();
        for link in self.open_links(&own, LinkSide::Guardian).await? {
            let Some((child, state)) = self.person_and_state(link.content.other).await? else {
                continue;
            };
            let ended = matches!(
                state,
                WangzhengState::Revoked | WangzhengState::Superseded | WangzhengState::Leaving
            );
            if ended
                || self.age_of(&child)? == AgeGroup::Adult
                || self.has_other_guardian(&child, person).await?
            {
                continue;
            }
            duties.push(GuardianDuty {
                child: child.person,
                handle: ChildHandle::of(child.person, self.keys())?,
                name_masked: self.masked_name(&child)?,
            });
        }
        Ok(duties)
    }

    /// Whether a guardian besides this one holds a 网证 that is not ended.
    async fn has_other_guardian(&self, child: &PersonRow, but: PersonId) -> Result<bool, Fault> {
        for link in self.open_links(child, LinkSide::Child).await? {
            let other = link.content.other;
            if other == but {
                continue;
            }
            let held = self
                .person_and_state(other)
                .await?
                .is_some_and(|(_, state)| {
                    matches!(state, WangzhengState::Active | WangzhengState::Locked)
                });
            if held {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A person and the state of the 网证 today, by any of the devices.
    async fn person_and_state(
        &self,
        person: PersonId,
    ) -> Result<Option<(PersonRow, WangzhengState)>, Fault> {
        let Some(row) = self.store.person(person).await? else {
            return Ok(None);
        };
        let wangzheng = self.store.wangzheng(person).await?;
        let today = self.now().day();
        let state = wangzheng.map_or(WangzhengState::Revoked, |w| w.state_on(today));
        Ok(Some((row, state)))
    }

    /// The name as a relative's screen shows it.
    pub(super) fn masked_name(&self, person: &PersonRow) -> Result<String, Fault> {
        let record = open_record(person, &self.data_key(person)?)?;
        Ok(mask_name(&record.holder_name))
    }
}
