//! The person's face: the app in the browser and the calls a wallet makes.

pub mod account;
pub mod apply;
pub mod approval;
pub mod link;
pub mod pages;
pub mod session;
