//! Security events to platforms: streams of Shared Signals 1.0, push (RFC 8935) and poll (RFC 8936) (R8.3, R9.5).
//!
//! | path | does |
//! |---|---|
//! | `/.well-known/ssf-configuration` | says what there is |
//! | `/ssf/stream` | a platform says how it wants to receive |
//! | `/ssf/status`, `/ssf/verify` | pauses, resumes, tries it |
//! | `/ssf/poll` | gives what waits, takes confirmations |

pub mod endpoint;
pub mod poll;
pub mod receiver;
pub mod set;
pub mod status;
pub mod stream;
