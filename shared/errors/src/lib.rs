//! Why a request fails: [`Refusal`] (4xx), which the caller can correct, and [`Fault`] (5xx), which
//! the caller cannot. They are two types, so that the cause of a fault is logged and never shown
//! to a caller.

mod aws_failure;
mod failure;
mod fault;
mod fault_code;
mod problem_codes;
mod rate_limit;
mod refusal;
mod refusal_code;

pub use aws_failure::AwsFailure;
pub use failure::Failure;
pub use fault::{Cause, Fault};
pub use fault_code::FaultCode;
pub use rate_limit::RateLimit;
pub use refusal::Refusal;
pub use refusal_code::RefusalCode;
