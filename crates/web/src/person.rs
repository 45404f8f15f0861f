//! The person's face: the app in the browser and the calls a wallet makes.

pub mod account;
pub mod agreement;
pub mod apply;
pub mod approval;
pub mod complaint;
pub mod consent;
pub mod family;
mod guardian_code;
pub mod leave;
pub mod link;
pub mod pages;
mod reading;
pub mod rights;
pub mod session;
pub mod waiting;
