//! Staff: sign-in, sessions, acts of two persons, reviews, supervisors (R12.1, R12.4, R3.1, R5.1, C3, P-minors).

mod complaint;
mod credential;
mod incident;
mod language;
mod legal_request;
mod minors;
mod notice;
mod pages;
mod review;
mod roles;
mod sign_in;
mod supervisor;
mod two_persons;
mod withdrawal;
