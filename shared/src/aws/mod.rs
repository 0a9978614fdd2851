//! The way to AWS: how the SDK's clients are set up, and what is kept of a call that failed.

mod connection;
mod failure;
mod roots;

pub use connection::{AwsConnection, CallPolicy, Service};
pub use failure::AwsFailure;
