//! Links between child and guardian: the registry's answer, remembered on both sides and asked again.

use crypto::digest::Digest;
use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::age::{AgePolicy, day_age_is_reached};
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::document::{Document, DocumentKind, DocumentNumber, HolderName};
use crate::id::{Bucket, PersonId};
use crate::person::record::PersonRecord;
use crate::person::recover::open_record;
use crate::person::{PersonRow, apply::CheckedDocument};
use crate::registry::{GuardianRecord, Relation};
use crate::service::{Fault, Service};

use super::notes::Note;
use super::statement::{GuardianError, GuardianRefused};
use super::{AgeStage, GuardianLinkRow, LinkKey, LinkSide, MinorRow, StandingEnds};

/// What a link's row holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    /// The person on the other side.
    pub(super) other: PersonId,
    /// As the registry calls it.
    pub(super) relation: Relation,
}

/// A link, opened.
pub(super) struct OpenLink {
    pub(super) row: GuardianLinkRow,
    pub(super) content: Content,
}

/// How much hangs on a guardian's act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// One use: an answer of the registry that is young enough ([`confirm_days`](super::GuardianPolicy)) carries it.
    OneUse,
    /// It goes on working: the registry is asked now.
    Lasting,
}

impl Weight {
    /// Of a consent to a use, which may be one to all of them.
    pub(super) fn of_consent(standing: bool) -> Self {
        if standing {
            Self::Lasting
        } else {
            Self::OneUse
        }
    }
}

/// A guardian whom the registry names and who holds a 网号.
pub(super) struct KnownGuardian {
    pub(super) person: PersonRow,
    pub(super) relation: Relation,
}

impl Service {
    /// The links beside a person on one side, opened.
    pub(super) async fn open_links(
        &self,
        person: &PersonRow,
        side: LinkSide,
    ) -> Result<Vec<OpenLink>, Fault> {
        let data_key = self.data_key(person)?;
        let rows = self.store.guardian_links(person.person).await?;
        rows.into_iter()
            .filter(|row| row.side == side)
            .map(|row| {
                let plain = data_key
                    .open(&place(&row), &row.sealed)
                    .map_err(|_| Fault::Invariant("a link does not open"))?;
                let content =
                    serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a link"))?;
                Ok(OpenLink { row, content })
            })
            .collect()
    }

    /// The link between a child and somebody who says to be the guardian, as the registry has it. A guardianship that was
    /// revoked ends here (R4.2, R5.2).
    pub(super) async fn link_in_force(
        &self,
        child: &PersonRow,
        guardian: PersonId,
        weight: Weight,
    ) -> Result<Digest, GuardianError> {
        let tag = self.link_tag(child.person, guardian)?;
        let known = self.store.guardian_links(child.person).await?;
        let oldest = self.now().day().plus(-self.policy.guardian.confirm_days);
        let fresh = known
            .iter()
            .any(|row| row.tag == tag && row.side == LinkSide::Child && row.confirmed_on >= oldest);
        if fresh && weight == Weight::OneUse {
            return Ok(tag);
        }
        let links = self.refresh_guardians(child).await?;
        let found = links.iter().any(|link| link.row.tag == tag);
        found
            .then_some(tag)
            .ok_or(GuardianRefused::NotGuardian.into())
    }

    /// Asks the registry who the guardians are now. New ones who hold a 网号 are linked, those who are no longer in
    /// force are ended with their standing consents, and both sides are told.
    pub(super) async fn refresh_guardians(
        &self,
        child: &PersonRow,
    ) -> Result<Vec<OpenLink>, GuardianError> {
        // 1. What the registry says, and whom of them the service knows.
        let record = open_record(child, &self.data_key(child)?)?;
        let document = document_of(&record, self.now().date())?;
        let answer = self.ask_for_guardians(&document).await?;
        let in_force = self.known_guardians(&answer).await?;
        // 2. Those in force, on both sides.
        let stage = AgeStage::of(self.age_of(child)?);
        for guardian in &in_force {
            self.put_link(child, guardian, stage).await?;
        }
        // 3. Those no longer in force (a revoked guardianship).
        let links = self.open_links(child, LinkSide::Child).await?;
        let (kept, ended): (Vec<_>, Vec<_>) = links.into_iter().partition(|link| {
            let still = |guardian: &KnownGuardian| guardian.person.person == link.content.other;
            in_force.iter().any(still)
        });
        for link in &ended {
            self.revoke(child, link).await?;
        }
        Ok(kept)
    }

    /// The registry's answer about the guardians of the holder of a document.
    pub(super) async fn ask_for_guardians(
        &self,
        document: &Document,
    ) -> Result<Vec<GuardianRecord>, GuardianError> {
        let answer = self.registry.guardians(document).await;
        let guardians = answer.map_err(|_| GuardianRefused::RegistryUnavailable)?;
        Ok(guardians
            .into_iter()
            .filter(|guardian| guardian.in_force)
            .collect())
    }

    /// Those of the guardians who hold a 网号.
    pub(super) async fn known_guardians(
        &self,
        guardians: &[GuardianRecord],
    ) -> Result<Vec<KnownGuardian>, Fault> {
        let mut known = Vec::new();
        for guardian in guardians {
            let digest = self.holder_digest(&guardian.holder_reference)?;
            let Some(person) = self.store.holder(Bucket::of(&digest), &digest).await? else {
                continue;
            };
            if let Some(person) = self.store.person(person).await? {
                known.push(KnownGuardian {
                    person,
                    relation: guardian.relation,
                });
            }
        }
        Ok(known)
    }

    /// Both sides of a link; the guardian's first, so that none is without its way back.
    async fn put_link(
        &self,
        child: &PersonRow,
        guardian: &KnownGuardian,
        stage: AgeStage,
    ) -> Result<(), Fault> {
        let (ours, theirs) = self.link_rows(child, guardian, stage)?;
        let before = self.store.guardian_links(theirs.person).await?;
        let told = before.iter().find(|row| row.tag == theirs.tag);
        let theirs = GuardianLinkRow {
            told: told.map_or(stage, |row| row.told),
            ..theirs
        };
        for row in [theirs, ours] {
            let event = self.link_event(row.person, "confirmed");
            self.store.put_guardian_link(row, event).await?;
        }
        Ok(())
    }

    /// The rows of a link, the child's first. `child` may be about to be stored.
    pub(super) fn link_rows(
        &self,
        child: &PersonRow,
        guardian: &KnownGuardian,
        stage: AgeStage,
    ) -> Result<(GuardianLinkRow, GuardianLinkRow), Fault> {
        let tag = self.link_tag(child.person, guardian.person.person)?;
        let row = |beside: &PersonRow, other: PersonId, side: LinkSide| {
            let content = Content {
                other,
                relation: guardian.relation,
            };
            let mut row = GuardianLinkRow {
                person: beside.person,
                tag,
                side,
                sealed: Vec::new(),
                confirmed_on: self.now().day(),
                told: stage,
            };
            let plain = serde_json::to_vec(&content).map_err(|_| Fault::Invariant("a link"))?;
            row.sealed = self
                .data_key(beside)?
                .seal(&place(&row), &plain, self.random())
                .map_err(|_| Fault::Invariant("seal"))?;
            Ok::<_, Fault>(row)
        };
        Ok((
            row(child, guardian.person.person, LinkSide::Child)?,
            row(&guardian.person, child.person, LinkSide::Guardian)?,
        ))
    }

    /// A guardianship that is over before the child is of age: its standing consents are void, both are told.
    async fn revoke(&self, child: &PersonRow, link: &OpenLink) -> Result<(), Fault> {
        let tag = link.row.tag;
        self.end_standing(child.person, StandingEnds::GivenBy(tag), "void")
            .await?;
        if let Some(guardian) = self.store.person(link.content.other).await? {
            let note = self.note_to(&guardian, Note::RevokedGuardian)?;
            let event = self.link_event(guardian.person, "revoked");
            self.store
                .end_guardian_link(LinkKey::of(guardian.person, tag), Some(note), event)
                .await?;
        }
        let note = self.note_to(child, Note::RevokedChild)?;
        let event = self.link_event(child.person, "revoked");
        self.store
            .end_guardian_link(LinkKey::of(child.person, tag), Some(note), event)
            .await?;
        Ok(())
    }

    /// Keyed tag of a pair.
    pub(super) fn link_tag(&self, child: PersonId, guardian: PersonId) -> Result<Digest, Fault> {
        let parts: [&[u8]; 3] = [b"guardian-link", child.as_bytes(), guardian.as_bytes()];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }

    pub(super) fn link_event(&self, person: PersonId, change: &str) -> EventDraft {
        let event = AuditEvent::GuardianLinkChanged {
            person,
            day: self.now().day(),
            change: change.to_owned(),
        };
        EventDraft::new(event, self.random())
    }
}

/// Where the content of a link is sealed to.
fn place(row: &GuardianLinkRow) -> [&[u8]; 4] {
    [
        b"guardian-link",
        row.side.as_str().as_bytes(),
        row.person.as_bytes(),
        &row.tag.0,
    ]
}

/// The document of a record, to ask the registry with.
pub(super) fn document_of(record: &PersonRecord, today: Date) -> Result<Document, Fault> {
    let PersonRecord {
        document_kind,
        document_number,
        holder_name,
        birth_date,
        document_valid_until,
        ..
    } = record;
    let written = Written {
        kind: *document_kind,
        number: document_number,
        holder: holder_name,
        birth_date: *birth_date,
        valid_until: *document_valid_until,
    };
    written.document(today)
}

/// The document that was just checked.
pub(super) fn document_of_checked(
    checked: &CheckedDocument,
    today: Date,
) -> Result<Document, Fault> {
    let written = Written {
        kind: checked.kind,
        number: &checked.canonical,
        holder: &checked.name,
        birth_date: checked.birth_date,
        valid_until: checked.valid_until,
    };
    written.document(today)
}

struct Written<'a> {
    kind: DocumentKind,
    number: &'a str,
    holder: &'a str,
    birth_date: Date,
    valid_until: Option<Date>,
}

impl Written<'_> {
    fn document(&self, today: Date) -> Result<Document, Fault> {
        let invalid = |_| Fault::Invariant("a document that was accepted before");
        let number = DocumentNumber::parse(self.kind, self.number, today).map_err(invalid)?;
        let holder = HolderName::parse(self.holder).map_err(invalid)?;
        Document::new(number, holder, self.birth_date, self.valid_until, today).map_err(invalid)
    }
}

impl MinorRow {
    /// The row of a minor: looks at nothing before the year in which duties change next (R4.5).
    pub(super) fn of(person: PersonId, birth: Date, stage: AgeStage, policy: AgePolicy) -> Self {
        let age = match stage {
            AgeStage::GuardianActs => policy.guardian_applies_below,
            AgeStage::GuardianSupervises | AgeStage::Adult => policy.guardian_supervises_below,
        };
        let turns = day_age_is_reached(birth, i32::from(age), &policy);
        let new_year = Date::from_ordinal_date(turns.year(), 1).unwrap_or(turns);
        Self {
            person,
            stage,
            look_from: Day::of(new_year),
        }
    }
}
