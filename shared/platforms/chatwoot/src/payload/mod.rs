//! Payloads of webhooks and of the API, decoded.
//!
//! The types contain only the members that the mapping needs. In particular, none has a place for
//! `contact_inbox`, whose `pubsub_token` gives access to the visitor's connection.

mod conversation;
mod error;
mod event;
mod message;
mod object;
mod pages;

pub use conversation::{Assignee, Conversation, Group, Member};
pub use error::DecodeError;
pub use event::{Event, MessageChange, decode_action, decode_event};
pub use message::{
    Attachment, Choice, ContentAttributes, MARKER_KEY, Message, MessageType, Sender, SenderKind,
};
pub use pages::{MessagePage, decode_conversation, decode_messages};
