//! P20 and P27: what a person sets.

use super::home::{Card, CardState, sample_card};
use super::{Frame, Page, Template};

/// `/me`: the list of what can be set and done.
#[derive(Debug, Template)]
#[template(path = "person/me.html")]
pub struct Me {
    /// What surrounds the page.
    pub frame: Frame,
    /// The 网证.
    pub card: Card,
}

/// P20 at `/me/lock`: lock with one tap, unlock with the 口令. The script posts to `/person/api/lock` and `/unlock`.
#[derive(Debug, Template)]
#[template(path = "person/lock.html")]
pub struct LockPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// Whether it is locked now.
    pub locked: bool,
}

/// P27 at `/settings`: size, elder mode, language, theme. Plain forms to `POST /settings`; open to everyone.
#[derive(Debug, Template)]
#[template(path = "person/settings.html")]
pub struct Settings {
    /// What surrounds the page.
    pub frame: Frame,
}

fn signed_in(frame: &Frame, path: &str) -> Frame {
    Frame {
        signed_in: true,
        path: path.to_owned(),
        ..frame.clone()
    }
}

impl Page for Me {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![(
            "active",
            Self {
                frame: signed_in(frame, "/me"),
                card: sample_card(CardState::Active),
            },
        )]
    }
}

impl Page for LockPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |locked| Self {
            frame: Frame {
                locked,
                ..signed_in(frame, "/me/lock")
            },
            issuer: "http://localhost:8080".to_owned(),
            locked,
        };
        vec![("open", page(false)), ("locked", page(true))]
    }
}

impl Page for Settings {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let stranger = Frame {
            path: "/settings".to_owned(),
            ..frame.clone()
        };
        vec![
            (
                "signed-in",
                Self {
                    frame: signed_in(frame, "/settings"),
                },
            ),
            ("stranger", Self { frame: stranger }),
        ]
    }
}
