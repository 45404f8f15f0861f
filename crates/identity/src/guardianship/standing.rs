//! Standing consents (R5.2): one child, one platform, one row; withdrawn at any time, with effect at once.
//!
//! The row does not say which platform: it has a keyed tag, and the platform's name sealed to the history keys of the
//! child and of the guardians, each of one size (C1).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::Digest;
use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::{PersonId, PlatformId};
use crate::person::recover::Act;
use crate::person::{HolderView, PersonRow};
use crate::platform::Platform;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;

use super::family::ChildHandle;
use super::link::Weight;
use super::notes::Note;
use super::statement::{GuardianError, GuardianRefused};
use super::{LinkSide, StandingConsentRow, StandingEnds};

/// Who may read which platform it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Copies(Vec<Copy>);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Copy {
    /// Tag of the guardian's link; absent for the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reader: Option<Digest>,
    /// base64url.
    sealed: String,
}

/// A standing consent as one of the family sees it.
#[derive(Debug, Clone)]
pub struct StandingView {
    /// Names it when it is withdrawn.
    pub id: String,
    /// The child, for a guardian; absent when it is the reader's own.
    pub child: Option<ChildHandle>,
    /// `王*`.
    pub child_name: String,
    /// Given on.
    pub given_on: Day,
    /// Whether the reader gave it.
    pub by_reader: bool,
    /// The platform, sealed to the reader's history key; absent for who became a guardian later.
    pub sealed: Option<String>,
}

impl Service {
    /// Keyed tag of child and platform.
    fn standing_tag(&self, child: PersonId, platform: &PlatformId) -> Result<Digest, Fault> {
        let parts: [&[u8]; 3] = [
            b"standing-consent",
            child.as_bytes(),
            platform.as_str().as_bytes(),
        ];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }

    /// Keeps a guardian's consent to every use at a platform.
    pub(super) async fn give_standing(
        &self,
        child: &PersonRow,
        platform: &Platform,
        link: Digest,
    ) -> Result<(), Fault> {
        let text = serde_json::json!({
            "kind": "standing_consent",
            "platform": platform.name.text("zh-CN"),
            "host": platform.host,
            "platform_id": platform.id,
            "iat": self.now().0,
        })
        .to_string();
        let mut copies = vec![self.copy_for(child, None, &text)?];
        for link in self.open_links(child, LinkSide::Child).await? {
            if let Some(guardian) = self.store.person(link.content.other).await? {
                copies.push(self.copy_for(&guardian, Some(link.row.tag), &text)?);
            }
        }
        let row = StandingConsentRow {
            person: child.person,
            tag: self.standing_tag(child.person, &platform.id)?,
            given_by: link,
            given_on: self.now().day(),
            copies: serde_json::to_vec(&Copies(copies)).map_err(|_| Fault::Invariant("copies"))?,
        };
        let event = self.standing_event(child.person, "given");
        self.store.give_standing_consent(row, event).await?;
        Ok(())
    }

    fn copy_for(&self, reader: &PersonRow, tag: Option<Digest>, text: &str) -> Result<Copy, Fault> {
        let day = self.now().day();
        let entry = InboxEntry::seal(reader.person, day, text, &reader.history_key, self.random());
        let entry = entry.map_err(|_| Fault::Invariant("a standing consent does not seal"))?;
        Ok(Copy {
            reader: tag,
            sealed: Base64UrlUnpadded::encode_string(&entry.sealed),
        })
    }

    /// The guardian whose standing consent covers a platform, if the guardianship is still in force. A guardian whose
    /// own 网证 is locked has not withdrawn anything.
    pub(super) async fn standing_guardian(
        &self,
        child: &PersonRow,
        platform: &PlatformId,
    ) -> Result<Option<(PersonRow, Digest)>, GuardianError> {
        let tag = self.standing_tag(child.person, platform)?;
        let rows = self.store.standing_consents(child.person).await?;
        let Some(row) = rows.into_iter().find(|row| row.tag == tag) else {
            return Ok(None);
        };
        let Some(guardian) = self.guardian_of_link(child, &row.given_by).await? else {
            return Ok(None);
        };
        match self
            .link_in_force(child, guardian.person, Weight::OneUse)
            .await
        {
            Ok(link) => Ok(Some((guardian, link))),
            // Revoked meanwhile: the consent went with it.
            Err(GuardianError::Refused(GuardianRefused::NotGuardian)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The standing consents of the reader and of the reader's children.
    pub async fn standing_consents(&self, view: &HolderView) -> Result<Vec<StandingView>, Fault> {
        let own = &view.person;
        let mut views = self.standing_of(own, None, None).await?;
        for link in self.open_links(own, LinkSide::Guardian).await? {
            if let Some(child) = self.store.person(link.content.other).await? {
                let handle = ChildHandle::of(child.person, self.keys())?;
                let tag = Some(link.row.tag);
                views.extend(self.standing_of(&child, Some(handle), tag).await?);
            }
        }
        Ok(views)
    }

    async fn standing_of(
        &self,
        child: &PersonRow,
        handle: Option<ChildHandle>,
        reader: Option<Digest>,
    ) -> Result<Vec<StandingView>, Fault> {
        let name = self.masked_name(child)?;
        let rows = self.store.standing_consents(child.person).await?;
        rows.into_iter()
            .map(|row| {
                let copies: Copies = serde_json::from_slice(&row.copies)
                    .map_err(|_| Fault::Invariant("copies of a standing consent"))?;
                let copy = copies.0.into_iter().find(|copy| copy.reader == reader);
                Ok(StandingView {
                    id: Base64UrlUnpadded::encode_string(&row.tag.0),
                    child: handle,
                    child_name: name.clone(),
                    given_on: row.given_on,
                    by_reader: Some(row.given_by) == reader,
                    sealed: copy.map(|copy| copy.sealed),
                })
            })
            .collect()
    }

    /// Withdraws a standing consent: by any guardian, whoever gave it, or by the child. As easy as giving it, so a lock
    /// of the guardian's own 网证 does not stand in the way. `false`: there is none such.
    pub async fn withdraw_standing_consent(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<bool, Fault> {
        let act = proven.statement();
        let own = &proven.view().person;
        let mut tag = [0; 32];
        let named = act.standing.as_deref().unwrap_or_default();
        let decoded = Base64UrlUnpadded::decode(named, &mut tag);
        if decoded.map_or(0, <[u8]>::len) != 32 {
            return Ok(false);
        }
        let child = match &act.child {
            None => Some(own.person),
            Some(handle) => self.child_of(own, handle).await?.map(|child| child.person),
        };
        let Some(child) = child else { return Ok(false) };
        let ended = self
            .end_standing(child, StandingEnds::One(Digest(tag)), "withdrawn")
            .await?;
        Ok(ended > 0)
    }

    /// Who withdraws from a platform does not leave a guardian's standing consent to it in place: the guardians are told.
    /// How many ended.
    pub(crate) async fn end_standing_at(
        &self,
        child: &PersonRow,
        platform: &PlatformId,
    ) -> Result<u32, Fault> {
        let tag = self.standing_tag(child.person, platform)?;
        let rows = self.store.standing_consents(child.person).await?;
        if !rows.iter().any(|row| row.tag == tag) {
            return Ok(0);
        }
        let ended = self
            .end_standing(child.person, StandingEnds::One(tag), "withdrawn")
            .await?;
        for link in self.open_links(child, LinkSide::Child).await? {
            if let Some(guardian) = self.store.person(link.content.other).await? {
                let note = self.note_to(&guardian, Note::StandingWithdrawn)?;
                let event = AuditEvent::InboxNotePut {
                    person: guardian.person,
                    day: self.now().day(),
                };
                let event = EventDraft::new(event, self.random());
                self.store.put_receipt(note, event).await?;
            }
        }
        Ok(ended)
    }

    pub(super) async fn end_standing(
        &self,
        child: PersonId,
        which: StandingEnds,
        change: &str,
    ) -> Result<u32, Fault> {
        let event = self.standing_event(child, change);
        Ok(self
            .store
            .end_standing_consents(child, which, event)
            .await?)
    }

    fn standing_event(&self, person: PersonId, change: &str) -> EventDraft {
        let event = AuditEvent::StandingConsentChanged {
            person,
            day: self.now().day(),
            change: change.to_owned(),
        };
        EventDraft::new(event, self.random())
    }
}
