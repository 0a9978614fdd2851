use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ConversationItem;
use super::store::{Item, read_item};
use crate::domain::{Timestamp, VisitorHash};
use crate::fault::Fault;

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

    /// The conversation that stands at `now`: neither erased nor expired.
    pub fn standing(self, now: Timestamp) -> Option<ConversationItem> {
        match self {
            Self::Recorded(conversation) if !conversation.has_expired(now) => Some(*conversation),
            _ => None,
        }
    }
}
