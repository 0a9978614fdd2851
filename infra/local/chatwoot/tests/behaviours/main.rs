//! What the stand-in does, one file for each behaviour.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod kit;

mod accounts;
mod answers;
mod api_access;
mod api_faults;
mod api_limits;
mod api_messages;
mod api_records;
mod background;
mod built_when_sent;
mod content;
mod deletion;
mod first_message;
mod liquid;
mod loss;
mod macros_and_rules;
mod members;
mod order;
mod signature;
mod survey;
mod types;
mod waiting;
mod whole_day;
