use serde::{Deserialize, Serialize};

use crate::attachment::{Attachment, UnlinkedAttachment};
use crate::event::Event;
use crate::ids::MessageId;
use crate::invalid_value::InvalidValue;
use crate::message::{Author, Message};
use crate::text::text_value;
use crate::timestamp::Timestamp;
use crate::visibility::Visibility;

/// The id of an entry within its thread and its time. For a message it is the message's own id. For
/// an event it is the event's type, a slash and 32 hexadecimal digits. A message's id cannot
/// contain the slash, so it never equals an event's id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

text_value!(EntryId);

impl EntryId {
    /// Reads an entry's id.
    ///
    /// # Errors
    /// If `text` is neither a message's id nor an event's id.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let id = match text.split_once('/') {
            Some((kind, id)) => MessageId::parse(kind).and(MessageId::parse(id)),
            None => MessageId::parse(text),
        };
        id.map(|_| Self(text.to_owned()))
    }

    /// The id of the event of type `kind` that belongs to `subject`.
    pub fn of_event(kind: &'static str, subject: &str) -> Self {
        Self(format!("{kind}/{subject}"))
    }
}

impl From<MessageId> for EntryId {
    fn from(id: MessageId) -> Self {
        Self(id.into())
    }
}

/// The content of an entry: a message or an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryContent {
    /// A message of the chat.
    Message(Message),
    /// An event, such as a rating.
    Event {
        /// What happened, with its data.
        event: Event,
    },
}

/// One entry of a conversation's thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id within its time.
    pub id: EntryId,
    /// The time of the message or the event.
    pub at: Timestamp,
    /// Who may see the entry.
    pub visibility: Visibility,
    /// The message or the event itself.
    #[serde(flatten)]
    pub content: EntryContent,
}

impl Entry {
    /// The entry of `event`, with this id and time.
    pub fn of_event(id: EntryId, at: Timestamp, event: Event) -> Self {
        Self {
            id,
            at,
            visibility: event.visibility(),
            content: EntryContent::Event { event },
        }
    }
}

/// A message that the visitor may see: the only kind of entry that a transcript can contain.
///
/// It is only created by [`PublicMessage::from_entry`], so a private note cannot become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicMessage {
    sent_at: Timestamp,
    message: Message,
}

impl PublicMessage {
    /// The message in `entry`, or `None` if it is private or an event.
    pub fn from_entry(entry: Entry) -> Option<Self> {
        match (entry.visibility, entry.content) {
            (Visibility::Public, EntryContent::Message(message)) => Some(Self {
                sent_at: entry.at,
                message,
            }),
            _ => None,
        }
    }

    /// When the message was sent.
    pub fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// The author of the message.
    pub fn author(&self) -> &Author {
        &self.message.author
    }

    /// The text of the message.
    pub fn text(&self) -> &str {
        self.message.text.as_str()
    }

    /// The attached files, without those of [`Self::unlinked_attachments`].
    pub fn attachments(&self) -> &[Attachment] {
        &self.message.attachments
    }

    /// The attached files whose URLs were too long to be recorded.
    pub fn unlinked_attachments(&self) -> &[UnlinkedAttachment] {
        &self.message.unlinked_attachments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{AuthorKind, MessageText};

    #[test]
    fn a_private_note_never_becomes_a_public_message() {
        let entry = |visibility| Entry {
            id: MessageId::parse("m1").unwrap().into(),
            at: Timestamp::EPOCH,
            visibility,
            content: EntryContent::Message(Message {
                author: Author {
                    kind: AuthorKind::Agent,
                    id: None,
                    name: None,
                },
                text: MessageText::parse("hello").unwrap(),
                attachments: Vec::new(),
                unlinked_attachments: Vec::new(),
            }),
        };
        assert!(PublicMessage::from_entry(entry(Visibility::Public)).is_some());
        assert!(PublicMessage::from_entry(entry(Visibility::Private)).is_none());
    }

    #[test]
    fn a_message_id_never_equals_an_event_id() {
        let event = EntryId::of_event("transcript_sent", "0123");
        assert!(MessageId::parse(event.as_str()).is_err());
        assert_eq!(EntryId::parse(event.as_str()).unwrap(), event);
    }
}
