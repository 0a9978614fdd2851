use domain::{ArrivalOrder, AuthorKind, Entry, EntryContent, Timestamp, UniqueId, Visibility};
use dynamodb::{Item, Key, item_bytes, read_item, write_item};
use errors::Fault;
use store::{ConversationRef, EntryItem, key};

use crate::messages::new_message::NewMessage;

/// A message as a transaction writes it.
#[derive(Clone, Debug)]
pub(super) struct PreparedMessage {
    pub(super) key: Key,
    pub(super) sent_at: Timestamp,
    /// Its place in the thread: [`key::thread_sort_key`].
    pub(super) place: String,
    pub(super) visibility: Visibility,
    pub(super) author: AuthorKind,
    pub(super) as_of: Option<Timestamp>,
    /// The attributes to record, without the key and the expiry.
    pub(super) attributes: Item,
}

impl PreparedMessage {
    /// Prepares `message`, which has this position in the recording `recording_id`.
    pub(super) fn new(
        message: NewMessage,
        conversation: ConversationRef<'_>,
        recording_id: &UniqueId,
        position: usize,
    ) -> Result<Self, Fault> {
        let author = message.content.author.kind;
        let as_of = message.as_of;
        let sent_at = message.sent_at;
        let entry = Entry {
            id: message.id.into(),
            at: message.sent_at,
            visibility: message.visibility,
            content: EntryContent::Message(message.content),
        };
        let key = key::entry(
            conversation.organisation,
            conversation.conversation,
            entry.at,
            &entry.id,
        );
        let place = key::thread_sort_key(entry.at, &entry.id);
        let visibility = entry.visibility;
        let item = EntryItem {
            arrival: Some(ArrivalOrder::new(conversation.now, recording_id, position)),
            written_by: Some(recording_id.to_string()),
            as_of,
            ..EntryItem::from(entry)
        };
        let mut attributes = write_item(key.clone(), &item)?;
        for name in key.clone().into_item().keys() {
            attributes.remove(name);
        }
        Ok(Self {
            key,
            sent_at,
            place,
            visibility,
            author,
            as_of,
            attributes,
        })
    }

    /// Whether `recorded` has the same content: all that a reader sees.
    pub(super) fn has_content_of(&self, recorded: &EntryItem) -> Result<bool, Fault> {
        let new: EntryItem = read_item(self.attributes.clone())?;
        Ok(new.entry == recorded.entry)
    }

    /// The size of the message's item, including its key.
    pub(super) fn bytes(&self) -> usize {
        item_bytes(&self.attributes) + item_bytes(&self.key.clone().into_item())
    }
}
