//! P11: the code a person shows at a counter.

use super::{Frame, Page, Template};

/// P11 at `/show`: a large code that lives a short time. The script fetches a new image before it ends.
#[derive(Debug, Template)]
#[template(path = "person/show.html")]
pub struct Show {
    /// What surrounds the page.
    pub frame: Frame,
    /// Path of the code's image on this service (SVG); `None` when there is nothing to show.
    pub image: Option<String>,
    /// Seconds the code lives.
    pub lives_for: u32,
}

impl Page for Show {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |image: Option<&str>| Self {
            frame: Frame {
                signed_in: true,
                ..frame.clone()
            },
            image: image.map(str::to_owned),
            lives_for: 30,
        };
        vec![
            ("code", page(Some("/show/code.svg"))),
            ("unavailable", page(None)),
        ]
    }
}
