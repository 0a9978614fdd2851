use std::collections::BTreeSet;

use domain::{Timestamp, VisitorHash};
use dynamodb::{Batch, Item, ItemOutcome, Key, ReportedItem, read_item};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;

/// The permanent record that a conversation was erased. While it exists, every write in the
/// conversation is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When the conversation was erased.
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
    /// The key has no item.
    Absent,
    /// A conversation, which may have expired.
    Recorded(Box<ConversationItem>),
    /// The tombstone of an erased conversation.
    Erased(Tombstone),
}

impl StoredConversation {
    /// Reads the item under a conversation's key.
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

    /// What a refused transaction reports about the conversation. It is absent if it was erased or
    /// has expired at `now`.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone, or was not read.
    pub fn reported(
        outcome: ItemOutcome,
        now: Timestamp,
    ) -> Result<ReportedItem<ConversationItem>, Fault> {
        Ok(match outcome.into_item()? {
            ReportedItem::NotReported => ReportedItem::NotReported,
            ReportedItem::Absent => ReportedItem::Absent,
            ReportedItem::Existing(item) => Self::read(Some(item))?
                .into_existing(now)
                .map_or(ReportedItem::Absent, ReportedItem::Existing),
        })
    }

    /// Takes the conversation under `key` from a batch.
    ///
    /// # Errors
    /// If the item is neither a conversation nor a tombstone.
    pub fn take_from(batch: &mut Batch, key: &Key) -> Result<Self, Fault> {
        Self::read(batch.take_item(key))
    }

    /// The conversation, if it exists at `now`: it was neither erased nor has it expired.
    pub fn into_existing(self, now: Timestamp) -> Option<ConversationItem> {
        match self {
            Self::Recorded(conversation) if !conversation.has_expired(now) => Some(*conversation),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, UniqueId, VisitorSecret};
    use dynamodb::write_item;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds).unwrap()
    }

    fn item(value: &impl Serialize) -> Option<Item> {
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        Some(write_item(key, value).unwrap())
    }

    fn conversation(expires_at: Option<i64>) -> Option<Item> {
        item(&ConversationItem {
            expires_at,
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                at(0),
            )
        })
    }

    fn tombstone() -> Option<Item> {
        item(&Tombstone {
            erased_at: at(1),
            visitors: BTreeSet::new(),
        })
    }

    #[test]
    fn a_conversation_exists_until_it_is_erased_or_expires() {
        for (item, exists) in [
            (conversation(None), true),
            (conversation(Some(101)), true),
            (conversation(Some(100)), false),
            (tombstone(), false),
            (None, false),
        ] {
            let stored = StoredConversation::read(item).unwrap();
            assert_eq!(
                stored.clone().into_existing(at(100)).is_some(),
                exists,
                "{stored:?}"
            );
        }
    }

    #[test]
    fn a_tombstone_is_read_as_an_erased_conversation() {
        match StoredConversation::read(tombstone()).unwrap() {
            StoredConversation::Erased(tombstone) => assert_eq!(tombstone.erased_at, at(1)),
            stored => panic!("not erased: {stored:?}"),
        }
    }

    #[test]
    fn a_refused_transaction_reports_the_conversation_only_if_its_condition_failed() {
        let reported = |outcome| StoredConversation::reported(outcome, at(100)).unwrap();
        let failed = |item| reported(ItemOutcome::Failed(item));
        assert!(matches!(
            reported(ItemOutcome::Passed),
            ReportedItem::NotReported
        ));
        assert!(matches!(failed(None), ReportedItem::Absent));
        assert!(matches!(failed(tombstone()), ReportedItem::Absent));
        assert!(matches!(
            failed(conversation(Some(100))),
            ReportedItem::Absent
        ));
        assert!(matches!(
            failed(conversation(None)),
            ReportedItem::Existing(_)
        ));
    }
}
