//! The tour of docs/tutorial.md on a deployed stack, through its API Gateway. `.ci/try-deploy` deploys the
//! stack and sets the variables with its addresses.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's name says what it shows, and it fails by panicking"
)]

mod issuer;
mod refusals;
mod tour;

/// An environment variable with an address of the stack.
#[expect(
    clippy::disallowed_methods,
    reason = "`.ci/try-deploy` sets it in the environment"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run .ci/try-deploy"))
}
