//! Why a request fails: [`Refusal`] (4xx), which the caller can correct, and [`Fault`] (5xx), which
//! the caller cannot. They are two types, so that the cause of a fault can be logged but never
//! shown.

mod aws_failure;
mod failure;
mod fault;
mod problem_codes;
mod rate_limit;
mod refusal;

pub use aws_failure::AwsFailure;
pub use failure::Failure;
pub use fault::{Cause, Fault, FaultCode};
pub use rate_limit::RateLimit;
pub use refusal::{Refusal, RefusalCode};
