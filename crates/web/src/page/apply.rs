//! P2 … P9: applying (申领), and the same steps again for recovery by document, so that no path is weaker.
//!
//! What is known so far travels sealed in the hidden field `application`; the service keeps nothing until the last step.

use super::document::{
    DocumentFields, DocumentKind, DocumentTrouble, SAMPLE_KINDS, SandboxPerson, sample_persons,
};
use super::{Frame, Page, Template};

mod samples;
mod steps;

pub use steps::{GuardianPart, Progress, Purpose, Stage, StageState, Step};

/// A notice as published (Art. 11), with what the consent to it names.
#[derive(Clone, Debug)]
pub struct NoticeText {
    /// Its id; the tick is named `consent.<id>`.
    pub id: String,
    /// General, or separate for sensitive data (Art. 9(1)).
    pub kind: ConsentKind,
    /// The digest the consent names, base64url; the tick's value.
    pub digest: String,
    /// Its version.
    pub version: u32,
    /// The day it was published, as shown, if known.
    pub published: Option<String>,
    /// The language it is written in (BCP 47).
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its parts: the four of Art. 11(1), and necessity and effect where data is sensitive (Art. 11(2)).
    pub parts: Vec<NoticePart>,
}

/// A part of a notice.
#[derive(Clone, Debug)]
pub struct NoticePart {
    /// Heading.
    pub heading: String,
    /// Text; empty lines part paragraphs.
    pub text: String,
}

/// Which consent a notice asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentKind {
    /// 同意
    General,
    /// 单独同意
    Separate,
}

impl ConsentKind {
    /// The name in the texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Separate => "separate",
        }
    }
}

impl NoticePart {
    /// The paragraphs of the text.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text
            .split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty())
    }
}

/// P2: the notices in full and one tick for each consent. Posts `consent.<id>=<digest>` to `{base}/consent`.
#[derive(Debug, Template)]
#[template(path = "apply/consent.html")]
pub struct ConsentPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// The notices in force.
    pub notices: Vec<NoticeText>,
    /// What was wrong with the last try.
    pub trouble: Option<ConsentTrouble>,
}

impl ConsentPage {
    /// The general notice first: what is asked separately follows.
    fn in_order(&self) -> Vec<&NoticeText> {
        let mut notices: Vec<_> = self.notices.iter().collect();
        notices.sort_by_key(|notice| notice.kind == ConsentKind::Separate);
        notices
    }
}

/// Why the consents were not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentTrouble {
    /// A necessary tick is missing.
    Missing,
    /// A newer version was published meanwhile.
    Outdated,
}

impl ConsentTrouble {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "apply.consent.missing",
            Self::Outdated => "apply.consent.outdated",
        }
    }
}

/// P3: the kinds of document. Posts `application`, `kind` to `{base}/document`.
#[derive(Debug, Template)]
#[template(path = "apply/choose_document.html")]
pub struct ChooseDocument {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// What is known so far, sealed.
    pub application: String,
    /// The kinds on offer, in the order of Art. 15.
    pub kinds: Vec<DocumentKind>,
    /// What was wrong with the last try.
    pub trouble: Option<DocumentTrouble>,
}

/// P5: what the document says. Posts `application`, `number`, `holder`, `birth_date`, `valid_until`, `chip`
/// (`true` when the simulated chip reading is ticked) to `{base}/read`.
#[derive(Debug, Template)]
#[template(path = "apply/read_document.html")]
pub struct ReadDocument {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// What is known so far, sealed.
    pub application: String,
    /// The kind chosen.
    pub kind: DocumentKind,
    /// Sandbox persons with a document of this kind; empty in production.
    pub persons: Vec<SandboxPerson>,
    /// What was typed before, on a second try.
    pub fields: DocumentFields,
    /// What was wrong with the last try.
    pub trouble: Option<DocumentTrouble>,
}

/// P6: separate consent for the face check, or another way. Posts `application`, `choice` (`face` or `other`),
/// `consent.<notice id>` and, with the simulator, `face` (`ok` or `fail`) to `{base}/face`.
#[derive(Debug, Template)]
#[template(path = "apply/face.html")]
pub struct FacePage {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// What is known so far, sealed.
    pub application: String,
    /// The notice for face data, if one is published; otherwise the page says its own words and the tick is
    /// `consent.face=yes`.
    pub notice: Option<NoticeText>,
    /// Tries left after a face that did not match.
    pub tries_left: Option<u8>,
}

/// P7: the 口令. Posts `application`, `pin`, `pin_again` to `{base}/pin`, which seals it into `application`.
/// With [`Purpose::NewPin`] the script signs and posts `statement`, `application`, `pin` to `/person/api/set-pin`.
#[derive(Debug, Template)]
#[template(path = "apply/pin.html")]
pub struct ChoosePin {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// What is known so far, sealed.
    pub application: String,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// What was wrong with the last try.
    pub trouble: Option<PinTrouble>,
}

/// Why a 口令 cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinTrouble {
    /// Not eight digits.
    NotEightDigits,
    /// Repeats.
    Repeats,
    /// Runs.
    Run,
    /// The two fields differ.
    Differ,
}

impl PinTrouble {
    /// Every case.
    pub const ALL: [Self; 4] = [Self::NotEightDigits, Self::Repeats, Self::Run, Self::Differ];

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotEightDigits => "pin.not_eight_digits",
            Self::Repeats => "pin.repeats",
            Self::Run => "pin.run",
            Self::Differ => "pin.differ",
        }
    }
}

/// P8: the script makes the keys, signs, and posts the whole to `/person/api/apply` or `/person/api/recover`.
#[derive(Debug, Template)]
#[template(path = "apply/device.html")]
pub struct BindDevice {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// Everything known, sealed.
    pub application: String,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

/// P24, the last step: the script signs and posts `statement` and `application` to `/person/api/renew`.
#[derive(Debug, Template)]
#[template(path = "apply/renew.html")]
pub struct RenewDocument {
    /// What surrounds the page.
    pub frame: Frame,
    /// Always to renew.
    pub purpose: Purpose,
    /// P4.
    pub progress: Progress,
    /// Everything known, sealed.
    pub application: String,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

/// P9 at `/apply/done`: filled by the script from what the device holds; the recovery code is shown once.
#[derive(Debug, Template)]
#[template(path = "apply/done.html")]
pub struct ApplyDone {
    /// What surrounds the page.
    pub frame: Frame,
    /// Apply or recover.
    pub purpose: Purpose,
}
