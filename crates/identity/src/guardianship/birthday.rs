//! Birthdays (R4.5). Duties follow the date at every step by themselves; what is left for the daily job is to tell both
//! sides, once, and to end what is over.

use time::Date;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::id::{Bucket, PersonId};
use crate::person::PersonRow;
use crate::person::recover::open_record;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};

use super::link::OpenLink;
use super::notes::Note;
use super::{AgeStage, LinkKey, LinkSide, MinorRow, StandingEnds};

impl Service {
    /// Tells the families whose child has reached 14 or 18; how many children. To be called daily; late or twice is
    /// the same, because each row moves on once.
    pub async fn turn_ages(&self) -> Result<u32, Fault> {
        let today = self.now().day();
        let mut turned = 0;
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            turned += self.turn_ages_in(bucket, today).await?;
        }
        Ok(turned)
    }

    async fn turn_ages_in(&self, bucket: Bucket, today: Day) -> Result<u32, Fault> {
        let mut turned = 0;
        for minor in self.store.minors_to_look_at(bucket, today).await? {
            let Some(child) = self.store.person(minor.person).await? else {
                continue;
            };
            let stage = AgeStage::of(self.age_of(&child)?);
            if stage > minor.stage && self.turn(&child, &minor, stage).await? {
                turned += 1;
            }
        }
        Ok(turned)
    }

    /// One child, in an order that can break off anywhere: guardians first, each in the own bucket and once, then what
    /// ends, and the child's own row last.
    async fn turn(&self, child: &PersonRow, minor: &MinorRow, to: AgeStage) -> Result<bool, Fault> {
        let links = self.open_links(child, LinkSide::Child).await?;
        for link in &links {
            self.tell_guardian(link, to).await?;
        }
        // R5.2: from 14 on no consent of a guardian is asked, so none stands.
        if !self.store.standing_consents(child.person).await?.is_empty() {
            self.end_standing(child.person, StandingEnds::All, "void")
                .await?;
        }
        if to == AgeStage::Adult {
            for link in &links {
                let event = self.quiet_event(child.person);
                self.store
                    .end_guardian_link(LinkKey::of(child.person, link.row.tag), None, event)
                    .await?;
            }
        }
        let note = match to {
            AgeStage::Adult => Note::EighteenChild,
            AgeStage::GuardianActs | AgeStage::GuardianSupervises => Note::FourteenChild,
        };
        let birth = self.birth_of(child)?;
        let row = MinorRow::of(child.person, birth, to, self.policy.age);
        let note = self.note_to(child, note)?;
        let event = self.quiet_event(child.person);
        Ok(self
            .store
            .advance_minor(minor.stage, row, note, event)
            .await?)
    }

    async fn tell_guardian(&self, link: &OpenLink, to: AgeStage) -> Result<(), Fault> {
        let Some(guardian) = self.store.person(link.content.other).await? else {
            return Ok(());
        };
        let person = guardian.person;
        let event = self.quiet_event(person);
        let key = LinkKey::of(person, link.row.tag);
        let tell = |note| -> Result<InboxEntry, Fault> { self.note_to(&guardian, note) };
        if to == AgeStage::Adult {
            // Emancipation: the link ends.
            let note = tell(Note::EighteenGuardian)?;
            self.store.end_guardian_link(key, Some(note), event).await?;
        } else {
            let note = tell(Note::FourteenGuardian)?;
            self.store.tell_guardian_link(key, to, note, event).await?;
        }
        Ok(())
    }

    fn birth_of(&self, person: &PersonRow) -> Result<Date, Fault> {
        let record = open_record(person, &self.data_key(person)?)?;
        Ok(record.birth_date)
    }

    /// An event that says no more than that a note was put: one that named the age would be a date of birth.
    fn quiet_event(&self, person: PersonId) -> EventDraft {
        let day = self.now().day();
        EventDraft::new(AuditEvent::InboxNotePut { person, day }, self.random())
    }
}
