//! What a page of a desk is put together from.

use super::form::Form;
use super::table::Table;
use crate::page::Template;
use crate::page::notices::Change;

/// A part of a page.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading of the second level.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A note: `ok`, `warn` or `bad`; the icon says it as well.
    Note(Tone, String),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// A table; below 40rem each row is a card.
    Table(Table),
    /// A form.
    Form(Form),
    /// A part rendered from a template of its own, such as the preview of P13.
    Part(Rendered),
    /// A message as a person will read it.
    Message(Message),
    /// What changed between two versions of a text, in one language.
    Changes(&'static str, Vec<Change>),
    /// Something to take along as a file.
    Download {
        /// Address.
        href: String,
        /// Words.
        text: String,
    },
}

/// HTML that a template of ours printed, and nobody else.
#[derive(Clone, Debug)]
pub struct Rendered(String);

impl Rendered {
    /// Prints a part.
    pub fn of(part: &impl Template) -> Result<Self, askama::Error> {
        part.render().map(Self)
    }

    /// The HTML.
    pub fn html(&self) -> &str {
        &self.0
    }
}

/// How a note or a cell is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Plain,
    /// As it should be.
    Ok,
    /// Look at it.
    Warn,
    /// Something is wrong.
    Bad,
}

impl Tone {
    /// Class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// Icon beside the words.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Plain => "list",
            Self::Ok => "check",
            Self::Warn => "clock",
            Self::Bad => "warning",
        }
    }
}

/// A message in one language.
#[derive(Clone, Debug)]
pub struct Message {
    /// `zh-CN` or `en`.
    pub language: &'static str,
    /// Its title.
    pub title: String,
    /// Its text; each line is a paragraph.
    pub text: String,
}

impl Message {
    /// The paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim().is_empty())
    }
}
