//! What people do on the server.

mod agent;
mod setup;
mod visitor;

pub use setup::{NewAgent, NewInbox};
