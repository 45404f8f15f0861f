//! Nothing heard of a person for years: announced in the inbox, then erased by the same verb (R9.1, PIPL 19).

use crate::audit::{AuditEvent, EventRow};
use crate::clock::Day;
use crate::id::Bucket;
use crate::person::PersonRow;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};

use super::{LeaveReason, LeaveRow};

/// How many events back an act of the person is looked for; what the service itself puts into an inbox is no act.
const LOOKED_BACK: u32 = 64;
/// Persons of one page.
const PAGE: u32 = 256;
/// Each bucket is gone through once in so many days.
const EVERY: i32 = 30;

impl AuditEvent {
    /// Whether the person did it. What the service does on its own about a person keeps nobody from being inactive.
    pub fn is_act_of_person(&self) -> bool {
        match self {
            Self::InboxNotePut { .. } => false,
            Self::LeaveChanged { change, .. } => change != "inactive",
            other => other.person().is_some(),
        }
    }
}

impl Service {
    /// Announces to the inactive of a bucket that they will be erased; how many. Each bucket has its day.
    pub(super) async fn announce_inactivity(&self, bucket: Bucket) -> Result<u64, Fault> {
        let today = self.now().day();
        if i32::from(bucket.number()) % EVERY != today.0.rem_euclid(EVERY) {
            return Ok(0);
        }
        let (mut announced, mut after) = (0, None);
        loop {
            let persons = self.store.persons_after(bucket, after, PAGE).await?;
            let Some(last) = persons.last() else {
                return Ok(announced);
            };
            after = Some(*last);
            for person in persons {
                let Some(row) = self.store.person(person).await? else {
                    continue;
                };
                if self.is_inactive(&row).await? {
                    announced += u64::from(self.announce_to(&row, today).await?);
                }
            }
        }
    }

    /// Whether the last act of a person is as long ago as policy says.
    pub(super) async fn is_inactive(&self, person: &PersonRow) -> Result<bool, Fault> {
        let before = self.now().day().plus(-self.policy.periods.inactive);
        if person.applied_on >= before {
            return Ok(false);
        }
        let events = self.store.events_of(person.person, LOOKED_BACK).await?;
        let last = events.iter().filter_map(act_day).max();
        Ok(last.is_none_or(|last| last < before))
    }

    async fn announce_to(&self, person: &PersonRow, today: Day) -> Result<bool, Fault> {
        let erase_on = today.plus(self.policy.periods.inactivity_notice);
        let row = LeaveRow {
            person: person.person,
            reason: LeaveReason::Inactive,
            was: crate::wangzheng::WangzhengState::Active,
            since: today,
            erase_at: self
                .now()
                .plus(i64::from(self.policy.periods.inactivity_notice) * 86_400),
        };
        let text = serde_json::json!({
            "kind": "notice",
            "topic": "inactive",
            "title": { "chinese": "长期未使用，将注销", "english": "Unused for long: it will be erased" },
            "text": {
                "chinese": format!("您的网号、网证已长期未使用，将于 {erase_on} 注销并删除数据。在此之前使用一次即可保留。"),
                "english": format!("Your network number and credential have not been used for long. They will be erased on {erase_on}. Use them once before then to keep them."),
            },
            "iat": self.now().0,
        });
        let notice = InboxEntry::seal(
            person.person,
            today,
            &text.to_string(),
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("a history key does not seal"))?;
        let event = self.leave_event(person.person, "inactive");
        Ok(self.store.announce_inactivity(row, notice, event).await?)
    }

    /// Somebody who acted in the meantime stays.
    pub(super) async fn stay(&self, row: &LeaveRow) -> Result<(), Fault> {
        let event = self.leave_event(row.person, "cancelled");
        // The time has come, but not for this person: as of the last moment before.
        let before = crate::clock::Timestamp(row.erase_at.0 - 1);
        self.store
            .cancel_leave(row.person, row.reason, before, event)
            .await?;
        Ok(())
    }
}

fn act_day(row: &EventRow) -> Option<Day> {
    let event = row.parse()?.event;
    event.is_act_of_person().then(|| event.day()).flatten()
}
