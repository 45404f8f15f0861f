//! P21: the devices that hold a key of this person.

use super::{Frame, Page, Template};

/// P21 at `/me/devices`: the script fetches the list, makes a link code for a new device, removes one.
#[derive(Debug, Template)]
#[template(path = "person/devices.html")]
pub struct Devices {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

impl Page for Devices {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: true,
            path: "/me/devices".to_owned(),
            ..frame.clone()
        };
        let issuer = "http://localhost:8080".to_owned();
        vec![("list", Self { frame, issuer })]
    }
}
