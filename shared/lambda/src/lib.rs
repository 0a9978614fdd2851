//! What every function runs in: the boundaries for HTTP requests and for events, the clock, the deadline,
//! logs and metrics.
//!
//! A request flows one way: [`http`] turns the gateway's event into a [`http::HttpRequest`], whose values the
//! function decodes into the validated types of the crate `domain`; the function makes one write whose
//! outcome is an enum; [`http`] renders the answer. Time and new ids are taken once, at the edge, and
//! passed down.

pub mod clock;
mod deadline;
pub mod events;
pub mod http;
pub mod metrics;
mod panics;
pub mod process;
pub mod random;
pub mod telemetry;
