use serde_json::Value;

use crate::payload::conversation::{Conversation, Form};
use crate::payload::error::DecodeError;
use crate::payload::message::Message;
use crate::payload::object::Object;

/// The messages in one response of the API.
#[derive(Clone, Debug, Default)]
pub struct MessagePage {
    /// The messages, in the order of the response.
    pub messages: Vec<Message>,
    /// The errors of messages that cannot be read. They do not prevent the others from being read.
    pub unreadable: Vec<DecodeError>,
}

/// Decodes the response to `GET /api/v1/accounts/{account_id}/conversations/{id}/messages`.
///
/// # Errors
/// If the response does not have a list of messages.
pub fn decode_messages(body: &[u8]) -> Result<MessagePage, DecodeError> {
    let response: Value = serde_json::from_slice(body).map_err(|_| DecodeError::NotAnObject)?;
    let response = Object::of_payload(&response)?;
    let messages = response.required("payload", response.objects("payload")?)?;
    let mut page = MessagePage::default();
    for message in messages {
        match Message::read(&message) {
            Ok(message) => page.messages.push(message),
            Err(error) => page.unreadable.push(error),
        }
    }
    Ok(page)
}

/// Decodes the response to `GET /api/v1/accounts/{account_id}/conversations/{id}`.
///
/// # Errors
/// If a member that is needed is missing or has another type.
pub fn decode_conversation(body: &[u8]) -> Result<Conversation, DecodeError> {
    let response: Value = serde_json::from_slice(body).map_err(|_| DecodeError::NotAnObject)?;
    Conversation::read(&Object::of_payload(&response)?, Form::Api)
}
