//! The registry: every SQL statement of this backend, by name.
//!
//! Nothing else can be run (see [`Link`](super::link::Link)). Statements are written so that they go
//! over to PostgreSQL with `?1` read as `$1`. The distribution rule (design §4) is held by the tests
//! below: a statement of kind [`Kind::SingleBucket`] names one bucket, as its first parameter, and
//! reaches every table through it.

/// What a statement may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One bucket, `?1`.
    SingleBucket,
    /// A reference table, the same everywhere.
    Reference,
    /// The public log and what waits for it; run by the sequencer and by readers of the log only.
    Log,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Its name here.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "names the statement when a test fails")
    )]
    pub(crate) name: &'static str,
    /// What it may touch.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the distribution rule is held by tests")
    )]
    pub(crate) kind: Kind,
    /// The table whose rows it reads, named when one of them does not parse.
    pub(crate) table: &'static str,
    /// The text.
    pub(crate) sql: &'static str,
}

macro_rules! statements {
    ($all:ident; $($kind:ident $table:ident $name:ident $sql:literal)*) => {
        $(pub(crate) const $name: Statement = Statement {
            name: stringify!($name),
            kind: Kind::$kind,
            table: stringify!($table),
            sql: $sql,
        };)*

        /// All of this file.
        #[cfg(test)]
        pub(super) const $all: &[&Statement] = &[$(&$name),*];
    };
}

#[path = "statement/log.rs"]
mod log;
#[path = "statement/person.rs"]
mod person;
#[path = "statement/reference.rs"]
mod reference;
#[path = "statement/verification.rs"]
mod verification;

pub(crate) use log::*;
pub(crate) use person::*;
pub(crate) use reference::*;
pub(crate) use verification::*;

/// All of them.
#[cfg(test)]
fn all() -> impl Iterator<Item = &'static Statement> {
    let parts = [
        ALL_OF_PERSON,
        ALL_OF_VERIFICATION,
        ALL_OF_LOG,
        ALL_OF_REFERENCE,
    ];
    parts.into_iter().flatten().copied()
}

#[cfg(test)]
#[path = "statement/tests.rs"]
mod tests;
