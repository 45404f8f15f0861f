//! Synthetic rows and events. The examples include [`row`] alone.

mod event;
mod row;

pub(crate) use event::*;
pub(crate) use row::*;
