//! Webhooks and API payloads of the chat platform Chatwoot, converted to recordings of
//! conversations and messages.
//!
//! This crate does no I/O and does not read the clock. A webhook's event is handled in three steps:
//! [`verify_signature`], [`decode_event`] and [`map_event`]. Payloads of Chatwoot's API are decoded
//! with [`decode_messages`] and [`decode_conversation`], and converted with [`map_messages`] and
//! [`map_conversation`].
//!
//! Chatwoot sends events in any order, sends some twice, and does not repeat lost ones. The
//! recordings converge nevertheless if their `as_of` is respected and if the whole thread is read
//! through the API from time to time.

mod connection;
mod html;
mod liquid;
mod mapping;
mod payload;
mod signature;

pub use connection::{Connection, ConversationPrefix};
pub use html::html_to_text;
pub use liquid::escape_liquid;
pub use mapping::{
    Command, CommandKind, EventMapping, IgnoreReason, MessagesMapping, ReadBack, map_action,
    map_conversation, map_event, map_messages,
};
pub use payload::{
    Assignee, Attachment, Choice, ContentAttributes, Conversation, DecodeError, Event, Group,
    MARKER_KEY, Member, Message, MessageChange, MessagePage, MessageType, Sender, SenderKind,
    decode_action, decode_conversation, decode_event, decode_messages,
};
pub use signature::{SignatureError, SignatureHeaders, WebhookSecret, verify_signature};
