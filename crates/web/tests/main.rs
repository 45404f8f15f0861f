//! The service over HTTP, in one process: what people, platforms and strangers meet (see `testkit`).

mod apply;
mod client_authentication;
mod codes;
mod decide;
mod devices;
mod flow;
mod pairwise;
mod races;
mod recovery;
mod requests;
mod routes;
