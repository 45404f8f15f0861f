//! A guardian's part when a minor applies, recovers or sets a new 口令 (Art. 4(2)–(3); R4.2, R4.3).

use crypto::PublicKey;

use crate::age::AgeGroup;
use crate::audit::{AuditEvent, EventDraft};
use crate::consent::{ConsentMissing, Consented};
use crate::id::PersonId;
use crate::notice::Notice;
use crate::person::apply::{ApplyError, ApplyRefused, CheckedDocument};
use crate::person::{NewPerson, PersonRow};
use crate::service::{Fault, Service};
use crate::statement::Uses;
use crate::verification::decision::Choice;

use super::link::{KnownGuardian, document_of_checked};
use super::statement::{GuardianAct, GuardianError, GuardianRefused, GuardianSays, key_thumbprint};
use super::{AgeStage, LinkKey, MinorRow, NewMinor};

/// The part of a guardian in what a minor does with a document. Only [`Service::guardian_part`] makes one.
pub struct GuardianPart {
    act: GuardianAct,
    /// For a child under 14: the consent to the notice on minors' data.
    consented: Option<Consented>,
    /// All guardians in force who hold a 网号: each of them may act from now on.
    guardians: Vec<KnownGuardian>,
}

impl From<GuardianError> for ApplyError {
    fn from(error: GuardianError) -> Self {
        match error {
            GuardianError::Refused(refused) => ApplyRefused::Guardian(refused).into(),
            GuardianError::Fault(fault) => fault.into(),
        }
    }
}

impl Service {
    /// Checks the guardian's part in an application by the device of this key; `None` where nobody else has a part.
    pub(crate) async fn guardian_part(
        &self,
        checked: &CheckedDocument,
        key: &PublicKey,
        statement: Option<&str>,
    ) -> Result<Option<GuardianPart>, ApplyError> {
        // 1. Is one needed at this age (R4.2, R4.3)? The child cannot do it alone.
        let group = checked.group;
        let Some(act) = GuardianAct::of_application(group) else {
            return Ok(None);
        };
        let statement = statement.ok_or(ApplyRefused::GuardianNeeded(group))?;
        // 2. A person of age with an active 网证 says exactly this about exactly this device.
        let key = key_thumbprint(key)?;
        let proven = self.guardian_states(statement, &key, Uses::Once).await?;
        let says = proven.statement();
        if says.act != act {
            return Err(GuardianError::from(GuardianRefused::AboutSomethingElse).into());
        }
        if says.decision == Choice::Refuse {
            return Err(GuardianError::from(GuardianRefused::Declined).into());
        }
        // 3. The registry names them as a guardian in force.
        let document = document_of_checked(checked, self.now().date())?;
        let named = self.ask_for_guardians(&document).await?;
        let own = proven.view().person.person;
        let guardians = self.known_guardians(&named).await?;
        if !guardians.iter().any(|known| known.person.person == own) {
            return Err(GuardianError::from(GuardianRefused::NotGuardian).into());
        }
        // 4. R4.2: consent and application are two facts. R4.3: supervision is neither, so a consent has no place.
        let consented = match act {
            GuardianAct::Apply => Some(self.guardian_consents(says)?),
            GuardianAct::Supervise | GuardianAct::Verification => None,
        };
        Ok(Some(GuardianPart {
            act,
            consented,
            guardians,
        }))
    }

    /// Separate consent to the notice on the data of children under 14, by its version in force (R4.2, R9.2).
    pub(super) fn guardian_consents(
        &self,
        says: &GuardianSays,
    ) -> Result<Consented, GuardianError> {
        let notices: Vec<Notice> = self.notices().iter().cloned().collect();
        let required: Vec<Notice> = notices.into_iter().filter(Notice::is_for_minors).collect();
        let consented = Consented::check(&says.consents, &required);
        let consented = consented.map_err(GuardianRefused::Consent)?;
        if consented.consents().is_empty() {
            let missing = ConsentMissing::Outdated;
            return Err(GuardianRefused::Consent(missing).into());
        }
        Ok(consented)
    }

    /// What is stored of a minor in the unit of the application, and the guardians' sides of the links, which lie in
    /// their own buckets and come first: a link without its child is skipped, a child without its link would be alone.
    pub(crate) async fn admit_minor(
        &self,
        part: &GuardianPart,
        group: AgeGroup,
        birth: time::Date,
        new: &mut NewPerson,
    ) -> Result<(), Fault> {
        let stage = AgeStage::of(group);
        let child = new.person.person;
        let mut links = Vec::new();
        for guardian in &part.guardians {
            let (ours, theirs) = self.link_rows(&new.person, guardian, stage)?;
            let event = self.link_event(theirs.person, "linked");
            self.store.put_guardian_link(theirs, event).await?;
            links.push(ours);
        }
        for consent in part.consented.iter().flat_map(Consented::consents) {
            let row = self.consent_row(child, consent, self.now().day())?;
            new.consents.push(row);
        }
        new.minor = Some(NewMinor {
            row: MinorRow::of(child, birth, stage, self.policy.age),
            links,
            facts: self.facts(part, child),
        });
        Ok(())
    }

    /// Takes the guardians' sides back: the application did not come about.
    pub(crate) async fn unlink_guardians(
        &self,
        part: &GuardianPart,
        child: PersonId,
    ) -> Result<(), Fault> {
        for guardian in &part.guardians {
            let person = guardian.person.person;
            let tag = self.link_tag(child, person)?;
            let event = self.link_event(person, "unlinked");
            self.store
                .end_guardian_link(LinkKey::of(person, tag), None, event)
                .await?;
        }
        Ok(())
    }

    /// Records the part a guardian had in something of a child who is there already.
    pub(crate) async fn record_guardian_part(
        &self,
        part: Option<&GuardianPart>,
        child: &PersonRow,
    ) -> Result<(), Fault> {
        let Some(part) = part else { return Ok(()) };
        for fact in self.facts(part, child.person) {
            self.store.record(child.person.bucket(), fact).await?;
        }
        Ok(())
    }

    /// The facts, each by its own name: they are never merged (R4.2, R4.3).
    fn facts(&self, part: &GuardianPart, person: PersonId) -> Vec<EventDraft> {
        let day = self.now().day();
        let facts = match (part.act, &part.consented) {
            (GuardianAct::Apply, consented) => vec![
                AuditEvent::GuardianConsented {
                    person,
                    day,
                    notices: consented
                        .as_ref()
                        .map(Consented::notices)
                        .unwrap_or_default(),
                },
                AuditEvent::GuardianApplied { person, day },
            ],
            (GuardianAct::Supervise | GuardianAct::Verification, _) => {
                vec![AuditEvent::GuardianSupervised { person, day }]
            }
        };
        facts
            .into_iter()
            .map(|fact| EventDraft::new(fact, self.random()))
            .collect()
    }
}
