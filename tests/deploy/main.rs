//! The tour of docs/tutorial.md on a deployed stack, over its API Gateway. `.ci/try-deploy` deploys the stack
//! and sets the variables that name its addresses.
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

/// A variable of those that tell where the stack is.
#[expect(
    clippy::disallowed_methods,
    reason = "`.ci/try-deploy` says it in the environment"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by .ci/try-deploy"))
}
