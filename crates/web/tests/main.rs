//! The service over HTTP, in one process: what people, platforms and strangers meet (see `testkit`).

mod decide;
mod flow;
mod pairwise;
