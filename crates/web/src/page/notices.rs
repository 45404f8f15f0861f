//! P2 and P27: notices with what changed, agreements over time, and the inbox.

use super::apply::NoticeText;
use super::{AgreementWaits, Frame, Page, Template};

/// One changed part.
#[derive(Clone, Debug)]
pub struct Change {
    /// Heading of the part.
    pub heading: String,
    /// Its sentences in reading order.
    pub pieces: Vec<Piece>,
}

/// A sentence, and whether it stayed.
#[derive(Clone, Debug)]
pub enum Piece {
    /// In both versions.
    Kept(String),
    /// In the old one only.
    Removed(String),
    /// In the new one only.
    Added(String),
}

impl Piece {
    /// The sentence.
    pub fn text(&self) -> &str {
        let (Self::Kept(text) | Self::Removed(text) | Self::Added(text)) = self;
        text
    }

    /// Whether it is new.
    pub const fn is_added(&self) -> bool {
        matches!(self, Self::Added(_))
    }

    /// Whether it is gone.
    pub const fn is_removed(&self) -> bool {
        matches!(self, Self::Removed(_))
    }
}

/// Where a person stands with a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Agreed to this version.
    Agreed,
    /// Agreed to an earlier one; only words were mended.
    Mended,
    /// Something changed: asked again.
    AskedAgain,
    /// Never agreed.
    NotGiven,
    /// Taken back.
    Withdrawn,
    /// Published, not in force yet.
    Upcoming,
}

impl State {
    /// The name in the texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Mended => "mended",
            Self::AskedAgain => "asked_again",
            Self::NotGiven => "not_given",
            Self::Withdrawn => "withdrawn",
            Self::Upcoming => "upcoming",
        }
    }

    /// Colour of its tag.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Agreed | Self::Mended => "ok",
            Self::AskedAgain | Self::NotGiven | Self::Withdrawn => "warn",
            Self::Upcoming => "",
        }
    }

    /// Whether there is something to take back.
    pub const fn can_withdraw(self) -> bool {
        matches!(self, Self::Agreed | Self::Mended | Self::AskedAgain)
    }

    /// Whether there is something to agree to.
    pub const fn can_agree(self) -> bool {
        !matches!(self, Self::Agreed | Self::Mended)
    }
}

/// A notice and where the person stands with it.
#[derive(Clone, Debug)]
pub struct NoticeCard {
    /// The text in the page's language.
    pub text: NoticeText,
    /// Where the person stands.
    pub state: State,
    /// Whether nothing works without it.
    pub mandatory: bool,
    /// The version agreed to last.
    pub agreed_version: Option<u32>,
    /// When.
    pub agreed_on: Option<String>,
    /// In force from.
    pub effective_from: Option<String>,
    /// What changed since.
    pub changes: Vec<Change>,
}

/// Who decides about the notices on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decides {
    /// The person whose they are.
    Own,
    /// The guardian of a child under 14 (R4.2): the child's own page only shows them.
    Guardian,
}

/// P27 at `/me/notices`. The script posts to `/person/api/agree` and `/withdraw-agreement`.
#[derive(Debug, Template)]
#[template(path = "person/notices.html")]
pub struct MyNotices {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// In force.
    pub notices: Vec<NoticeCard>,
    /// Published, and to come into force.
    pub upcoming: Vec<NoticeCard>,
    /// Who decides.
    pub decides: Decides,
}

/// The notices of one child.
#[derive(Clone, Debug)]
pub struct ChildNotices {
    /// What the guardian's device calls the child.
    pub handle: String,
    /// `王*`.
    pub name: String,
    /// In force.
    pub notices: Vec<NoticeCard>,
}

/// P22 at `/family/notices`: a guardian agrees for a child under 14, and takes it back.
#[derive(Debug, Template)]
#[template(path = "person/family_notices.html")]
pub struct FamilyNotices {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// Each child under 14.
    pub children: Vec<ChildNotices>,
}

/// One agreement of the past.
#[derive(Clone, Debug)]
pub struct AgreementLine {
    /// Which notice.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Language of the title.
    pub language: String,
    /// Which version.
    pub version: u32,
    /// Given on.
    pub given_on: String,
    /// Taken back on.
    pub withdrawn_on: Option<String>,
    /// What it changed against the version before.
    pub changes: Vec<Change>,
}

/// P27 at `/me/agreements`.
#[derive(Debug, Template)]
#[template(path = "person/agreements.html")]
pub struct MyAgreements {
    /// What surrounds the page.
    pub frame: Frame,
    /// Newest first.
    pub agreements: Vec<AgreementLine>,
}

/// One version of a notice.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// Which.
    pub version: u32,
    /// In force from.
    pub effective_from: Option<String>,
    /// Whether it is the one shown.
    pub this: bool,
}

/// P2 at `/notices/{id}`: open to everyone.
#[derive(Debug, Template)]
#[template(path = "person/notice.html")]
pub struct NoticePage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The text.
    pub notice: NoticeText,
    /// In force from.
    pub effective_from: Option<String>,
    /// The version it is compared with.
    pub before: Option<u32>,
    /// Whether everybody is asked again because of it.
    pub asks_again: bool,
    /// What changed.
    pub changes: Vec<Change>,
    /// All versions, newest first.
    pub versions: Vec<VersionLine>,
}

/// P27 at `/inbox`: the script opens the sealed entries and shows those of the service.
#[derive(Debug, Template)]
#[template(path = "person/inbox.html")]
pub struct InboxPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

fn at(frame: &Frame, path: &str) -> Frame {
    Frame {
        signed_in: true,
        path: path.to_owned(),
        ..frame.clone()
    }
}

pub(crate) fn sample_changes() -> Vec<Change> {
    vec![Change {
        heading: "个人信息种类".to_owned(),
        pieces: vec![
            Piece::Kept("证件种类、证件号码、姓名。".to_owned()),
            Piece::Removed("出生日期。".to_owned()),
            Piece::Added("出生日期、手机号。".to_owned()),
        ],
    }]
}

fn sample_card(state: State) -> NoticeCard {
    let agreed = !matches!(state, State::NotGiven | State::Upcoming);
    NoticeCard {
        text: NoticeText::sample(&format!("service-{}", state.name())),
        state,
        mandatory: state != State::Withdrawn,
        agreed_version: agreed.then_some(1),
        agreed_on: agreed.then(|| "2026-01-05".to_owned()),
        effective_from: Some("2026-12-01".to_owned()),
        changes: if state == State::Agreed {
            Vec::new()
        } else {
            sample_changes()
        },
    }
}

impl Page for MyNotices {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |decides, states: &[State], upcoming: Vec<NoticeCard>| Self {
            decides,
            frame: Frame {
                agreement_waits: if states.len() > 1 {
                    AgreementWaits::Own
                } else {
                    AgreementWaits::Nothing
                },
                ..at(frame, "/me/notices")
            },
            issuer: "http://localhost:8080".to_owned(),
            notices: states.iter().map(|state| sample_card(*state)).collect(),
            upcoming,
        };
        let all = [
            State::AskedAgain,
            State::Mended,
            State::NotGiven,
            State::Withdrawn,
        ];
        vec![
            ("agreed", page(Decides::Own, &[State::Agreed], Vec::new())),
            (
                "child",
                page(Decides::Guardian, &all, vec![sample_card(State::Upcoming)]),
            ),
            (
                "asked-again",
                page(Decides::Own, &all, vec![sample_card(State::Upcoming)]),
            ),
        ]
    }
}

impl Page for FamilyNotices {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let child = |handle: &str, state| ChildNotices {
            handle: handle.to_owned(),
            name: "王*".to_owned(),
            notices: vec![sample_card(state)],
        };
        let page = |waits, children| Self {
            frame: Frame {
                agreement_waits: waits,
                ..at(frame, "/family/notices")
            },
            issuer: "http://localhost:8080".to_owned(),
            children,
        };
        let children = vec![
            child("a7f3", State::AskedAgain),
            child("b8e4", State::Agreed),
        ];
        vec![
            ("waits", page(AgreementWaits::ForChild, children)),
            ("nobody", page(AgreementWaits::Nothing, Vec::new())),
        ]
    }
}

impl Page for MyAgreements {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let line = |version, withdrawn: Option<&str>| AgreementLine {
            id: "service".to_owned(),
            title: "申领网号、网证的告知".to_owned(),
            language: "zh-CN".to_owned(),
            version,
            given_on: "2026-01-05".to_owned(),
            withdrawn_on: withdrawn.map(str::to_owned),
            changes: if version > 1 {
                sample_changes()
            } else {
                Vec::new()
            },
        };
        let page = |agreements| Self {
            frame: at(frame, "/me/agreements"),
            agreements,
        };
        vec![
            (
                "some",
                page(vec![line(2, None), line(1, Some("2026-02-01"))]),
            ),
            ("none", page(Vec::new())),
        ]
    }
}

impl Page for NoticePage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |asks_again: bool| Self {
            frame: Frame {
                path: "/notices/service".to_owned(),
                ..frame.clone()
            },
            notice: NoticeText::sample("service"),
            effective_from: Some("2026-12-01".to_owned()),
            before: asks_again.then_some(1),
            asks_again,
            changes: if asks_again {
                sample_changes()
            } else {
                Vec::new()
            },
            versions: vec![
                VersionLine {
                    version: 2,
                    effective_from: Some("2026-12-01".to_owned()),
                    this: true,
                },
                VersionLine {
                    version: 1,
                    effective_from: None,
                    this: false,
                },
            ],
        };
        vec![("changed", page(true)), ("first", page(false))]
    }
}

impl Page for InboxPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: at(frame, "/inbox"),
            issuer: "http://localhost:8080".to_owned(),
        };
        vec![("sealed", page)]
    }
}
