//! Pages of staff, supervisors and platforms: one frame, and a few kinds of blocks that every desk is put together from.

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

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it shows; read out before it.
    pub caption: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows, as many cells as heads.
    pub rows: Vec<Vec<Cell>>,
    /// What stands there when there is no row.
    pub empty: String,
}

impl Table {
    /// Cells with the head they belong to, for the narrow form.
    pub fn cells<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = (&'a str, &'a Cell)> {
        self.heads.iter().map(String::as_str).zip(row)
    }
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Words.
    pub text: String,
    /// Where they lead.
    pub href: Option<String>,
    /// A state has a colour and an icon beside its word.
    pub tone: Option<Tone>,
}

impl Cell {
    /// Words.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "cells are written in lists, plainly"
    )]
    pub fn text(text: impl ToString) -> Self {
        Self {
            text: text.to_string(),
            href: None,
            tone: None,
        }
    }

    /// Words that lead somewhere.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "cells are written in lists, plainly"
    )]
    pub fn link(text: impl ToString, href: impl ToString) -> Self {
        Self {
            href: Some(href.to_string()),
            ..Self::text(text)
        }
    }

    /// A state.
    pub fn state(text: impl ToString, tone: Tone) -> Self {
        Self {
            tone: Some(tone),
            ..Self::text(text)
        }
    }
}

/// A form: posted as it is, or signed by the registered key first.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its id in the page.
    pub id: &'static str,
    /// Words above it.
    pub legend: String,
    /// What is to be done with it.
    pub does: Does,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Buttons: value and words; the value is sent as `choice`.
    pub buttons: Vec<(&'static str, String)>,
    /// Whether it is dangerous.
    pub danger: bool,
}

/// What becomes of a form.
#[derive(Clone, Debug)]
pub enum Does {
    /// Posted to a path of ours.
    Posts(&'static str),
    /// Read with its values in the address.
    Asks(&'static str),
    /// Proposed as an act of this name, with these members beside the fields (JSON).
    Proposes {
        /// Name of the act.
        act: &'static str,
        /// Members that are not typed.
        fixed: String,
    },
    /// An answer to a proposal.
    Answers {
        /// `confirm` or `decline`.
        answer: &'static str,
        /// Which.
        proposal: String,
        /// Digest of the act, which is signed.
        digest: String,
    },
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name: in a signed form the member of the act.
    pub name: &'static str,
    /// Label.
    pub label: String,
    /// What it is.
    pub input: Input,
    /// What stands in it.
    pub value: String,
    /// Whether it may be empty.
    pub optional: bool,
}

/// Kinds of fields.
#[derive(Clone, Debug)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A whole number.
    Number,
    /// JSON, read as such into the act.
    Json,
    /// Not shown.
    Hidden,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
}

impl Field {
    /// A field of a kind, empty.
    pub fn new(name: &'static str, label: impl Into<String>, input: Input) -> Self {
        Self {
            name,
            label: label.into(),
            input,
            value: String::new(),
            optional: false,
        }
    }

    /// The same with something in it.
    #[must_use]
    pub fn with(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

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
            ("blocks", page(false, sample_blocks())),
            ("forms", page(false, sample_forms())),
            ("read-only", page(true, sample_blocks())),
            ("empty", page(true, vec![empty_table()])),
        ]
    }
}

fn empty_table() -> Block {
    Block::Table(Table {
        caption: "投诉".to_owned(),
        heads: vec!["平台".to_owned()],
        rows: Vec::new(),
        empty: "没有".to_owned(),
    })
}

fn sample_blocks() -> Vec<Block> {
    vec![
        Block::Text("只看数字，从不看人。".to_owned()),
        Block::Note(Tone::Bad, "审计链断裂".to_owned()),
        Block::Note(Tone::Ok, "与上次查看一致".to_owned()),
        Block::Heading("平台".to_owned()),
        Block::Facts(vec![("树的大小".to_owned(), "1024".to_owned())]),
        Block::Table(Table {
            caption: "平台".to_owned(),
            heads: vec!["名称".to_owned(), "状态".to_owned()],
            rows: vec![vec![
                Cell::link("岚山论坛", "/operator/platforms/forum"),
                Cell::state("正常", Tone::Ok),
            ]],
            empty: String::new(),
        }),
        empty_table(),
    ]
}

fn sample_forms() -> Vec<Block> {
    let field = |name, input| Field::new(name, name, input);
    let reasons = vec![("leak".to_owned(), "泄露".to_owned())];
    vec![
        Block::Form(Form {
            id: "suspend",
            legend: "暂停平台".to_owned(),
            does: Does::Proposes {
                act: "suspend_platform",
                fixed: r#"{"platform":"forum"}"#.to_owned(),
            },
            fields: vec![
                field("reason", Input::Choice(reasons)),
                field("explanation", Input::Lines),
                field("hours", Input::Number).with("4"),
            ],
            buttons: vec![("propose", "提出".to_owned())],
            danger: true,
        }),
        Block::Form(Form {
            id: "confirm",
            legend: "确认".to_owned(),
            does: Does::Answers {
                answer: "confirm",
                proposal: "abcdefgh".to_owned(),
                digest: "ZGlnZXN0".to_owned(),
            },
            fields: vec![],
            buttons: vec![("confirm", "确认".to_owned())],
            danger: false,
        }),
        Block::Form(Form {
            id: "review",
            legend: "退回或拒绝".to_owned(),
            does: Does::Posts("/operator/review"),
            fields: vec![
                field("digest", Input::Hidden).with("ZGlnZXN0"),
                field("key", Input::Json),
                Field {
                    optional: true,
                    ..field("reasons", Input::Line)
                },
            ],
            buttons: vec![("return", "退回".to_owned()), ("refuse", "拒绝".to_owned())],
            danger: false,
        }),
        Block::Form(Form {
            id: "find",
            legend: "核对".to_owned(),
            does: Does::Asks("/supervisor/log"),
            fields: vec![field("commitment", Input::Line)],
            buttons: vec![("", "核对".to_owned())],
            danger: false,
        }),
    ]
}
