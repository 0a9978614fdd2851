use domain::{ConversationId, OrganisationId, Timestamp, UniqueId};
use errors::Fault;
use store::ConversationRef;

use crate::messages::new_message::NewMessage;
use crate::messages::prepared_message::PreparedMessage;

/// The maximum size of a message's item, including its key. DynamoDB allows 400 KB (409,600 bytes)
/// for an item together with its entry in the local secondary index. That entry is a full copy of
/// the item.
const MESSAGE_BYTES: usize = 200_000;

/// The messages of one conversation to record.
#[derive(Debug)]
pub struct MessagesRecording {
    pub(super) organisation: OrganisationId,
    pub(super) conversation: ConversationId,
    pub(super) messages: Vec<PreparedMessage>,
    /// The ID of this recording.
    pub(super) id: UniqueId,
    pub(super) now: Timestamp,
}

/// Why a message was not added to a recording.
#[derive(Debug)]
pub enum NotAdded {
    /// The message is larger than the table allows.
    TooLarge {
        /// The size of the message as stored.
        bytes: usize,
        /// The maximum size of a message as stored.
        maximum: usize,
    },
    /// The message cannot be encoded.
    Failed(Fault),
}

impl From<Fault> for NotAdded {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl MessagesRecording {
    /// A recording without messages. `id` must be new, and `now` is when the request arrived.
    pub fn new(
        organisation: OrganisationId,
        conversation: ConversationId,
        id: UniqueId,
        now: Timestamp,
    ) -> Self {
        Self {
            organisation,
            conversation,
            messages: Vec::new(),
            id,
            now,
        }
    }

    /// Adds a message. Messages of the same time are shown in the order in which they were added.
    ///
    /// A recording can have at most 1,000 messages. They must differ in `id` or `sent_at`, and together
    /// they must take less than 4 MB as stored.
    ///
    /// # Errors
    /// If the message takes more than 200,000 bytes as stored.
    pub fn add_message(&mut self, message: NewMessage) -> Result<(), NotAdded> {
        let position = self.messages.len();
        let message = PreparedMessage::new(message, self.conversation_ref(), &self.id, position)?;
        let bytes = message.bytes();
        if bytes > MESSAGE_BYTES {
            return Err(NotAdded::TooLarge {
                bytes,
                maximum: MESSAGE_BYTES,
            });
        }
        self.messages.push(message);
        Ok(())
    }

    /// How many messages were added.
    pub fn message_count(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, Message, MessageId,
        MessageText, Visibility,
    };

    use super::*;

    fn message(attachments: usize) -> NewMessage {
        let url = format!("https://files.example/{}", "a".repeat(2_000));
        let attachment = Attachment {
            name: AttachmentName::parse("a.txt").unwrap(),
            url: AttachmentUrl::parse(&url).unwrap(),
            content_type: None,
            bytes: None,
        };
        NewMessage {
            id: MessageId::parse("m1").unwrap(),
            sent_at: Timestamp::EPOCH,
            visibility: Visibility::Public,
            content: Message {
                author: Author {
                    kind: AuthorKind::Visitor,
                    id: None,
                    name: None,
                },
                text: MessageText::parse("").unwrap(),
                attachments: vec![attachment; attachments],
                unlinked_attachments: Vec::new(),
            },
            as_of: None,
        }
    }

    #[test]
    fn a_message_of_more_than_200_000_bytes_is_not_added() {
        let mut recording = MessagesRecording::new(
            OrganisationId::parse("main").unwrap(),
            ConversationId::parse("c1").unwrap(),
            UniqueId::derived_from(&["a"]),
            Timestamp::EPOCH,
        );
        recording.add_message(message(95)).unwrap();
        let refused = recording.add_message(message(100)).unwrap_err();
        let NotAdded::TooLarge { bytes, maximum } = refused else {
            panic!("{refused:?}");
        };
        assert!((200_001..220_000).contains(&bytes), "{bytes}");
        assert_eq!(maximum, 200_000);
        assert_eq!(recording.message_count(), 1);
    }
}
