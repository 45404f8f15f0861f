//! Synthetic rows and events. The examples include [`row`] alone.

mod event;
mod family;
mod row;

pub(crate) use event::*;
pub(crate) use family::*;
pub(crate) use row::*;
