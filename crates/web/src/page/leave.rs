//! P26: 注销.

use super::{Frame, Page, Template};

/// P26 at `/me/leave`: what is deleted now, what the law keeps and how long, who is told; cooling-off with cancel.
#[derive(Debug, Template)]
#[template(path = "person/leave.html")]
pub struct LeavePage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The day of the erasure, when a leave is under way.
    pub erase_on: Option<String>,
    /// Whether a leave takes effect at once: no cooling-off.
    pub at_once: bool,
    /// How many days the cooling-off lasts.
    pub cooling_off_days: String,
    /// Children this person is the only guardian of: leaving waits.
    pub children: u32,
    /// Until when back-ups may hold sealed data, if the person left today.
    pub backups_until: String,
}

impl Page for LeavePage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |erase_on: Option<&str>, children, at_once| Self {
            frame: Frame {
                signed_in: true,
                path: "/me/leave".to_owned(),
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            erase_on: erase_on.map(str::to_owned),
            at_once,
            cooling_off_days: "7".to_owned(),
            children,
            backups_until: "2026-12-06".to_owned(),
        };
        vec![
            ("ask", page(None, 0, false)),
            ("at-once", page(None, 0, true)),
            ("leaving", page(Some("2026-11-29"), 0, false)),
            ("duty", page(None, 2, false)),
        ]
    }
}
