//! 监护: both sides of links, standing consents, and who is a minor (R4.2–R4.5, R5.2).

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::guardianship::{
    AgeStage, GuardianLinkRow, GuardianshipStore, LinkKey, LinkSide, MinorRow, NewMinor,
    StandingConsentRow, StandingEnds,
};
use identity::id::{Bucket, PersonId};
use identity::receipt::InboxEntry;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::statement::{
    ADVANCE_MINOR, DELETE_MINOR, END_ALL_STANDING_CONSENTS, END_GUARDIAN_LINK,
    END_STANDING_CONSENT, END_STANDING_CONSENTS_OF, GIVE_STANDING_CONSENT, GUARDIAN_LINKS,
    INSERT_MINOR, MINORS_TO_LOOK_AT, PUT_GUARDIAN_LINK, STANDING_CONSENTS, TELL_GUARDIAN_LINK,
};

/// What a minor's application stores besides: the row, the links, and each fact as an event of its own.
pub(crate) fn insert(link: &Link<'_>, bucket: Bucket, new: &NewMinor) -> Result<(), StoreError> {
    let row = &new.row;
    let columns = (
        bucket.number(),
        row.person.as_bytes(),
        row.stage.as_str(),
        row.look_from.0,
    );
    link.execute(&INSERT_MINOR, columns)?;
    for row in &new.links {
        put(link, row)?;
    }
    for fact in &new.facts {
        audit::record(link, bucket, fact, "done", None)?;
    }
    Ok(())
}

fn put(link: &Link<'_>, row: &GuardianLinkRow) -> Result<(), StoreError> {
    let columns = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        row.tag.0,
        row.side.as_str(),
        &row.sealed,
        row.confirmed_on.0,
        row.told.as_str(),
    );
    link.execute(&PUT_GUARDIAN_LINK, columns).map(drop)
}

#[async_trait]
impl GuardianshipStore for Sqlite {
    async fn put_guardian_link(
        &self,
        row: GuardianLinkRow,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            put(link, &row)?;
            audit::record(link, row.person.bucket(), &event, "done", None)
        })
        .await
    }

    async fn end_guardian_link(
        &self,
        key: LinkKey,
        note: Option<InboxEntry>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let LinkKey { person, tag } = key;
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), tag.0);
            let ended = link.execute(&END_GUARDIAN_LINK, row)? > 0;
            let outcome = if ended { "done" } else { "not_found" };
            let note = note.as_ref().filter(|_| ended);
            audit::record(link, bucket, &event, outcome, note)?;
            Ok(ended)
        })
        .await
    }

    async fn tell_guardian_link(
        &self,
        key: LinkKey,
        stage: AgeStage,
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let LinkKey { person, tag } = key;
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), tag.0, stage.as_str());
            let told = link.execute(&TELL_GUARDIAN_LINK, row)? > 0;
            let outcome = if told { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, told.then_some(&note))?;
            Ok(told)
        })
        .await
    }

    async fn guardian_links(&self, person: PersonId) -> Result<Vec<GuardianLinkRow>, StoreError> {
        let key = (person.bucket().number(), person.as_bytes());
        self.read(|link| {
            link.all(&GUARDIAN_LINKS, key, |columns| {
                Ok(GuardianLinkRow {
                    person: columns.person()?,
                    tag: columns.digest()?,
                    side: columns.named(LinkSide::from_name)?,
                    sealed: columns.plain()?,
                    confirmed_on: columns.day()?,
                    told: columns.named(AgeStage::from_name)?,
                })
            })
        })
    }

    async fn give_standing_consent(
        &self,
        row: StandingConsentRow,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let bucket = row.person.bucket();
            let columns = (
                bucket.number(),
                row.person.as_bytes(),
                row.tag.0,
                row.given_by.0,
                row.given_on.0,
                &row.copies,
            );
            link.execute(&GIVE_STANDING_CONSENT, columns)?;
            audit::record(link, bucket, &event, "done", None)
        })
        .await
    }

    async fn end_standing_consents(
        &self,
        person: PersonId,
        which: StandingEnds,
        event: EventDraft,
    ) -> Result<u32, StoreError> {
        self.write(move |link| {
            let bucket = person.bucket();
            let (number, whose) = (bucket.number(), person.as_bytes());
            let ended = match which {
                StandingEnds::One(tag) => {
                    link.execute(&END_STANDING_CONSENT, (number, whose, tag.0))?
                }
                StandingEnds::GivenBy(given_by) => {
                    link.execute(&END_STANDING_CONSENTS_OF, (number, whose, given_by.0))?
                }
                StandingEnds::All => link.execute(&END_ALL_STANDING_CONSENTS, (number, whose))?,
            };
            let outcome = if ended > 0 { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(u32::try_from(ended).unwrap_or(u32::MAX))
        })
        .await
    }

    async fn standing_consents(
        &self,
        person: PersonId,
    ) -> Result<Vec<StandingConsentRow>, StoreError> {
        let key = (person.bucket().number(), person.as_bytes());
        self.read(|link| {
            link.all(&STANDING_CONSENTS, key, |columns| {
                Ok(StandingConsentRow {
                    person: columns.person()?,
                    tag: columns.digest()?,
                    given_by: columns.digest()?,
                    given_on: columns.day()?,
                    copies: columns.plain()?,
                })
            })
        })
    }

    async fn minors_to_look_at(
        &self,
        bucket: Bucket,
        today: Day,
    ) -> Result<Vec<MinorRow>, StoreError> {
        self.read(|link| {
            link.all(&MINORS_TO_LOOK_AT, (bucket.number(), today.0), |columns| {
                Ok(MinorRow {
                    person: columns.person()?,
                    stage: columns.named(AgeStage::from_name)?,
                    look_from: columns.day()?,
                })
            })
        })
    }

    async fn advance_minor(
        &self,
        from: AgeStage,
        minor: MinorRow,
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = minor.person.bucket();
            let (number, whose) = (bucket.number(), minor.person.as_bytes());
            let moved = if minor.stage == AgeStage::Adult {
                link.execute(&DELETE_MINOR, (number, whose, from.as_str()))?
            } else {
                let (to, look_from) = (minor.stage.as_str(), minor.look_from.0);
                let row = (number, whose, from.as_str(), to, look_from);
                link.execute(&ADVANCE_MINOR, row)?
            };
            let outcome = if moved > 0 { "done" } else { "not_in_stage" };
            audit::record(link, bucket, &event, outcome, (moved > 0).then_some(&note))?;
            Ok(moved > 0)
        })
        .await
    }
}
