//! Pages of staff, supervisors and platforms: one frame, and a few kinds of blocks that every desk is put together from.

mod block;
mod form;
mod sample;
mod sign_in;
mod table;

pub use block::{Block, Message, Rendered, Tone};
pub use form::{Does, Field, Form, Input};
pub use sign_in::StaffSignIn;
pub use table::{Cell, Table};

use super::{Frame, Page, Template};

/// A page of a console.
#[derive(Debug, Template)]
#[template(path = "staff/console.html")]
pub struct ConsolePage {
    /// What surrounds the page.
    pub frame: Frame,
    /// Whose desk it is.
    pub desk: DeskText,
    /// Main heading.
    pub title: String,
    /// The `aud` of what the registered key signs.
    pub issuer: String,
    /// What the page shows, in order.
    pub blocks: Vec<Block>,
}

/// Who sits there.
#[derive(Clone, Debug)]
pub struct DeskText {
    /// The person's name.
    pub name: String,
    /// What is typed to sign in; names the key.
    pub login: String,
    /// The role, in words.
    pub role: String,
    /// Reads and changes nothing: the neutral tag on every page.
    pub read_only: bool,
    /// Where to go.
    pub places: Vec<Place>,
}

/// An entry of the navigation.
#[derive(Clone, Debug)]
pub struct Place {
    /// Address.
    pub href: &'static str,
    /// Words.
    pub text: String,
    /// Whether the page belongs to it.
    pub here: bool,
}

impl Page for ConsolePage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |read_only, blocks| Self {
            frame: frame.clone(),
            desk: DeskText {
                name: "平台审核员丁".to_owned(),
                login: "reviewer1".to_owned(),
                role: frame.say("staff.role.platform_reviewer"),
                read_only,
                places: vec![
                    Place {
                        href: "/operator",
                        text: frame.say("staff.queue"),
                        here: true,
                    },
                    Place {
                        href: "/operator/platforms",
                        text: frame.say("staff.platforms"),
                        here: false,
                    },
                ],
            },
            title: frame.say("staff.queue"),
            issuer: "http://localhost:8080".to_owned(),
            blocks,
        };
        vec![
            ("blocks", page(false, sample::blocks())),
            ("forms", page(false, sample::forms())),
            ("read-only", page(true, sample::blocks())),
            ("empty", page(true, vec![sample::empty_table()])),
        ]
    }
}
