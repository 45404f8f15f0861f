//! P18 and P27: complaining, and how a complaint stands.

use super::{Frame, Page, Template};

/// `/complain`: open to everyone. With a device the script signs it; without, the plain form posts to `/complain`.
#[derive(Debug, Template)]
#[template(path = "person/complain.html")]
pub struct Complain {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// Whom one can complain about.
    pub platforms: Vec<PlatformChoice>,
    /// Key of what was wrong with the last try.
    pub trouble: Option<&'static str>,
    /// What was typed before.
    pub text: String,
}

/// A platform to choose.
#[derive(Clone, Debug)]
pub struct PlatformChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its host.
    pub host: String,
    /// Its apps, with spaces between: receipts name these.
    pub clients: String,
}

/// The answer to a complaint without a 网证: number, secret and time limit, shown once.
#[derive(Debug, Template)]
#[template(path = "person/complaint_received.html")]
pub struct ComplaintReceived {
    /// What surrounds the page.
    pub frame: Frame,
    /// The number.
    pub number: String,
    /// The secret.
    pub secret: String,
    /// By when the result is told.
    pub due_on: String,
    /// Of what kind.
    pub kind: &'static str,
}

/// `/complaints`: how complaints stand.
#[derive(Debug, Template)]
#[template(path = "person/complaints.html")]
pub struct Complaints {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// What was asked for by number and secret.
    pub found: Option<ComplaintFound>,
    /// Key of what was wrong with the last try.
    pub trouble: Option<&'static str>,
}

/// A complaint that was found.
#[derive(Clone, Debug)]
pub struct ComplaintFound {
    /// The number.
    pub number: String,
    /// Of what kind.
    pub kind: &'static str,
    /// Where it stands.
    pub state: &'static str,
    /// The day it came.
    pub received_on: String,
    /// By when the result is told.
    pub due_on: String,
    /// The result.
    pub answer: Option<AnswerText>,
}

/// A result.
#[derive(Clone, Debug)]
pub struct AnswerText {
    /// What came of it.
    pub outcome: &'static str,
    /// Why.
    pub reasons: String,
    /// When.
    pub on: String,
}

/// The kinds, in the order of the law.
pub const KINDS: [&str; 5] = [
    "plaintext_demanded",
    "unequal_service",
    "over_asking",
    "leak",
    "impersonation",
];

impl Complain {
    /// The kinds.
    pub const fn kinds(&self) -> [&'static str; 5] {
        KINDS
    }
}

impl ComplaintReceived {
    /// Key of the kind's words.
    pub fn kind_key(&self) -> String {
        format!("complain.kind.{}", self.kind)
    }
}

fn at(frame: &Frame, path: &str, signed_in: bool) -> Frame {
    Frame {
        signed_in,
        path: path.to_owned(),
        ..frame.clone()
    }
}

impl Page for Complain {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |signed_in, trouble, text: &str| Self {
            frame: at(frame, "/complain", signed_in),
            issuer: "http://localhost:8080".to_owned(),
            platforms: vec![
                PlatformChoice {
                    id: "forum".to_owned(),
                    name: "晨间论坛".to_owned(),
                    host: "forum.example".to_owned(),
                    clients: "app-forum".to_owned(),
                },
                PlatformChoice {
                    id: "bank".to_owned(),
                    name: "江畔银行".to_owned(),
                    host: "bank.example".to_owned(),
                    clients: "app-bank".to_owned(),
                },
            ],
            trouble,
            text: text.to_owned(),
        };
        vec![
            ("person", page(true, None, "")),
            ("stranger", page(false, None, "")),
            (
                "incomplete",
                page(
                    false,
                    Some("complain.choose_both"),
                    "通过后还要我上传身份证照片",
                ),
            ),
        ]
    }
}

impl Page for ComplaintReceived {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![(
            "received",
            Self {
                frame: at(frame, "/complain", false),
                number: "TS-K7QM-2XFD".to_owned(),
                secret: "ABCD-EFGH-IJKL-MNOP".to_owned(),
                due_on: "2026-12-14".to_owned(),
                kind: "unequal_service",
            },
        )]
    }
}

impl Page for Complaints {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |signed_in, found, trouble| Self {
            frame: at(frame, "/complaints", signed_in),
            issuer: "http://localhost:8080".to_owned(),
            found,
            trouble,
        };
        let found = |state, answer| ComplaintFound {
            number: "TS-K7QM-2XFD".to_owned(),
            kind: "plaintext_demanded",
            state,
            received_on: "2026-11-23".to_owned(),
            due_on: "2026-12-14".to_owned(),
            answer,
        };
        let answer = AnswerText {
            outcome: "measure_taken",
            reasons: "平台在核验通过后仍要求上传证件照片，已责令改正。".to_owned(),
            on: "2026-12-01".to_owned(),
        };
        vec![
            ("own", page(true, None, None)),
            ("ask", page(false, None, None)),
            ("not-found", page(false, None, Some("complaints.not_found"))),
            ("in-case", page(false, Some(found("in_case", None)), None)),
            (
                "answered",
                page(false, Some(found("answered", Some(answer))), None),
            ),
        ]
    }
}
