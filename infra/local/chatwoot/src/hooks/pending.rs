//! Hooks that are not sent yet.

use serde_json::Value;

use crate::ids::{ContactId, ConversationId, InboxId, MessageId};

/// A hook that is not sent yet. Its body does not exist yet either: it is built from the state at
/// the time of sending.
#[derive(Clone, Debug)]
pub struct PendingHook {
    /// The position among all hooks of the server, in the order of the events.
    pub number: u64,
    /// The name of the event, such as `message_created`.
    pub event: String,
    /// The URL that it is posted to.
    pub url: String,
    pub(crate) secret: Option<String>,
    pub(crate) subject: Subject,
    pub(crate) changed_attributes: Option<Value>,
}

impl PendingHook {
    /// The conversation of the event, if it has one.
    pub fn conversation(&self) -> Option<ConversationId> {
        match self.subject {
            Subject::Conversation(conversation) | Subject::Message(conversation, _) => {
                Some(conversation)
            }
            Subject::Contact(_) | Subject::Widget(..) | Subject::Typing { .. } => None,
        }
    }

    /// The message of the event, if it has one.
    pub fn message(&self) -> Option<MessageId> {
        match self.subject {
            Subject::Message(_, message) => Some(message),
            _ => None,
        }
    }
}

/// The record that an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Conversation(ConversationId),
    Message(ConversationId, MessageId),
    Contact(ContactId),
    Widget(ContactId, InboxId),
    Typing {
        conversation: ConversationId,
        agent: crate::ids::AgentId,
    },
}

/// A hook, built and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The number of the [`PendingHook`].
    pub number: u64,
    /// The name of the event.
    pub event: String,
    /// The URL that it is posted to.
    pub url: String,
    /// `X-Chatwoot-Delivery`.
    pub delivery_id: String,
    /// `X-Chatwoot-Timestamp`, in Unix seconds. `None` if the hook is not signed.
    pub timestamp: Option<i64>,
    /// `X-Chatwoot-Signature`. `None` if the hook is not signed.
    pub signature: Option<String>,
    /// The raw bytes of the body.
    pub body: Vec<u8>,
}

impl Hook {
    /// The headers of the request.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        if let (Some(timestamp), Some(signature)) = (self.timestamp, &self.signature) {
            headers.push(("x-chatwoot-timestamp", timestamp.to_string()));
            headers.push(("x-chatwoot-signature", signature.clone()));
            headers.push(("x-chatwoot-delivery", self.delivery_id.clone()));
        }
        headers
    }
}
