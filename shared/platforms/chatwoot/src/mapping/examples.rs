//! Payloads for unit tests.

use domain::Timestamp;
use platform_recordings::NewMessage;
use serde_json::{Map, Value, json};

use crate::connection::{Connection, ConversationPrefix};
use crate::mapping::{EventMapping, MessagesMapping, map_event, map_messages};
use crate::payload::{decode_event, decode_messages};

pub(super) const NOW: &str = "2026-03-02T09:30:00.000Z";

pub(super) fn connection() -> Connection {
    Connection {
        prefix: ConversationPrefix::new("https://chat.example.com", 2),
        account_id: 2,
        bot_id: Some(9),
    }
}

fn with(mut payload: Value, members: Value) -> Value {
    let members: Map<String, Value> = serde_json::from_value(members).unwrap();
    payload.as_object_mut().unwrap().extend(members);
    payload
}

/// The result for an event `message_created` with these members.
pub(super) fn created(members: Value) -> EventMapping {
    let event = json!({
        "event": "message_created",
        "id": 3001,
        "content": "Hello",
        "message_type": "outgoing",
        "private": false,
        "created_at": "2026-03-02T09:15:04.123Z",
        "sender": {"id": 7, "name": "Sam Okafor", "type": "user"},
        "conversation": {
            "id": 118,
            "updated_at": 1_772_442_904.5,
            "meta": {"assignee": {"id": 8, "name": "Kim Lee", "type": "user"}},
        },
    });
    let event = decode_event(with(event, members).to_string().as_bytes()).unwrap();
    map_event(&connection(), &event, Timestamp::parse(NOW).unwrap())
}

/// The result for an event `message_updated` with these members.
pub(super) fn updated(members: Value) -> EventMapping {
    created(with(json!({"event": "message_updated"}), members))
}

/// The message that an event records.
pub(super) fn message(mapping: &EventMapping) -> NewMessage {
    mapping.messages.as_ref().unwrap().messages[0].clone()
}

/// The result for one message in the form of the API.
pub(super) fn read(members: Value) -> MessagesMapping {
    let message = json!({
        "id": 3001,
        "content": "Hello",
        "message_type": 1,
        "private": false,
        "created_at": 1_772_442_904,
        "sender": {"id": 7, "name": "Sam Okafor", "type": "user"},
    });
    let page = json!({"payload": [with(message, members)]});
    let page = decode_messages(page.to_string().as_bytes()).unwrap();
    map_messages(
        &connection(),
        &page.messages,
        Timestamp::parse(NOW).unwrap(),
    )
}
