//! The domain: nouns, rules and outcomes of the network identity authentication public service
//! (令第173号), and the contract of its store.
//!
//! This crate cannot name HTTP, SQL or OAuth. Its one invariant: no write without its audit event,
//! no disclosure without a witness that only the check can make.

pub mod age;
pub mod audit;
pub mod case_file;
pub mod clock;
pub mod complaint;
pub mod consent;
pub mod device;
pub mod disclosure;
pub mod document;
pub mod erasure;
pub mod guardianship;
pub mod handover;
pub mod id;
pub mod inbox;
pub mod incident;
pub mod inventory;
pub mod legal_request;
pub mod log;
pub mod notice;
pub mod oversight;
pub mod person;
pub mod pin;
pub mod platform;
pub mod proofing;
pub mod receipt;
pub mod recheck;
pub mod registry;
pub mod replay;
pub mod residency;
pub mod rights;
pub mod scenario;
pub mod service;
pub mod signal;
pub mod staff;
pub mod statement;
pub mod store;
pub mod transparency;
pub mod verification;
pub mod wanghao;
pub mod wangzheng;
