//! When something did not work: what happened, whether anything was sent, one next step, a reference.

use super::{Frame, Page, Template};

/// The page of every failure.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// What happened.
    pub kind: ProblemKind,
    /// A short code a person can read out to the help line; in the log beside the cause, never personal.
    pub reference: String,
    /// Where the next step leads, if not to the start: a path of this service or the platform's checked address.
    pub next: Option<String>,
}

/// What happened, as a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No such page, or not this person's.
    NotFound,
    /// The request's time is over.
    Expired,
    /// The request was already decided.
    Taken,
    /// The platform's request is not as it must be.
    BadRequest,
    /// No such platform, or its address is not registered.
    PlatformUnknown,
    /// The platform's access is suspended.
    PlatformSuspended,
    /// It asks for more than was reviewed.
    AsksTooMuch,
    /// Too many tries.
    TooMany,
    /// A form from another page, or too old.
    StaleForm,
    /// The code stands on a screen that is not this session's, or it is a copy.
    CodeInvalid,
    /// A part outside does not answer.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ProblemKind {
    /// Every case.
    pub const ALL: [Self; 12] = [
        Self::NotFound,
        Self::Expired,
        Self::Taken,
        Self::BadRequest,
        Self::PlatformUnknown,
        Self::PlatformSuspended,
        Self::AsksTooMuch,
        Self::TooMany,
        Self::StaleForm,
        Self::CodeInvalid,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The name in the texts (`problem.<name>.title|what|next`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Expired => "expired",
            Self::Taken => "taken",
            Self::BadRequest => "bad_request",
            Self::PlatformUnknown => "platform_unknown",
            Self::PlatformSuspended => "platform_suspended",
            Self::AsksTooMuch => "asks_too_much",
            Self::TooMany => "too_many",
            Self::StaleForm => "stale_form",
            Self::CodeInvalid => "code_invalid",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The key of one of its texts.
    pub fn text(self, part: &str) -> String {
        format!("problem.{}.{part}", self.name())
    }
}

impl ProblemPage {
    /// Where the one next step leads.
    pub fn next_or_start(&self) -> &str {
        self.next.as_deref().unwrap_or("/")
    }
}

/// `/offline`: what the service worker shows without a network. Holds nothing personal.
#[derive(Debug, Template)]
#[template(path = "offline.html")]
pub struct Offline {
    /// What surrounds the page.
    pub frame: Frame,
}

impl Page for ProblemPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        ProblemKind::ALL
            .into_iter()
            .map(|kind| {
                let page = Self {
                    frame: frame.clone(),
                    kind,
                    reference: "7F3K-92QA".to_owned(),
                    next: None,
                };
                (kind.name(), page)
            })
            .collect()
    }
}

impl Page for Offline {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![(
            "shell",
            Self {
                frame: Frame {
                    signed_in: false,
                    path: "/offline".to_owned(),
                    ..frame.clone()
                },
            },
        )]
    }
}
