//! P1: what a person sees who is not signed in here.

use super::{Frame, Page, Template};

/// P1 at `/`: what this is, that it is voluntary, size and elder choice, apply or come back.
///
/// Its script looks for a device key in this browser and, when there is one, signs in silently and reloads.
#[derive(Debug, Template)]
#[template(path = "person/first_visit.html")]
pub struct FirstVisit {
    /// What surrounds the page.
    pub frame: Frame,
}

/// What `/history`, `/me` … answer without a session: the same silent sign-in, and two ways on if there is no key.
#[derive(Debug, Template)]
#[template(path = "person/open_wallet.html")]
pub struct OpenWallet {
    /// What surrounds the page.
    pub frame: Frame,
}

impl Page for FirstVisit {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: false,
            ..frame.clone()
        };
        vec![("new", Self { frame })]
    }
}

impl Page for OpenWallet {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: false,
            ..frame.clone()
        };
        vec![("opening", Self { frame })]
    }
}
