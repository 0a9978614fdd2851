//! What leads from a visitor to their conversations: in the visitor's partition one item for each
//! conversation that ever named the visitor's e-mail address.

use serde::{Deserialize, Serialize};

use super::store::{number, string_set, write_item};
use super::{ConversationAt, ConversationItem, Key, Table, TransactWriteItem, Transacted, leg};
use crate::domain::{ConversationId, Timestamp, VisitorHash};
use crate::fault::Fault;
use crate::table::WriteToken;

/// How much longer it lives than the conversation: it is renewed once in this time at most, and not
/// with every write.
const LEAD_SECONDS: i64 = 24 * 60 * 60;

/// How many visitors one transaction renews: DynamoDB's 100 actions less the conversation's own.
const VISITORS_AT_ONCE: usize = 99;

/// Leads from a visitor to one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorConversationItem {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// When it expires, in epoch seconds; never where it is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

impl Table {
    /// Until when what leads to a conversation is kept that is written at `now`, in epoch seconds;
    /// `None` for ever.
    pub fn visitors_until(&self, now: Timestamp) -> Option<i64> {
        let expires_at = self.retention().expires_at(now);
        expires_at.map(|expires_at| expires_at + LEAD_SECONDS)
    }

    /// The put of what leads from `visitor` to the conversation.
    ///
    /// # Errors
    /// Where the item does not serialise, which is a mistake in this code.
    pub fn put_visitor_conversation(
        &self,
        at: ConversationAt<'_>,
        visitor: &VisitorHash,
    ) -> Result<TransactWriteItem, Fault> {
        let item = VisitorConversationItem {
            conversation_id: at.conversation.clone(),
            expires_at: self.visitors_until(at.now),
        };
        let key = Key::visitor_conversation(at.organisation, visitor, at.conversation);
        leg(self.put_attributes(write_item(key, &item)?))
    }

    /// Lets one more visitor lead to the conversation that stands.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn add_visitor(
        &self,
        at: ConversationAt<'_>,
        visitor: &VisitorHash,
    ) -> Result<(), Fault> {
        let mut add = self
            .update(at.key())
            .condition_expression(ConversationItem::STANDS)
            .expression_attribute_values(":now", number(at.now.epoch_seconds()))
            .expression_attribute_values(":visitor", string_set(visitor));
        add = match self.visitors_until(at.now) {
            // The others' may end earlier, and decide.
            Some(until) => add
                .update_expression(
                    "ADD visitors :visitor SET visitors_until = if_not_exists(visitors_until, :until)",
                )
                .expression_attribute_values(":until", number(until)),
            None => add.update_expression("ADD visitors :visitor"),
        };
        let legs = [leg(add)?, self.put_visitor_conversation(at, visitor)?];
        match self.transact(WriteToken::random(), legs).await? {
            Transacted::Committed | Transacted::Refused(_) => Ok(()),
            Transacted::Unsettled(fault) => Err(fault),
        }
    }

    /// Lets all that leads to the conversation, where it stands, live as long as it will when it is
    /// written now.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn renew_visitors(
        &self,
        at: ConversationAt<'_>,
        conversation: &ConversationItem,
    ) -> Result<(), Fault> {
        let visitors: Vec<_> = conversation.visitors.iter().collect();
        for chunk in visitors.chunks(VISITORS_AT_ONCE) {
            let is_last = chunk.last() == visitors.last();
            let set = self
                .update(at.key())
                .condition_expression(ConversationItem::STANDS)
                .expression_attribute_values(":now", number(at.now.epoch_seconds()));
            let set = match self.visitors_until(at.now) {
                Some(until) if is_last => set
                    .update_expression("SET visitors_until = :until")
                    .expression_attribute_values(":until", number(until)),
                _ => set.update_expression("REMOVE visitors_until"),
            };
            let mut legs = vec![leg(set)?];
            for visitor in chunk {
                legs.push(self.put_visitor_conversation(at, visitor)?);
            }
            match self.transact_all(WriteToken::random(), &legs).await? {
                Transacted::Committed => {}
                Transacted::Refused(_) => return Ok(()),
                Transacted::Unsettled(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}
