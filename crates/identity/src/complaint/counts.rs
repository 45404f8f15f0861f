//! How many complaints there are, by kind: for supervisors, small numbers hidden (S7, R3.1, R14.1).
//!
//! Counted from kind, state and limit alone. About which platform a complaint is lies sealed to the officers, so these
//! numbers are of all platforms together; by field there are the cases.

use crate::id::Bucket;
use crate::oversight::counts::Shown;
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty};

use super::officer::{OfficerError, OfficerRefused};
use super::{ComplaintKind, ComplaintState};

/// Most complaints counted in one bucket.
const MOST: u32 = 10_000;

/// Complaints of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindCount {
    /// Of which kind.
    pub kind: ComplaintKind,
    /// Waiting for an officer.
    pub received: Shown,
    /// Part of a case.
    pub in_case: Shown,
    /// Answered.
    pub answered: Shown,
    /// Not answered in time.
    pub overdue: Shown,
}

impl Service {
    /// Counts by kind, in the order of the law.
    pub async fn complaint_counts(
        &self,
        staff: &ActingStaff,
    ) -> Result<Vec<KindCount>, OfficerError> {
        let reads = [Duty::Supervise, Duty::WorkOnCases, Duty::ReadAudit];
        if !reads.into_iter().any(|duty| staff.may(duty)) {
            return Err(OfficerRefused::NotThisRole.into());
        }
        let mut sums = [[0_u64; 4]; ComplaintKind::ALL.len()];
        for (column, state) in ComplaintState::ALL.into_iter().enumerate() {
            for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
                let rows = self.store.complaints_in(bucket, state, MOST).await;
                for row in rows.map_err(Fault::from)? {
                    let kind = ComplaintKind::ALL.iter().position(|kind| *kind == row.kind);
                    let sum = &mut sums[kind.unwrap_or_default()];
                    sum[column] += 1;
                    sum[3] += u64::from(self.is_overdue(&row));
                }
            }
        }
        let counts = ComplaintKind::ALL.into_iter().zip(sums);
        Ok(counts
            .map(|(kind, sum)| KindCount {
                kind,
                received: Shown::of(sum[0]),
                in_case: Shown::of(sum[1]),
                answered: Shown::of(sum[2]),
                overdue: Shown::of(sum[3]),
            })
            .collect())
    }
}
