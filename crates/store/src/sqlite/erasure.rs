//! 注销: one transaction in the person's bucket, and nothing of the person is left (R9.5).

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::{EventDraft, Removed, Sequences};
use identity::clock::{Day, Timestamp};
use identity::erasure::{
    Erased, Erasure, ErasureStore, LeaveAsked, LeaveReason, LeaveRow, Month, Tombstone,
};
use identity::id::{Bucket, PersonId};
use identity::receipt::InboxEntry;
use identity::store::StoreError;
use identity::wangzheng::{TransitionReason, WangzhengState};

use super::link::Link;
use super::row::Columns;
use super::statement::{
    END_ALL_STANDING_CONSENTS, ERASE_CODES, ERASE_CONSENTS, ERASE_DATA_KEY, ERASE_DEFERRED,
    ERASE_DEVICES, ERASE_DOCUMENTS, ERASE_EVENTS, ERASE_GUARDIAN_LINKS, ERASE_LEAVING, ERASE_MINOR,
    ERASE_PERSON, ERASE_PIN, ERASE_WAITING, ERASE_WANGZHENG, ERASED_ON, ERASED_SEQUENCES,
    ERASED_SINCE, EVENTS, KEEP_LEAF, LEAVE, LEAVES_DUE, OLD_ERASED, OLD_TOMBSTONE, PENDING_LEAF,
    PERSONS_AFTER, PUT_ERASED, PUT_LEAVE, PUT_TOMBSTONE, REMOVE_EVENT, REMOVE_RECEIPT,
    SET_WANGZHENG_STATE, SWEEP_ERASED, SWEEP_TOMBSTONES, Statement, TOMBSTONE,
};
use super::{Sqlite, audit, wangzheng};

/// What deletes the rows of a person, one statement for each table that has any. A test compares the list with the
/// schema, so that a new table cannot be forgotten. The key goes first: what is left without it says nothing.
pub(crate) const OF_A_PERSON: &[&Statement] = &[
    &ERASE_DATA_KEY,
    &ERASE_PERSON,
    &ERASE_DOCUMENTS,
    &ERASE_WANGZHENG,
    &ERASE_DEVICES,
    &ERASE_PIN,
    &ERASE_CONSENTS,
    &ERASE_GUARDIAN_LINKS,
    &END_ALL_STANDING_CONSENTS,
    &ERASE_MINOR,
    &ERASE_DEFERRED,
    &ERASE_CODES,
    &ERASE_WAITING,
    &ERASE_LEAVING,
    &ERASE_EVENTS,
];

fn row_of(link: &Link<'_>, person: PersonId) -> Result<Option<LeaveRow>, StoreError> {
    link.first(&LEAVE, (person.bucket().number(), person.as_bytes()), read)
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<LeaveRow> {
    Ok(LeaveRow {
        person: columns.person()?,
        reason: columns.named(LeaveReason::from_name)?,
        was: columns.named(WangzhengState::from_name)?,
        since: columns.day()?,
        erase_at: columns.timestamp()?,
    })
}

fn read_sequence(columns: &mut Columns<'_, '_>) -> rusqlite::Result<u64> {
    columns.plain()
}

fn read_person(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PersonId> {
    columns.person()
}

fn put(link: &Link<'_>, row: &LeaveRow) -> Result<(), StoreError> {
    let columns = (
        row.person.bucket().number(),
        row.person.as_bytes(),
        row.reason.as_str(),
        row.was.as_str(),
        row.since.0,
        row.erase_at.0,
    );
    link.execute(&PUT_LEAVE, columns).map(drop)
}

fn set_state(link: &Link<'_>, person: PersonId, state: WangzhengState) -> Result<(), StoreError> {
    let row = (person.bucket().number(), person.as_bytes(), state.as_str());
    link.execute(&SET_WANGZHENG_STATE, row).map(drop)
}

/// R9.5: restricted from this transaction on.
fn restrict(
    link: &Link<'_>,
    person: PersonId,
    since: Day,
    erase_at: Timestamp,
) -> Result<LeaveAsked, StoreError> {
    let asked = row_of(link, person)?.filter(|row| row.reason == LeaveReason::Requested);
    if let Some(row) = asked {
        return Ok(LeaveAsked::AlreadyLeaving(row));
    }
    let was = wangzheng::of(link, person)?.map_or(WangzhengState::Revoked, |row| row.state);
    let Some(state) = was.after(TransitionReason::LeaveRequested) else {
        return Ok(LeaveAsked::NotPossible(was));
    };
    set_state(link, person, state)?;
    let row = LeaveRow {
        person,
        reason: LeaveReason::Requested,
        was,
        since,
        erase_at,
    };
    put(link, &row)?;
    Ok(LeaveAsked::Restricted)
}

fn cancel(
    link: &Link<'_>,
    person: PersonId,
    reason: LeaveReason,
    now: Timestamp,
) -> Result<Option<WangzhengState>, StoreError> {
    let row = row_of(link, person)?.filter(|row| row.reason == reason && now < row.erase_at);
    let Some(row) = row else {
        return Ok(None);
    };
    if reason.restricts() {
        set_state(link, person, row.was)?;
    }
    link.execute(
        &ERASE_LEAVING,
        (person.bucket().number(), person.as_bytes()),
    )?;
    Ok(Some(row.was))
}

/// All of a person, or nothing.
fn erase(link: &Link<'_>, erasure: &Erasure, event: &EventDraft) -> Result<Erased, StoreError> {
    let Erasure {
        person,
        now,
        holder,
        devices,
    } = erasure;
    // 1. Its time has come, and was not called off.
    if row_of(link, *person)?.is_none_or(|row| *now < row.erase_at) {
        return Ok(Erased::NotDue);
    }
    let bucket = person.bucket();
    let key = (bucket.number(), person.as_bytes());
    // 2. Exactly which events go (C6); what waits for the log goes there without its event.
    let sequences: Vec<u64> = link.all(&ERASED_SEQUENCES, key, read_sequence)?;
    for sequence in &sequences {
        keep_leaf(link, bucket, *sequence)?;
    }
    // 3. Every row.
    for statement in OF_A_PERSON {
        link.execute(statement, key)?;
    }
    // 4. What must survive (R2.3, R9.5).
    let today = now.day();
    let tombstone = (bucket.number(), holder.0, Month::of(today).0);
    link.execute(&PUT_TOMBSTONE, tombstone)?;
    for device in devices {
        link.execute(&PUT_ERASED, (bucket.number(), device.0, today.0))?;
    }
    let event = event.clone().naming(sequences.into_iter().collect());
    audit::record(link, bucket, &event, "done", None)?;
    Ok(Erased::Erased)
}

/// The leaf of an event that is about to go, where it still waits for the log: what was promised by its commitment
/// in a receipt is kept.
fn keep_leaf(link: &Link<'_>, bucket: Bucket, sequence: u64) -> Result<(), StoreError> {
    let key = (bucket.number(), sequence);
    if !link.exists(&PENDING_LEAF, key)? {
        return Ok(());
    }
    let page = (bucket.number(), sequence, 1);
    let Some(row) = link.first(&EVENTS, page, audit::read)? else {
        return Ok(());
    };
    let leaf = row.leaf();
    let both = [leaf.commitment.0, leaf.blinded.0].concat();
    link.execute(&KEEP_LEAF, (bucket.number(), sequence, both))
        .map(drop)
}

fn remove(
    link: &Link<'_>,
    bucket: Bucket,
    what: Removed,
    sequences: &[u64],
) -> Result<Sequences, StoreError> {
    let mut removed = Vec::new();
    for sequence in sequences {
        let statement = match what {
            Removed::Events => {
                keep_leaf(link, bucket, *sequence)?;
                &REMOVE_EVENT
            }
            Removed::Receipts => &REMOVE_RECEIPT,
        };
        if link.execute(statement, (bucket.number(), sequence))? == 1 {
            removed.push(*sequence);
        }
    }
    Ok(removed.into_iter().collect())
}

#[async_trait]
impl ErasureStore for Sqlite {
    async fn request_leave(
        &self,
        person: PersonId,
        since: Day,
        erase_at: Timestamp,
        event: EventDraft,
    ) -> Result<LeaveAsked, StoreError> {
        self.write(move |link| {
            let asked = restrict(link, person, since, erase_at)?;
            let outcome = match asked {
                LeaveAsked::Restricted => "done",
                LeaveAsked::AlreadyLeaving(_) => "already_leaving",
                LeaveAsked::NotPossible(_) => "not_possible",
            };
            audit::record(link, person.bucket(), &event, outcome, None)?;
            Ok(asked)
        })
        .await
    }

    async fn cancel_leave(
        &self,
        person: PersonId,
        reason: LeaveReason,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Option<WangzhengState>, StoreError> {
        self.write(move |link| {
            let cancelled = cancel(link, person, reason, now)?;
            let outcome = if cancelled.is_some() {
                "done"
            } else {
                "not_found"
            };
            audit::record(link, person.bucket(), &event, outcome, None)?;
            Ok(cancelled)
        })
        .await
    }

    async fn announce_inactivity(
        &self,
        row: LeaveRow,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let fresh = row_of(link, row.person)?.is_none();
            if fresh {
                put(link, &row)?;
            }
            let (outcome, notice) = if fresh {
                ("done", Some(&notice))
            } else {
                ("already_leaving", None)
            };
            audit::record(link, row.person.bucket(), &event, outcome, notice)?;
            Ok(fresh)
        })
        .await
    }

    async fn leave(&self, person: PersonId) -> Result<Option<LeaveRow>, StoreError> {
        self.read(|link| row_of(link, person))
    }

    async fn leaves_due(
        &self,
        bucket: Bucket,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<LeaveRow>, StoreError> {
        self.read(|link| link.all(&LEAVES_DUE, (bucket.number(), now.0, limit), read))
    }

    async fn erase_person(
        &self,
        erasure: Erasure,
        event: EventDraft,
    ) -> Result<Erased, StoreError> {
        let erased = self
            .write(move |link| erase(link, &erasure, &event))
            .await?;
        if erased == Erased::Erased {
            // R9.5: old pages are not left behind in the write-ahead log.
            self.empty_write_ahead_log().await?;
        }
        Ok(erased)
    }

    async fn erased_on(&self, bucket: Bucket, device: &Digest) -> Result<Option<Day>, StoreError> {
        self.read(|link| {
            link.first(&ERASED_ON, (bucket.number(), device.0), |columns| {
                columns.day()
            })
        })
    }

    async fn erased_since(&self, bucket: Bucket, since: Day) -> Result<Vec<Digest>, StoreError> {
        self.read(|link| {
            link.all(&ERASED_SINCE, (bucket.number(), since.0), |columns| {
                columns.digest()
            })
        })
    }

    async fn tombstone(
        &self,
        bucket: Bucket,
        holder: &Digest,
    ) -> Result<Option<Tombstone>, StoreError> {
        self.read(|link| {
            link.first(&TOMBSTONE, (bucket.number(), holder.0), |columns| {
                Ok(Tombstone {
                    month: Month(columns.plain()?),
                    count: columns.plain()?,
                })
            })
        })
    }

    async fn sweep_tombstones(&self, before: Month, and_before: Day) -> Result<u32, StoreError> {
        let tombstones = self
            .sweep_before(&OLD_TOMBSTONE, &SWEEP_TOMBSTONES, i64::from(before.0))
            .await?;
        let erased = self
            .sweep_before(&OLD_ERASED, &SWEEP_ERASED, i64::from(and_before.0))
            .await?;
        Ok(tombstones + erased)
    }

    async fn remove_rows(
        &self,
        bucket: Bucket,
        what: Removed,
        sequences: Vec<u64>,
        event: EventDraft,
    ) -> Result<u64, StoreError> {
        self.write(move |link| {
            let removed = remove(link, bucket, what, &sequences)?;
            let count = removed.count();
            // 4096 buckets a day, most with nothing to do: those leave no event.
            if count > 0 {
                audit::record(link, bucket, &event.naming(removed), "done", None)?;
            }
            Ok(count)
        })
        .await
    }

    async fn persons_after(
        &self,
        bucket: Bucket,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        let after = after.map_or([0; 12], |person| *person.as_bytes());
        let parameters = (bucket.number(), after, limit);
        self.read(|link| link.all(&PERSONS_AFTER, parameters, read_person))
    }
}
