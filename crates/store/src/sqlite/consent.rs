//! 同意: given and withdrawn, never deleted by a withdrawal (R9.2).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::consent::{ConsentKind, ConsentRow, ConsentStore, Withdrawal};
use identity::id::PersonId;
use identity::receipt::InboxEntry;
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::statement::{CONSENTS, PUT_CONSENT, WITHDRAW_CONSENT};

/// Stores a consent, in the place of the same one before.
pub(crate) fn put(link: &Link<'_>, row: &ConsentRow) -> Result<(), StoreError> {
    let columns = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        row.tag.0,
        row.notice.0,
        row.kind.as_str(),
        row.given_on.0,
        row.withdrawn_on.map(|day| day.0),
        &row.sealed,
    );
    link.execute(&PUT_CONSENT, columns).map(drop)
}

#[async_trait]
impl ConsentStore for Sqlite {
    async fn give_consent(&self, consent: ConsentRow, event: EventDraft) -> Result<(), StoreError> {
        self.write(move |link| {
            put(link, &consent)?;
            audit::record(link, consent.person.bucket(), &event, "done", None)
        })
        .await
    }

    async fn give_consent_in_writing(
        &self,
        consent: ConsentRow,
        document: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            put(link, &consent)?;
            let bucket = consent.person.bucket();
            audit::record(link, bucket, &event, "done", Some(&document))
        })
        .await
    }

    async fn withdraw_consent(
        &self,
        person: PersonId,
        tag: &Digest,
        today: Day,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let tag = *tag;
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), person.as_bytes(), tag.0, today.0);
            let withdrawn = link.execute(&WITHDRAW_CONSENT, row)? > 0;
            let outcome = if withdrawn { "done" } else { "not_found" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(withdrawn)
        })
        .await
    }

    async fn withdraw_from_platform(
        &self,
        withdrawal: Withdrawal,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let mark = &withdrawal.mark;
            let (bucket, person) = (mark.person.bucket(), mark.person.as_bytes());
            let today = withdrawal.entry.day.0;
            for tag in &withdrawal.tags {
                link.execute(&WITHDRAW_CONSENT, (bucket.number(), person, tag.0, today))?;
            }
            put(link, mark)?;
            audit::record(link, bucket, &event, "done", Some(&withdrawal.entry))
        })
        .await
    }

    async fn consents(&self, person: PersonId) -> Result<Vec<ConsentRow>, StoreError> {
        self.read(|link| {
            link.all(
                &CONSENTS,
                (person.bucket().number(), person.as_bytes()),
                |columns| {
                    Ok(ConsentRow {
                        person: columns.person()?,
                        tag: columns.digest()?,
                        notice: columns.digest()?,
                        kind: columns.named(ConsentKind::from_name)?,
                        given_on: columns.day()?,
                        withdrawn_on: columns.day_if_any()?,
                        sealed: columns.plain()?,
                    })
                },
            )
        })
    }
}
