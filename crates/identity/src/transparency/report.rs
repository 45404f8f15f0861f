//! The report itself: by month, coarse, signed.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::complaint::ComplaintKind;
use crate::service::{Fault, Service};

use super::{APPLICATIONS, CountRow, Month, SMALLEST, VERIFICATIONS};

/// Type of the signed report.
pub const REPORT_TYPE: &str = "wz-transparency+jwt";
/// Prefix of the counters of refusals.
pub const REFUSED: &str = "refused:";
const COMPLAINT: &str = "complaint:";

/// A count as it is shown: 0, `<10`, or rounded down to two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coarse(u64);

impl Coarse {
    /// Of an exact count.
    pub fn of(count: u64) -> Self {
        let mut unit = 1;
        while count / unit >= 100 {
            unit *= 10;
        }
        Self(if count < SMALLEST {
            count.min(1)
        } else {
            count / unit * unit
        })
    }

    /// As it is printed.
    pub fn text(self) -> String {
        match self.0 {
            0 => "0".to_owned(),
            1 => format!("<{SMALLEST}"),
            count => count.to_string(),
        }
    }
}

impl Serialize for Coarse {
    /// A number, or the text `<10`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            1 => serializer.serialize_str(&self.text()),
            count => serializer.serialize_u64(count),
        }
    }
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthReport {
    /// `YYYY-MM`.
    pub month: String,
    /// Applications that came to a 网证.
    pub applications: Coarse,
    /// Verifications that passed, all platforms together.
    pub verifications: Coarse,
    /// Requests and acts a rule refused, by rule.
    pub refusals: BTreeMap<String, Coarse>,
    /// Complaints, by kind.
    pub complaints: BTreeMap<&'static str, Coarse>,
    /// Refused over-asking, all platforms together.
    pub over_asking: Coarse,
    /// Legal requests that were carried out (R9.4).
    pub legal_requests: Coarse,
}

/// The whole report. Nothing in it is of a person, or of one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransparencyReport {
    /// The service.
    pub iss: String,
    /// Seconds since 1970, to the hour.
    pub iat: i64,
    /// Up to which day it counts.
    pub as_of: String,
    /// Smaller counts are not shown.
    pub smallest: u64,
    /// Month by month, the newest first.
    pub months: Vec<MonthReport>,
    /// Legal requests ever carried out.
    pub legal_requests: Coarse,
    /// Cases ever opened.
    pub cases: Coarse,
    /// Connected platforms.
    pub platforms: Coarse,
    /// Of them suspended now.
    pub suspended_platforms: Coarse,
    /// Incidents ever recorded; drills are none (R12.3).
    pub incidents: Coarse,
}

impl Service {
    /// The public report, and the same signed.
    pub async fn transparency(&self) -> Result<(TransparencyReport, String), Fault> {
        let provided = self.provided_by_month().await?;
        let mut months: BTreeMap<Month, Vec<CountRow>> = BTreeMap::new();
        for row in self.store.counts().await? {
            months.entry(row.month).or_default().push(row);
        }
        let mut over_asking: BTreeMap<Month, u64> = BTreeMap::new();
        for asked in self.store.over_asking().await? {
            *over_asking.entry(Month::of(asked.of.month)).or_default() += asked.count;
        }
        for month in provided.keys().chain(over_asking.keys()) {
            months.entry(*month).or_default();
        }
        let now = self.now();
        let report = TransparencyReport {
            iss: self.issuer.clone(),
            iat: now.0 - now.0.rem_euclid(3600),
            as_of: now.day().to_string(),
            smallest: SMALLEST,
            months: months
                .iter()
                .rev()
                .map(|(month, rows)| {
                    let of = |counts: &BTreeMap<Month, u64>| {
                        Coarse::of(counts.get(month).copied().unwrap_or_default())
                    };
                    MonthReport {
                        over_asking: of(&over_asking),
                        legal_requests: of(&provided),
                        ..month_report(*month, rows)
                    }
                })
                .collect(),
            legal_requests: Coarse::of(provided.values().sum()),
            cases: Coarse::of(count(self.store.case_files().await?.len())),
            platforms: Coarse::of(count(self.store.platforms().await?.len())),
            suspended_platforms: Coarse::of(self.suspended_now().await?),
            incidents: Coarse::of(self.incidents_ever().await?),
        };
        let signed = self.sign_record(REPORT_TYPE, &report)?;
        Ok((report, signed))
    }
}

impl Service {
    async fn suspended_now(&self) -> Result<u64, Fault> {
        let standings = self.store.standings().await?;
        let suspended = standings.iter().filter(|one| one.suspended.is_some());
        Ok(count(suspended.count()))
    }

    async fn incidents_ever(&self) -> Result<u64, Fault> {
        let incidents = self.store.incidents().await?;
        let real = incidents.iter().filter(|incident| !incident.drill);
        Ok(count(real.count()))
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What the counters say of a month.
fn month_report(month: Month, rows: &[CountRow]) -> MonthReport {
    let sum = |name: &str| {
        let found = rows.iter().filter(|row| row.name == name);
        Coarse::of(found.map(|row| row.count).sum())
    };
    let refusals = rows.iter().filter_map(|row| {
        let rule = row.name.strip_prefix(REFUSED)?;
        Some((rule.to_owned(), Coarse::of(row.count)))
    });
    let complaints = ComplaintKind::ALL.into_iter().map(|kind| {
        let name = format!("{COMPLAINT}{}", kind.as_str());
        (kind.as_str(), sum(&name))
    });
    MonthReport {
        month: month.to_string(),
        applications: sum(APPLICATIONS),
        verifications: sum(VERIFICATIONS),
        refusals: refusals.collect(),
        complaints: complaints.collect(),
        over_asking: Coarse::of(0),
        legal_requests: Coarse::of(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r9_3_small_numbers_are_not_shown_and_others_are_coarse() {
        for (exact, shown) in [
            (0, "0"),
            (1, "<10"),
            (9, "<10"),
            (10, "10"),
            (99, "99"),
            (100, "100"),
            (149, "140"),
            (99_999, "99000"),
            (1_234_567, "1200000"),
        ] {
            assert_eq!(Coarse::of(exact).text(), shown);
        }
        assert_eq!(serde_json::to_string(&Coarse::of(3)).unwrap(), "\"<10\"");
        assert_eq!(serde_json::to_string(&Coarse::of(31)).unwrap(), "31");
    }
}
