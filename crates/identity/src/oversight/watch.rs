//! What those who watch are told, and that their watching is itself in the log (R3.1, R12.1, C6).

use crypto::digest::Digest;

use crate::audit::{AuditEvent, EventBody, EventDraft, reference_bucket};
use crate::log::checkpoint::Checkpoint;
use crate::log::keys::{LogKeys, origin_of};
use crate::log::path::{PathError, TileReader};
use crate::log::proof::{inclusion_proof, verify_proof};
use crate::log::tile::StoreTiles;
use crate::log::tree::verify_consistency;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty};

impl Service {
    /// A supervisor opens a page: recorded before it is shown (R3.1). Event `supervisor_viewed`.
    pub async fn supervisor_viewed(&self, staff: &ActingStaff, page: &str) -> Result<(), Fault> {
        let event = AuditEvent::SupervisorViewed {
            login: staff.login().clone(),
            role: staff.role(),
            page: page.to_owned(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let bucket = reference_bucket(staff.login().as_str());
        Ok(self.store.record(bucket, event).await?)
    }

    /// Events in the names of all staff and of all their proposals, newest first: for the audit administrator.
    pub async fn staff_events(
        &self,
        staff: &ActingStaff,
        most: u32,
    ) -> Result<Vec<EventBody>, Fault> {
        if !staff.may(Duty::ReadAudit) {
            return Ok(Vec::new());
        }
        let mut buckets = Vec::new();
        for row in self.store.all_staff().await? {
            buckets.push(reference_bucket(row.login.as_str()));
        }
        for row in self.store.proposals(None, most).await? {
            buckets.push(reference_bucket(row.id.as_str()));
        }
        buckets.sort_unstable();
        buckets.dedup();
        let mut events = Vec::new();
        for bucket in buckets {
            let last = self.store.last_sequence(bucket).await?;
            let from = last.saturating_sub(u64::from(most)).saturating_add(1);
            for row in self.store.events(bucket, from, most).await? {
                // A bucket is shared by its number with persons' events: those are not staff's.
                let body = row.parse().filter(|body| body.event.person().is_none());
                events.extend(body.and_then(|body| Some((moment_of(&body.event)?, body))));
            }
        }
        events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        events.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(events.into_iter().map(|(_, body)| body).collect())
    }

    /// The newest head, its signatures checked; `None` before the first epoch.
    pub async fn log_head(&self) -> Result<Option<Checkpoint>, Fault> {
        let Some(note) = self.store.checkpoint().await? else {
            return Ok(None);
        };
        let head = Checkpoint::verify(&note, &self.log_keys())
            .map_err(|_| Fault::Invariant("the head of the log does not verify"))?;
        Ok(Some(head))
    }

    fn log_keys(&self) -> LogKeys {
        LogKeys::of_store(&origin_of(&self.issuer), self.keys())
    }

    /// Whether the log as it is now begins with the one seen earlier (RFC 9162 §2.1.4). A log that shrank, or that
    /// cannot show it, does not.
    pub async fn log_continues(&self, size: u64, root: &Digest) -> Result<bool, Fault> {
        let Some(head) = self.log_head().await? else {
            return Ok(size == 0);
        };
        if size > head.tree_size {
            return Ok(false);
        }
        let tiles = StoreTiles(&*self.store);
        let path = TileReader::new(&tiles, head.tree_size)
            .consistency_path(size)
            .await;
        match path {
            Ok(path) => Ok(verify_consistency(
                (size, root),
                (head.tree_size, &head.root),
                &path,
            )),
            Err(PathError::Source(error)) => Err(error.into()),
            Err(PathError::Missing(_) | PathError::Outside) => Ok(false),
        }
    }

    /// Whether the leaf of a receipt's commitment is in the log, proven up to the signed head.
    pub async fn log_holds(&self, commitment: &Digest) -> Result<bool, Fault> {
        let proof = inclusion_proof(&*self.store, commitment).await?;
        Ok(proof.is_some_and(|proof| verify_proof(&proof, &self.log_keys(), commitment).is_ok()))
    }
}

/// The second of an event of staff.
fn moment_of(event: &AuditEvent) -> Option<i64> {
    serde_json::to_value(event).ok()?.get("at")?.as_i64()
}
