use domain::{ConversationId, MessageId, Timestamp};
use platform_recordings::{ConversationRecording, NewMessages};
use serde::Serialize;

use crate::connection::Connection;
use crate::mapping::command::{self, Command};
use crate::mapping::message::{self, Version};
use crate::mapping::{conversation, is_too_far_ahead};
use crate::payload::{Event, Message, MessageChange, MessageType};

/// Why nothing, or only the conversation, is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnoreReason {
    /// The event is of a kind that this project does not use.
    UnknownEvent,
    /// The event belongs to another account than the connection.
    OtherAccount,
    /// The message is a line about what happened in the conversation.
    Activity,
    /// The message was posted by this project.
    OwnMessage,
    /// The message's time is more than 4 minutes in the future.
    FutureMessage,
}

impl IgnoreReason {
    /// The name of the reason, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownEvent => "unknown_event",
            Self::OtherAccount => "other_account",
            Self::Activity => "activity",
            Self::OwnMessage => "own_message",
            Self::FutureMessage => "future_message",
        }
    }
}

/// A message to read through the API, because the event does not contain its latest version or
/// cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadBack {
    /// The id on the server: read `after={id}` and `before={id + 1}`.
    pub id: u64,
    /// The id of this project's prompt that the visitor may have answered. `None` if the message was
    /// edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_prompt: Option<String>,
}

/// What to do for an event, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EventMapping {
    /// Record the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationRecording>,
    /// Record the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<NewMessages>,
    /// Read a message through the API, and record it with [`crate::map_messages`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_back: Option<ReadBack>,
    /// Execute a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
    /// Why no message is recorded or read back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<IgnoreReason>,
}

impl EventMapping {
    fn ignored(reason: IgnoreReason) -> Self {
        Self {
            ignored: Some(reason),
            ..Self::default()
        }
    }
}

/// Converts an event that was received at `received_at`.
///
/// A new message is recorded as of the time when it was sent. Every version that is read back is
/// newer. The text of an edit is not taken from the event, because events arrive in any order and do
/// not say when the edit was made. A deletion is recorded, because it is final.
pub fn map_event(connection: &Connection, event: &Event, received_at: Timestamp) -> EventMapping {
    let (conversation, inbox) = match event {
        Event::Ignored => return EventMapping::ignored(IgnoreReason::UnknownEvent),
        Event::Conversation(conversation) => (conversation, None),
        Event::Message {
            conversation,
            inbox,
            ..
        } => (conversation, inbox.as_ref()),
    };
    let Some(recording) = conversation::record(connection, conversation, inbox, received_at) else {
        return EventMapping::ignored(IgnoreReason::OtherAccount);
    };
    let id = recording.conversation_id.clone();
    let mut mapping = EventMapping {
        conversation: Some(recording),
        ..EventMapping::default()
    };
    if let Event::Message {
        change, message, ..
    } = event
    {
        mapping.add_message(connection, *change, message, received_at);
        if let (MessageChange::Created, Some(message_id)) = (change, mapping.recorded_message()) {
            mapping.command = command::read(message, conversation, &id, &message_id);
        }
    }
    mapping
}

impl EventMapping {
    fn add_message(
        &mut self,
        connection: &Connection,
        change: MessageChange,
        message: &Message,
        received_at: Timestamp,
    ) {
        let is_deleted = message.attributes.is_deleted;
        let read_back = |answered_prompt| {
            Some(ReadBack {
                id: message.id,
                answered_prompt,
            })
        };
        if message.message_type == MessageType::Activity {
            self.ignored = Some(IgnoreReason::Activity);
        } else if message::is_own(connection, message) {
            let prompt = message.attributes.marker.clone();
            let is_answered = !message.attributes.submitted.is_empty();
            match prompt.filter(|_| is_answered) {
                Some(prompt) => self.read_back = read_back(Some(prompt)),
                None => self.ignored = Some(IgnoreReason::OwnMessage),
            }
        } else if is_too_far_ahead(message.created_at, received_at) {
            self.ignored = Some(IgnoreReason::FutureMessage);
        } else if change == MessageChange::Updated && !is_deleted {
            self.read_back = read_back(None);
        } else {
            let version = Version::Event { received_at };
            let messages = message::record(message, version).into_iter().collect();
            self.messages = NewMessages::bodies(messages).pop();
        }
    }

    fn recorded_message(&self) -> Option<MessageId> {
        let message = self.messages.as_ref()?.messages.first()?;
        Some(message.id.clone())
    }

    /// The conversation of the event.
    pub fn conversation_id(&self) -> Option<&ConversationId> {
        let conversation = self.conversation.as_ref()?;
        Some(&conversation.conversation_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::examples::{created, message, updated};
    use serde_json::json;

    #[test]
    fn an_edit_is_read_back_and_its_text_is_not_recorded() {
        let mapping = updated(json!({"content": "Edited"}));
        assert_eq!(mapping.messages, None);
        let expected = ReadBack {
            id: 3001,
            answered_prompt: None,
        };
        assert_eq!(mapping.read_back, Some(expected));
    }

    #[test]
    fn a_message_of_this_project_is_ignored_until_it_is_answered() {
        let prompt = json!({"content_attributes": {"afterchat": "rr-1"}});
        for mapping in [created(prompt.clone()), updated(prompt)] {
            assert_eq!(mapping.ignored, Some(IgnoreReason::OwnMessage));
            assert_eq!(mapping.messages, None);
        }
        let answered = json!({"content_attributes": {
            "afterchat": "rr-1",
            "submitted_values": [{"title": "Great", "value": "5"}],
        }});
        // An event has the state of the message when it is sent, so an event of the new message can contain the answer.
        for mapping in [updated(answered.clone()), created(answered)] {
            let read_back = mapping.read_back.unwrap();
            assert_eq!(read_back.answered_prompt.as_deref(), Some("rr-1"));
        }
    }

    #[test]
    fn a_deleted_message_of_this_projects_bot_is_ignored() {
        let mapping = updated(json!({
            "content_attributes": {"deleted": true},
            "sender": {"id": 9, "name": "Ratings", "type": "agent_bot"},
        }));
        assert_eq!(mapping.ignored, Some(IgnoreReason::OwnMessage));
    }

    #[test]
    fn the_marker_of_a_visitors_message_does_not_hide_it() {
        let mapping = created(json!({
            "message_type": "incoming",
            "content_attributes": {"afterchat": "rr-1"},
        }));
        assert_eq!(message(&mapping).text.as_str(), "Hello");
    }

    #[test]
    fn an_event_of_another_account_is_ignored() {
        let mapping = created(json!({"account": {"id": 3}}));
        assert_eq!(mapping, EventMapping::ignored(IgnoreReason::OtherAccount));
        assert!(
            created(json!({"account": {"id": 2}}))
                .conversation
                .is_some()
        );
    }

    #[test]
    fn a_message_that_the_api_would_refuse_because_of_its_time_is_ignored() {
        for (created_at, ignored) in [
            ("2026-03-02T09:34:00.000Z", None),
            (
                "2026-03-02T09:34:00.001Z",
                Some(IgnoreReason::FutureMessage),
            ),
        ] {
            let mapping = created(json!({"created_at": created_at}));
            assert_eq!(mapping.ignored, ignored, "{created_at}");
        }
    }
}
