//! Findings of a counter: a platform whose over-asking was refused often enough in a month gets a case by itself
//! (Art. 8(2), R8.2). The counter is about the platform; no person is in it (R9.3).

use std::collections::BTreeMap;

use crate::complaint::ComplaintKind;
use crate::id::PlatformId;
use crate::service::{Fault, Service};
use crate::transparency::Month;

use super::open::Beginning;
use super::{CaseOrigin, CaseRow, CaseState};

impl Service {
    /// Opens a case for every platform over the threshold this month that has none; how many.
    pub async fn open_findings(&self) -> Result<usize, Fault> {
        let threshold = self.policy.complaint.over_asking_opens_case;
        let month = Month::of(self.now().day());
        let mut refused: BTreeMap<PlatformId, u64> = BTreeMap::new();
        for asked in self.store.over_asking().await? {
            if Month::of(asked.of.month) == month {
                *refused.entry(asked.of.platform).or_default() += asked.count;
            }
        }
        refused.retain(|_, count| *count >= threshold);
        if refused.is_empty() {
            return Ok(0);
        }
        let cases = self.store.case_files().await?;
        let mut opened = 0;
        for (platform, count) in refused {
            if cases.iter().any(|case| is_about(case, &platform, month)) {
                continue;
            }
            let text =
                format!("本月越权索取被拒绝 {count} 次 · refused over-asking this month: {count}");
            let beginning = Beginning {
                platform,
                kind: ComplaintKind::OverAsking,
                origin: CaseOrigin::Finding,
                officer: None,
                text,
            };
            self.begin_case(beginning, "automatic").await?;
            opened += 1;
        }
        Ok(opened)
    }
}

/// Whether a case covers the over-asking of a platform in a month: open, or opened in it.
fn is_about(case: &CaseRow, platform: &PlatformId, month: Month) -> bool {
    case.platform == *platform
        && case.kind == ComplaintKind::OverAsking
        && (case.state == CaseState::Open || Month::of(case.opened_on) == month)
}
