//! The responses and the stored items when AWS fails: every fault at every call.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's name says what it shows, and it fails by panicking"
)]

mod burst;
mod change;
mod crash;
mod fault;
mod in_flight;
mod matrix;
mod promises;
mod scenario;
mod scenarios;
mod table;
mod trial;
