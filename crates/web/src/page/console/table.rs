//! Tables: cells know the head they belong to, for the narrow form.

use super::block::Tone;

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
