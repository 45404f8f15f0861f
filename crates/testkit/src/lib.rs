//! A world for tests: the whole service in one process, without a socket, with people and platforms in it.
//!
//! ```ignore
//! let world = World::new().await;
//! let person = world.person("resident").applies().await;
//! let forum = world.platform("forum");
//! let request = forum.requests("account-registration").await;
//! let redirect = person.approves(&request).await;
//! let result = forum.redeems(&redirect).await;
//! ```
//!
//! Actors know what their counterparts outside know, and no more: a [`Holder`] has a wallet, a [`Platform`] its key
//! and what it received. Each step has a polite form, which asserts that it works, and a raw one, which sends whatever
//! it is given. For tests only: everything here panics when an assumption does not hold.
#![expect(
    clippy::missing_panics_doc,
    reason = "everything here panics when an assumption of a test does not hold"
)]

mod assertion;
mod catalogue;
mod clock;
mod consents;
mod decision;
mod events;
mod guardian;
mod http;
mod inspection;
mod logs;
mod person;
mod platform;
mod staff;
mod statement;
mod tables;
mod verified;
mod wallet;
mod world;

pub use assertion::Assertion;
pub use catalogue::{Registration, registrations};
pub use clock::FakeClock;
pub use decision::{Decision, Redirect};
pub use events::StepUp;
pub use http::{Answer, Call, Fields};
pub use logs::captured_logs;
pub use person::{Applicant, Holder};
pub use platform::{Platform, Request};
pub use staff::{STAFF, Staff};
pub use statement::Statement;
pub use tables::StolenRow;
pub use verified::Verified;
pub use wallet::{Entry, Wallet};
pub use world::{ISSUER, Setup, World};
