//! The recordings that follow from an event or from payloads of the API.

mod attachments;
mod command;
mod conversation;
mod event;
#[cfg(test)]
mod examples;
mod message;
mod names;
mod text;
mod thread;

pub use command::{Command, CommandKind, map_action};
pub use conversation::map_conversation;
pub use event::{EventMapping, IgnoreReason, ReadBack, map_event};
pub use thread::{MessagesMapping, map_messages};

use domain::Timestamp;

/// How many seconds a time of Chatwoot may be ahead of ours. The API accepts 300. The rest is a
/// reserve for the clock of the function that records.
const LEAD_SECONDS: i64 = 240;

/// `time`, or the latest time that the API accepts at `now`.
fn at_most_ahead(time: Timestamp, now: Timestamp) -> Timestamp {
    time.min(now.plus_seconds(LEAD_SECONDS))
}

/// Whether the API would refuse a message of this time.
fn is_too_far_ahead(time: Timestamp, now: Timestamp) -> bool {
    time > now.plus_seconds(LEAD_SECONDS)
}
