use std::collections::BTreeSet;

use domain::{Timestamp, VisitorHash};
use dynamodb::{Batch, Item, ItemOutcome, Key, read_item};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;

/// What stands in the place of an erased conversation, for good: no write in the conversation takes
/// place beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When it was erased.
    pub erased_at: Timestamp,
    /// Whose partitions still lead to it. They go last, so that a visitor's erasure that was
    /// interrupted finds it again; then this goes, too.
    #[serde(
        default,
        with = "serde_dynamo::string_set",
        skip_serializing_if = "BTreeSet::is_empty"
    )]
    pub visitors: BTreeSet<VisitorHash>,
}

/// What stands under a conversation's key, whether it has expired or not.
#[derive(Clone, Debug)]
pub enum StoredConversation {
    /// Nothing.
    Absent,
    /// A conversation.
    Recorded(Box<ConversationItem>),
    /// What is left of an erased one.
    Erased(Tombstone),
}

impl StoredConversation {
    /// Reads what stands there.
    ///
    /// # Errors
    /// Where it is neither a conversation nor a tombstone.
    pub fn read(item: Option<Item>) -> Result<Self, Fault> {
        Ok(match item {
            None => Self::Absent,
            Some(item) if item.contains_key("erased_at") => Self::Erased(read_item(item)?),
            Some(item) => Self::Recorded(Box::new(read_item(item)?)),
        })
    }

    /// What a leg that is about a conversation met; `None` if the leg is fine.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone, or was not read.
    pub fn of_outcome(leg: ItemOutcome) -> Result<Option<Self>, Fault> {
        leg.into_item()?.map(Self::read).transpose()
    }

    /// Takes the conversation under `key` from a batch.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone.
    pub fn take_from(batch: &mut Batch, key: &Key) -> Result<Self, Fault> {
        Self::read(batch.take_item(key))
    }

    /// The conversation that stands at `now`: neither erased nor expired.
    pub fn live(self, now: Timestamp) -> Option<ConversationItem> {
        match self {
            Self::Recorded(conversation) if !conversation.has_expired(now) => Some(*conversation),
            _ => None,
        }
    }
}
