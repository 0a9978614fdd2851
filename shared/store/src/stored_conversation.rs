use std::collections::BTreeSet;

use domain::{Timestamp, VisitorHash};
use dynamodb::{Batch, Item, ItemOutcome, Key, read_item};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;

/// The permanent record that a conversation was erased. It prevents all later writes in the
/// conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When it was erased.
    pub erased_at: Timestamp,
    /// The visitors whose partitions still link to it. The links are deleted last, so that a retry
    /// of an interrupted erasure of a visitor finds the conversation again. Then this set is
    /// removed, too.
    #[serde(
        default,
        with = "serde_dynamo::string_set",
        skip_serializing_if = "BTreeSet::is_empty"
    )]
    pub visitors: BTreeSet<VisitorHash>,
}

/// The item under a conversation's key, whether it has expired or not.
#[derive(Clone, Debug)]
pub enum StoredConversation {
    /// No item.
    Absent,
    /// A conversation.
    Recorded(Box<ConversationItem>),
    /// The tombstone of an erased conversation.
    Erased(Tombstone),
}

impl StoredConversation {
    /// Reads the item.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone.
    pub fn read(item: Option<Item>) -> Result<Self, Fault> {
        Ok(match item {
            None => Self::Absent,
            Some(item) if item.contains_key("erased_at") => Self::Erased(read_item(item)?),
            Some(item) => Self::Recorded(Box::new(read_item(item)?)),
        })
    }

    /// The stored conversation of a refused item of a transaction; `None` if the item's condition
    /// passed.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone, or was not read.
    pub fn of_outcome(outcome: ItemOutcome) -> Result<Option<Self>, Fault> {
        outcome.into_item()?.map(Self::read).transpose()
    }

    /// Takes the conversation under `key` from a batch.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone.
    pub fn take_from(batch: &mut Batch, key: &Key) -> Result<Self, Fault> {
        Self::read(batch.take_item(key))
    }

    /// The conversation, if at `now` it was neither erased nor has expired.
    pub fn live(self, now: Timestamp) -> Option<ConversationItem> {
        match self {
            Self::Recorded(conversation) if !conversation.has_expired(now) => Some(*conversation),
            _ => None,
        }
    }
}
