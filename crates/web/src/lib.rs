//! The web face of the service: protocols and pages over axum. It knows no SQL and makes no rule.

pub mod app;
pub mod asset;
pub mod cross_device;
pub mod display;
pub mod health;
pub mod locale;
pub mod log;
pub mod metrics;
pub mod oauth;
pub mod page;
pub mod person;
pub mod problem;
pub mod router;
pub mod security_headers;
pub mod ssf;
pub mod staff;
pub mod transparency;
