//! The web face of the service: protocols and pages over axum. It knows no SQL and makes no rule.

pub mod asset;
pub mod display;
pub mod locale;
pub mod page;
pub mod security_headers;
