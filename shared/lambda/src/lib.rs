//! The runtime of every function: the boundaries for HTTP requests and events, the clock, the
//! deadline, logs and metrics.
//!
//! [`http`] turns the gateway's event into a [`http::HttpRequest`]. The function decodes its values
//! into the validated types of the crate `domain`. The function makes one write, whose outcome is
//! an enum. [`http`] renders the response. The time and new ids are created once, at the edge, and
//! passed down.

pub mod clock;
mod deadline;
pub mod events;
pub mod http;
pub mod metrics;
mod panics;
pub mod process;
pub mod random;
pub mod settings;
pub mod telemetry;
