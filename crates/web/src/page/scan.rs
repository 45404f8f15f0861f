//! P12: taking up a request that stands on another screen.

use super::{Frame, Page, Template};

/// P12 at `/scan`: the camera where the browser can read codes, and always the 8-digit pairing code,
/// which the plain form posts as `code` to `/scan`.
#[derive(Debug, Template)]
#[template(path = "person/scan.html")]
pub struct Scan {
    /// What surrounds the page.
    pub frame: Frame,
    /// The origin codes must belong to.
    pub issuer: String,
    /// What was wrong with the last try.
    pub trouble: Option<ScanTrouble>,
}

/// Why a code did not lead to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanTrouble {
    /// No such pairing code, or no longer.
    Unknown,
    /// Not eight digits.
    NotEightDigits,
}

impl ScanTrouble {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unknown => "scan.unknown",
            Self::NotEightDigits => "scan.not_eight_digits",
        }
    }
}

impl Page for Scan {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |trouble| Self {
            frame: Frame {
                signed_in: true,
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            trouble,
        };
        vec![
            ("ask", page(None)),
            ("unknown", page(Some(ScanTrouble::Unknown))),
            ("not-eight", page(Some(ScanTrouble::NotEightDigits))),
        ]
    }
}
