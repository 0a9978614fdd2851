//! What a chat platform says about a conversation, in the form in which the API records it.
//!
//! The mapping of each platform produces these values. They serialize as the bodies of the API.

use std::collections::HashMap;

use domain::{
    Agent, Attachment, Author, Channel, ConversationId, ConversationStatus, Group, Label,
    MessageId, MessageText, Timestamp, Visibility, Visitor,
};
use serde::{Serialize, Serializer};

/// The most messages of one body.
const MESSAGES_PER_BODY: usize = 100;

/// The most bytes of one body. The API accepts 1,000,000.
const BODY_BYTES: usize = 950_000;

/// What a recording does to a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldChange<T> {
    /// Keeps the recorded value. The field is absent from the body.
    #[default]
    Keep,
    /// Removes the recorded value. The field is `null`.
    Remove,
    /// Sets the value.
    Set(T),
}

impl<T> FieldChange<T> {
    fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T: Serialize> Serialize for FieldChange<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Remove => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// The body of `PUT /v1/conversations/{conversation_id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConversationChange {
    /// The channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The visitor's known fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<Visitor>,
    /// The assigned teammate.
    #[serde(skip_serializing_if = "FieldChange::is_keep")]
    pub assignee: FieldChange<Agent>,
    /// The inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbox: Option<Group>,
    /// The team.
    #[serde(skip_serializing_if = "FieldChange::is_keep")]
    pub team: FieldChange<Group>,
    /// The labels, at most [`domain::MAXIMUM_LABELS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<Label>>,
    /// The status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ConversationStatus>,
    /// The time at which these fields were current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// A call that records a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationRecording {
    /// The id in the path.
    pub conversation_id: ConversationId,
    /// The body.
    pub change: ConversationChange,
    /// When the conversation began, if the platform says so. It is not part of the API.
    #[serde(skip)]
    pub began_at: Option<Timestamp>,
}

/// What the visitor chose in a prompt of this project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromptAnswer {
    /// The message with the prompt.
    pub message_id: MessageId,
    /// The prompt's id: the marker with which it was posted.
    pub prompt: String,
    /// The submitted values.
    pub values: Vec<String>,
    /// Whether the bot of the connection posted the message. A teammate can copy the prompt with its id.
    pub is_of_bot: bool,
}

/// A message in the body of `POST /v1/conversations/{conversation_id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewMessage {
    /// The id of the message.
    pub id: MessageId,
    /// When it was sent. With the id it identifies the message.
    pub sent_at: Timestamp,
    /// The author.
    pub author: Author,
    /// Who may see it.
    pub visibility: Visibility,
    /// The text.
    pub text: MessageText,
    /// The attached files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The time at which this version was current.
    pub as_of: Timestamp,
}

/// The body of `POST /v1/conversations/{conversation_id}/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewMessages {
    /// 1 to 100 messages.
    pub messages: Vec<NewMessage>,
}

impl NewMessages {
    /// Divides `messages` into bodies that the API accepts, in the same order. If an id is repeated,
    /// its last version is used.
    pub fn bodies(messages: Vec<NewMessage>) -> Vec<Self> {
        let mut unique: Vec<NewMessage> = Vec::with_capacity(messages.len());
        let mut positions = HashMap::new();
        for message in messages {
            let position = positions.get(&message.id).copied();
            match position.and_then(|position| unique.get_mut(position)) {
                Some(earlier) => *earlier = message,
                None => {
                    positions.insert(message.id.clone(), unique.len());
                    unique.push(message);
                }
            }
        }
        let mut bodies: Vec<Self> = Vec::new();
        let mut bytes = BODY_BYTES;
        for message in unique {
            let size = serde_json::to_vec(&message).map_or(BODY_BYTES, |json| json.len() + 1);
            match bodies.last_mut() {
                Some(body)
                    if body.messages.len() < MESSAGES_PER_BODY && bytes + size <= BODY_BYTES =>
                {
                    body.messages.push(message);
                    bytes += size;
                }
                _ => {
                    let messages = vec![message];
                    bodies.push(Self { messages });
                    bytes = size;
                }
            }
        }
        bodies
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::AuthorKind;

    fn message(id: usize, text: &str) -> NewMessage {
        NewMessage {
            id: MessageId::parse(&id.to_string()).unwrap(),
            sent_at: Timestamp::EPOCH,
            author: Author {
                kind: AuthorKind::Visitor,
                id: None,
                name: None,
            },
            visibility: Visibility::Public,
            text: MessageText::parse(text).unwrap(),
            attachments: Vec::new(),
            as_of: Timestamp::EPOCH,
        }
    }

    fn sizes(bodies: &[NewMessages]) -> Vec<usize> {
        bodies.iter().map(|body| body.messages.len()).collect()
    }

    #[test]
    fn a_body_has_at_most_100_messages() {
        let messages = (0..250).map(|id| message(id, "")).collect();
        assert_eq!(sizes(&NewMessages::bodies(messages)), [100, 100, 50]);
        assert!(NewMessages::bodies(Vec::new()).is_empty());
    }

    #[test]
    fn a_body_has_at_most_1_mb() {
        let long = "\"".repeat(32_000);
        let messages = (0..40).map(|id| message(id, &long)).collect();
        let bodies = NewMessages::bodies(messages);
        assert_eq!(sizes(&bodies), [14, 14, 12]);
        for body in &bodies {
            assert!(serde_json::to_vec(body).unwrap().len() <= 1_000_000);
        }
    }

    #[test]
    fn the_last_version_of_a_repeated_message_is_used() {
        let messages = vec![message(1, "a"), message(2, "b"), message(1, "c")];
        let bodies = NewMessages::bodies(messages);
        assert_eq!(bodies[0].messages, [message(1, "c"), message(2, "b")]);
    }
}
