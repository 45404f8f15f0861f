//! P19: what platforms may use, and how it ends. Only the device can read it; the service sends sealed rows (C1).

use super::{Frame, Page, Template};

/// P19 at `/me/consents`: the script opens the receipts, gathers them by platform, withdraws, follows up.
#[derive(Debug, Template)]
#[template(path = "person/consents.html")]
pub struct Consents {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

impl Page for Consents {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: true,
            path: "/me/consents".to_owned(),
            ..frame.clone()
        };
        let issuer = "http://localhost:8080".to_owned();
        vec![("sealed", Self { frame, issuer })]
    }
}
