use serde_json::Value;

use crate::payload::conversation::{Conversation, Form, Group};
use crate::payload::error::DecodeError;
use crate::payload::message::Message;
use crate::payload::object::Object;

/// What happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// `message_created`.
    Created,
    /// `message_updated`: an edit, a deletion, an answer or a change of its delivery status.
    Updated,
}

/// An event of a webhook.
///
/// It contains the state at the time when Chatwoot sent it, which may be later than the event.
#[derive(Clone, Debug)]
pub enum Event {
    /// `conversation_created`, `conversation_updated` or `conversation_status_changed`.
    Conversation(Box<Conversation>),
    /// `message_created` or `message_updated`.
    Message {
        /// What happened.
        change: MessageChange,
        /// The message.
        message: Box<Message>,
        /// The inbox, with its name.
        inbox: Option<Group>,
        /// The message's conversation.
        conversation: Box<Conversation>,
    },
    /// An event of another kind. It is not decoded.
    Ignored,
}

/// Decodes the body of a webhook.
///
/// # Errors
/// If the body is not a JSON object, or a member that is needed is missing or has another type.
pub fn decode_event(body: &[u8]) -> Result<Event, DecodeError> {
    let payload: Value = serde_json::from_slice(body).map_err(|_| DecodeError::NotAnObject)?;
    let payload = Object::of_payload(&payload)?;
    let change = match payload.required("event", payload.text("event")?)? {
        "conversation_created" | "conversation_updated" | "conversation_status_changed" => {
            let conversation = Conversation::read(&payload, Form::Webhook)?;
            return Ok(Event::Conversation(Box::new(conversation)));
        }
        "message_created" => MessageChange::Created,
        "message_updated" => MessageChange::Updated,
        _ => return Ok(Event::Ignored),
    };
    let conversation = payload.required("conversation", payload.object("conversation")?)?;
    let mut conversation = Conversation::read(&conversation, Form::Webhook)?;
    if let Some(account) = payload.object("account")? {
        conversation.account_id = account.id("id")?.or(conversation.account_id);
    }
    let inbox = payload.object("inbox")?;
    Ok(Event::Message {
        change,
        message: Box::new(Message::read(&payload)?),
        inbox: inbox.map(|inbox| Group::read(&inbox)).transpose()?,
        conversation: Box::new(conversation),
    })
}

/// Decodes the body that an automation rule or a macro sends to an action URL: a conversation. Such
/// a body is not signed.
///
/// # Errors
/// If the body is not such an event, or a member that is needed is missing or has another type.
pub fn decode_action(body: &[u8]) -> Result<Conversation, DecodeError> {
    let payload: Value = serde_json::from_slice(body).map_err(|_| DecodeError::NotAnObject)?;
    let payload = Object::of_payload(&payload)?;
    let event = payload.required("event", payload.text("event")?)?;
    if event != "macro.executed" && !event.starts_with("automation_event.") {
        return Err(DecodeError::Unreadable {
            path: "event".to_owned(),
            expected: "an event of an automation rule or a macro",
        });
    }
    Conversation::read(&payload, Form::Webhook)
}
