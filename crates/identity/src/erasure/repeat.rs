//! A back-up knows nothing of who left after it was made. The list of the erased, which is kept beside the keys of
//! back-ups, does: what a restore brings back it erases again (R9.5).

use std::collections::BTreeSet;

use crypto::digest::Digest;
use crypto::keystore::KeyStore;
use crypto::random::Random;

use crate::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};
use crate::clock::{Day, Timestamp};
use crate::id::{Bucket, PersonId};
use crate::person::PersonRow;
use crate::receipt::InboxEntry;
use crate::service::Fault;
use crate::store::Store;

use super::due::{erased_device, erased_person};
use super::{Erasure, LeaveAsked, LeaveReason, LeaveRow};

/// Persons of a bucket looked at in one go.
const AT_ONCE: u32 = 256;

/// The marks of everybody erased since a day, of all buckets.
pub async fn erased_since(store: &dyn Store, since: Day) -> Result<BTreeSet<Digest>, Fault> {
    let mut marks = BTreeSet::new();
    for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
        marks.extend(store.erased_since(bucket, since).await?);
    }
    Ok(marks)
}

/// Erases everybody again whose mark is in the list; how many. No platform is told: it was, the first time.
pub async fn erase_again(
    store: &dyn Store,
    keys: &dyn KeyStore,
    random: &dyn Random,
    marks: &BTreeSet<Digest>,
    now: Timestamp,
) -> Result<u32, Fault> {
    let mut erased = 0;
    for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
        let mut after = None;
        loop {
            let page = store.persons_after(bucket, after, AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            for person in page {
                if marks.contains(&erased_person(keys, person)?)
                    && let Some(row) = store.person(person).await?
                {
                    erase(store, keys, random, &row, now).await?;
                    erased += 1;
                }
            }
        }
    }
    Ok(erased)
}

async fn erase(
    store: &dyn Store,
    keys: &dyn KeyStore,
    random: &dyn Random,
    row: &PersonRow,
    now: Timestamp,
) -> Result<(), Fault> {
    let person = row.person;
    let now = leave(store, random, person, now).await?;
    let mut devices = vec![erased_person(keys, person)?];
    for device in store.devices(person).await? {
        devices.push(erased_device(keys, &device)?);
    }
    let erasure = Erasure {
        person,
        now,
        holder: row.holder,
        devices,
    };
    let event = AuditEvent::RowsRemoved {
        day: now.day(),
        what: Removed::Events,
        why: RemovedBy::Erasure,
        sequences: Sequences::default(),
    };
    store
        .erase_person(erasure, EventDraft::new(event, random))
        .await?;
    Ok(())
}

/// Puts the person on the way out, whatever the state at the back-up was; from when the erasure counts.
async fn leave(
    store: &dyn Store,
    random: &dyn Random,
    person: PersonId,
    now: Timestamp,
) -> Result<Timestamp, Fault> {
    let event = || {
        let event = AuditEvent::LeaveChanged {
            person,
            day: now.day(),
            change: "repeated".to_owned(),
        };
        EventDraft::new(event, random)
    };
    let asked = store.request_leave(person, now.day(), now, event()).await?;
    let was = match asked {
        LeaveAsked::Restricted => return Ok(now),
        LeaveAsked::AlreadyLeaving(row) => return Ok(row.erase_at.max(now)),
        LeaveAsked::NotPossible(was) => was,
    };
    // A 网证 that has ended cannot be left; its person was erased as inactive.
    let row = LeaveRow {
        person,
        reason: LeaveReason::Inactive,
        was,
        since: now.day(),
        erase_at: now,
    };
    let entry = InboxEntry {
        person,
        day: now.day(),
        sealed: Vec::new(),
    };
    store.announce_inactivity(row, entry, event()).await?;
    let row = store.leave(person).await?;
    Ok(row.map_or(now, |row| row.erase_at.max(now)))
}
