//! Coming back when this browser holds no key: P-recovery.

use super::{Frame, Page, Template};

/// `/recover`: the ways back: another device, or the document again, with or without the recovery code.
#[derive(Debug, Template)]
#[template(path = "person/recover.html")]
pub struct Recover {
    /// What surrounds the page.
    pub frame: Frame,
    /// Hours until a recovery without code or device takes effect.
    pub waiting_hours: u32,
}

/// `/recover/link`: this new device takes up the 8-digit link code of an old one.
/// The script posts to `/person/api/link/claim` and asks `/person/api/link/finish`.
#[derive(Debug, Template)]
#[template(path = "person/link_device.html")]
pub struct LinkDevice {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

impl Page for Recover {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: false,
            path: "/recover".to_owned(),
            ..frame.clone()
        };
        vec![(
            "choose",
            Self {
                frame,
                waiting_hours: 24,
            },
        )]
    }
}

impl Page for LinkDevice {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: false,
            path: "/recover/link".to_owned(),
            ..frame.clone()
        };
        let issuer = "http://localhost:8080".to_owned();
        vec![("ask", Self { frame, issuer })]
    }
}
