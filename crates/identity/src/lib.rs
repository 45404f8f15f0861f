//! The domain: nouns, rules and outcomes of the network identity authentication public service
//! (令第173号), and the contract of its store.
//!
//! This crate cannot name HTTP, SQL or OAuth. Its one invariant: no write without its audit event,
//! no disclosure without a witness that only the check can make.

pub mod age;
pub mod audit;
pub mod clock;
pub mod consent;
pub mod device;
pub mod document;
pub mod handover;
pub mod id;
pub mod log;
pub mod notice;
pub mod person;
pub mod pin;
pub mod platform;
pub mod proofing;
pub mod receipt;
pub mod registry;
pub mod replay;
pub mod scenario;
pub mod service;
pub mod statement;
pub mod store;
pub mod verification;
pub mod wanghao;
pub mod wangzheng;
