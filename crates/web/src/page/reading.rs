//! C8: a document is read on a relative's phone or at a counter.

use super::apply::{Progress, Purpose, StageState, Step};
use super::document::{DocumentKind, SAMPLE_KINDS, SandboxPerson, sample_persons};
use super::{Frame, Page, Template};

/// The applicant's page: eight digits, and on. Posts `application`, `claim`, `code` to `{base}/read`.
#[derive(Debug, Template)]
#[template(path = "apply/read_elsewhere.html")]
pub struct ReadElsewhere {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// What is known so far, sealed.
    pub application: String,
    /// Sealed; asks whether it was read.
    pub claim: String,
    /// Eight digits.
    pub code: String,
    /// Whether only a counter will do.
    pub counter_only: bool,
    /// Whether the person asked, and nobody had read it yet.
    pub not_yet: bool,
}

impl ReadElsewhere {
    /// `1234 5678`.
    fn shown(&self) -> String {
        let (first, second) = self.code.split_at_checked(4).unwrap_or((&self.code, ""));
        format!("{first} {second}")
    }
}

/// The relative's page at `/family/read`; the script signs and posts.
#[derive(Debug, Template)]
#[template(path = "person/read_for.html")]
pub struct ReadForPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The kinds of document (Art. 15).
    pub kinds: Vec<DocumentKind>,
    /// Sandbox persons; empty in production.
    pub persons: Vec<SandboxPerson>,
}

impl Page for ReadElsewhere {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |counter_only, not_yet| Self {
            frame: frame.clone(),
            purpose: Purpose::Apply,
            progress: Progress::at(Purpose::Apply, Step::Document),
            application: "sealed".to_owned(),
            claim: "claim".to_owned(),
            code: "48211937".to_owned(),
            counter_only,
            not_yet,
        };
        vec![
            ("code", page(false, false)),
            ("not-yet", page(false, true)),
            ("counter", page(true, false)),
        ]
    }
}

impl Page for ReadForPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |persons| Self {
            frame: frame.clone(),
            issuer: "https://wz.example".to_owned(),
            kinds: SAMPLE_KINDS.to_vec(),
            persons,
        };
        vec![
            ("simulator", page(sample_persons())),
            ("plain", page(Vec::new())),
        ]
    }
}
