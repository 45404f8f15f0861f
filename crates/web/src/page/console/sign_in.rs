//! Where staff sign in.

use crate::page::{Frame, Page, Template};

/// `/staff/sign-in`, and in the place of every page of a desk when nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "staff/sign_in.html")]
pub struct StaffSignIn {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the registered key signs.
    pub issuer: String,
}

impl Page for StaffSignIn {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let issuer = "http://localhost:8080".to_owned();
        let frame = frame.clone();
        vec![("empty", Self { frame, issuer })]
    }
}
