//! The connection to AWS: a function's environment, the client configuration and the time left for
//! calls.

mod connection;
pub mod deadline;
mod environment;
mod invoke;
mod root_certificates;

pub use connection::{AwsConnection, CallPolicy, Service};
pub use environment::{Environment, EnvironmentError};
pub use invoke::{FunctionInvoker, InvokeError};
