//! The steps of an application and the header that counts them (P4).

/// Why the steps are walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A first 网证.
    Apply,
    /// The keys are lost: the document is checked again (P-recovery).
    Recover,
    /// The 口令 is forgotten: the document is checked again, a device of the person signs (P-recovery).
    NewPin,
    /// A renewed document, or another one of the same person (P24, R15.2).
    Renew,
}

impl Purpose {
    /// The first part of every form's address.
    pub const fn base(self) -> &'static str {
        match self {
            Self::Apply => "/apply",
            Self::Recover => "/recover/document",
            Self::NewPin => "/me/pin",
            Self::Renew => "/me/document/renew",
        }
    }

    /// The name in the texts and for the script.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Recover => "recover",
            Self::NewPin => "new_pin",
            Self::Renew => "renew",
        }
    }

    const fn steps(self) -> &'static [Step] {
        match self {
            Self::Apply => &[
                Step::Consent,
                Step::Document,
                Step::Face,
                Step::Pin,
                Step::Device,
            ],
            Self::Recover => &[Step::Consent, Step::Document, Step::Face, Step::Device],
            Self::NewPin => &[Step::Consent, Step::Document, Step::Pin],
            Self::Renew => &[Step::Consent, Step::Document, Step::Device],
        }
    }
}

/// The steps a person sees counted (P4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// P2
    Consent,
    /// P3 and P5
    Document,
    /// P6
    Face,
    /// P7
    Pin,
    /// P8
    Device,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Document => "document",
            Self::Face => "face",
            Self::Pin => "pin",
            Self::Device => "device",
        }
    }
}

/// One line of the progress header.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The key of its name.
    pub title: String,
    /// Behind, here, or ahead.
    pub state: StageState,
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// Done.
    Done,
    /// The one on this page.
    Current,
    /// To come.
    Next,
}

/// The part a guardian has in what a minor does with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardianPart {
    /// Under 14: consents and applies (R4.2).
    Applies,
    /// 14 to 17: confirms, and that is no consent (R4.3).
    Confirms,
}

impl GuardianPart {
    /// Every case.
    pub const ALL: [Self; 2] = [Self::Applies, Self::Confirms];

    /// The key of what the minor is told on the way.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applies => "guardian_code.applies",
            Self::Confirms => "guardian_code.confirms",
        }
    }
}

/// The task list of P4 as the header of each step.
#[derive(Clone, Debug)]
pub struct Progress {
    /// All stages in order.
    pub stages: Vec<Stage>,
    /// The number of the current one, from 1.
    pub number: usize,
    /// The guardian's part at the end, as soon as the age is known.
    pub guardian: Option<GuardianPart>,
}

impl Progress {
    /// The header at one step.
    pub fn at(purpose: Purpose, current: Step) -> Self {
        let steps = purpose.steps();
        let stages = steps.iter().map(|step| Stage {
            title: format!("apply.step.{}", step.name()),
            state: match step.cmp(&current) {
                std::cmp::Ordering::Less => StageState::Done,
                std::cmp::Ordering::Equal => StageState::Current,
                std::cmp::Ordering::Greater => StageState::Next,
            },
        });
        Self {
            stages: stages.collect(),
            number: 1 + steps.iter().filter(|step| **step < current).count(),
            guardian: None,
        }
    }

    /// The same for a minor.
    #[must_use]
    pub fn with_guardian(self, guardian: Option<GuardianPart>) -> Self {
        Self { guardian, ..self }
    }

    /// `2 / 5`
    pub fn count(&self) -> String {
        format!("{} / {}", self.number, self.stages.len())
    }
}
