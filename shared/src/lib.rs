//! What afterchat's functions share: the words of the domain, the table, the boundaries for HTTP
//! and for events, and the way to AWS.
//!
//! A request flows one way through it: [`api`] turns the gateway's event into a [`api::Call`] and
//! decodes it into the validated types of [`domain`]; the function makes one write whose outcome is
//! an enum, with keys and items from [`table`]; [`api`] renders the answer. Time and new ids are
//! taken once, at the edge, and handed down.

pub mod api;
pub mod asking;
pub mod aws;
pub mod clock;
mod deadline;
pub mod domain;
pub mod environment;
pub mod events;
pub mod fault;
pub mod metrics;
mod panics;
pub mod process;
pub mod sending;
pub mod table;
pub mod telemetry;
