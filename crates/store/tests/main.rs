//! One suite for every backend, and what happens to a backend whose process or machine dies.
//!
//! A new backend implements [`conformance::Backend`] and adds one line below.

#[macro_use]
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sqlite;

conformance!(on_sqlite, crate::sqlite::Folder);
