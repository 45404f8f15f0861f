//! Where persons, verifications and events are kept: the backends of [`identity::store::Store`].
//!
//! Each backend is native and independent, one file per noun; all are held to the conformance suite
//! in `tests/conformance`. This crate knows SQL and no rule: what a row means is `identity`'s. Its one
//! invariant: an answer is given only when what it says is durable, together with its audit event.

pub mod sqlite;

pub use sqlite::{Options, Sqlite, Synchronous};
