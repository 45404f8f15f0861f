//! `/transparency`: what the service did, in counts (R9.3, R9.4).

use super::{Frame, Page, Template};

/// The public report.
#[derive(Debug, Template)]
#[template(path = "transparency.html")]
pub struct Transparency {
    /// What surrounds the page.
    pub frame: Frame,
    /// Up to which day.
    pub as_of: String,
    /// Smaller counts are not shown.
    pub smallest: u64,
    /// Legal requests ever carried out.
    pub legal_requests: String,
    /// Cases ever opened.
    pub cases: String,
    /// Incidents ever recorded.
    pub incidents: String,
    /// Platforms suspended now.
    pub suspended_platforms: String,
    /// Month by month.
    pub months: Vec<Month>,
    /// Fingerprint of the keys that sign receipts, evidence and the log.
    pub fingerprint: String,
}

/// One month.
#[derive(Clone, Debug)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Applications.
    pub applications: String,
    /// Verifications.
    pub verifications: String,
    /// Refused over-asking.
    pub over_asking: String,
    /// Legal requests.
    pub legal_requests: String,
    /// Refusals by rule.
    pub refusals: Vec<Line>,
    /// Complaints by kind.
    pub complaints: Vec<Line>,
}

/// A name and a count.
#[derive(Clone, Debug)]
pub struct Line {
    /// What is counted.
    pub name: String,
    /// How many.
    pub count: String,
}

impl Page for Transparency {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let line = |name: &str, count: &str| Line {
            name: name.to_owned(),
            count: count.to_owned(),
        };
        let page = |months| Self {
            frame: Frame {
                path: "/transparency".to_owned(),
                ..frame.clone()
            },
            as_of: "2026-11-22".to_owned(),
            smallest: 10,
            legal_requests: "<10".to_owned(),
            cases: "12".to_owned(),
            incidents: "0".to_owned(),
            suspended_platforms: "<10".to_owned(),
            months,
            fingerprint: ["0b4a8f12"; 8].join("-"),
        };
        let month = Month {
            month: "2026-11".to_owned(),
            applications: "1200".to_owned(),
            verifications: "87000".to_owned(),
            over_asking: "31".to_owned(),
            legal_requests: "<10".to_owned(),
            refusals: vec![line("pin_wrong", "140"), line("locked", "<10")],
            complaints: vec![line("plaintext_demanded", "14"), line("leak", "0")],
        };
        vec![("months", page(vec![month])), ("empty", page(Vec::new()))]
    }
}
