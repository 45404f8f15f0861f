//! The job beside the traffic: each document that is due is looked at (R15.2).

use crate::id::{Bucket, PersonId};
use crate::service::{Fault, Service};

use super::Rechecked;

/// Persons of one bucket looked at in one pass; the next pass takes the rest.
const AT_ONCE: u32 = 64;

/// What a pass over the buckets did. Counts only (R9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Documents looked at, of persons and of kept applications.
    pub looked_at: u32,
    /// Of them now suspended.
    pub suspended: u32,
    /// Of them taken over with a change.
    pub taken_over: u32,
    /// Not looked at: the registry does not answer.
    pub unavailable: u32,
}

impl Service {
    /// Looks at every document that is due, bucket by bucket.
    pub async fn recheck_due(&self) -> Result<Pass, Fault> {
        let mut pass = Pass::default();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            self.recheck_bucket(bucket, &mut pass).await?;
        }
        Ok(pass)
    }

    /// The same for one bucket.
    pub async fn recheck_bucket(&self, bucket: Bucket, pass: &mut Pass) -> Result<(), Fault> {
        let today = self.now().day();
        let asked_before = today.plus(-self.policy.recheck_days);
        let due = self
            .store
            .documents_due(bucket, asked_before, today, AT_ONCE)
            .await?;
        self.ask_for_kept(bucket, pass).await?;
        for person in due {
            match self.look_at(person).await? {
                Some(Rechecked::Unavailable) => pass.unavailable += 1,
                Some(Rechecked::Suspended(_)) => pass.suspended += 1,
                Some(Rechecked::TakenOver) => pass.taken_over += 1,
                Some(Rechecked::Confirmed | Rechecked::Ended) | None => {}
            }
            pass.looked_at += 1;
        }
        Ok(())
    }

    /// A waiting correction first; `None`: it was settled.
    async fn look_at(&self, person: PersonId) -> Result<Option<Rechecked>, Fault> {
        let row = self.store.person(person).await?;
        let wangzheng = self.store.wangzheng(person).await?;
        if let (Some(row), Some(wangzheng)) = (row, wangzheng)
            && let Some(sealed) = &wangzheng.waiting
        {
            let settled = self.settle_waiting(&row, &wangzheng, sealed).await?;
            return Ok((!settled).then_some(Rechecked::Unavailable));
        }
        self.recheck(person).await.map(Some)
    }
}
