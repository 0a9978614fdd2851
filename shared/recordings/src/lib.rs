//! Records the conversations of a chat platform and their messages.
//!
//! [`record_conversation`] creates or updates a conversation, and [`record_messages`] creates or updates
//! its messages. Both can be repeated. Data with an `as_of` does not replace data with a later one, so
//! recordings can arrive in any order.

mod conversation;
mod messages;

pub use conversation::{ConversationOutcome, ConversationRecording, record_conversation};
pub use messages::{
    MessagesOutcome, MessagesRecording, NewMessage, NotAdded, record_changed_messages,
    record_messages,
};
