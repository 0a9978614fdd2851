//! The links from visitors to their conversations. A visitor's partition has one item for each
//! conversation that ever had the visitor's e-mail address.

use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{ConversationId, VisitorHash};
use dynamodb::{
    Table, TransactOutcome, number, string_set, transact, transact_all, transact_item, write_item,
};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::conversation::ConversationItem;
use crate::conversation_ref::ConversationRef;
use crate::key;

/// How much later than its conversation a link expires. Because of this margin a link is renewed at
/// most once a day, and not by every write.
const LINK_EXTRA_SECONDS: i64 = 24 * 60 * 60;

/// How many links one transaction renews: DynamoDB's limit of 100 items, minus the conversation's
/// update.
const LINKS_PER_TRANSACTION: usize = 99;

/// The link from a visitor to one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorConversationItem {
    /// The conversation that had the visitor's address.
    pub conversation_id: ConversationId,
    /// When it expires, in epoch seconds. `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// When a visitor's link expires if its conversation expires at `conversation_expiry`, both in
/// epoch seconds. `None` means never.
pub fn link_expiry(conversation_expiry: Option<i64>) -> Option<i64> {
    conversation_expiry.map(|expires_at| expires_at + LINK_EXTRA_SECONDS)
}

/// A put of the link from `visitor` to the conversation. The link expires at `expires_at`, in epoch
/// seconds, or never.
///
/// # Errors
/// If the item does not serialize, which is a bug.
pub fn put_visitor_conversation(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
    visitor: &VisitorHash,
    expires_at: Option<i64>,
) -> Result<TransactWriteItem, Fault> {
    let item = VisitorConversationItem {
        conversation_id: conversation_ref.conversation.clone(),
        expires_at,
    };
    let key = key::visitor_conversation(
        conversation_ref.organisation,
        visitor,
        conversation_ref.conversation,
    );
    transact_item(table.put_attributes(write_item(key, &item)?))
}

/// Adds a link from one more visitor to the existing `conversation`.
///
/// # Errors
/// If DynamoDB fails.
pub async fn add_visitor_link(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
    conversation: &ConversationItem,
    visitor: &VisitorHash,
) -> Result<(), Fault> {
    let until =
        link_expiry(conversation.expiry_after_write(table.retention(), conversation_ref.now));
    let mut add = table
        .update(conversation_ref.key())
        .condition_expression(ConversationItem::EXISTS)
        .expression_attribute_values(":now", number(conversation_ref.now.epoch_seconds()))
        .expression_attribute_values(":visitor", string_set(visitor));
    add = match until {
        // The other links may expire earlier, and `visitors_until` is the earliest expiry.
        Some(until) => add
            .update_expression(
                "ADD visitors :visitor SET visitors_until = if_not_exists(visitors_until, :until)",
            )
            .expression_attribute_values(":until", number(until)),
        None => add.update_expression("ADD visitors :visitor"),
    };
    let items = [
        transact_item(add)?,
        put_visitor_conversation(table, conversation_ref, visitor, until)?,
    ];
    transact(table, items).await?.ignore_refusal()
}

/// Renews all links to the existing `conversation`, so that none expires before a conversation that
/// is written now.
///
/// # Errors
/// If DynamoDB fails.
pub async fn renew_visitor_links(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
    conversation: &ConversationItem,
) -> Result<(), Fault> {
    let until =
        link_expiry(conversation.expiry_after_write(table.retention(), conversation_ref.now));
    let visitors: Vec<_> = conversation.visitors.iter().collect();
    for chunk in visitors.chunks(LINKS_PER_TRANSACTION) {
        let is_last = chunk.last() == visitors.last();
        let set = table
            .update(conversation_ref.key())
            .condition_expression(ConversationItem::EXISTS)
            .expression_attribute_values(":now", number(conversation_ref.now.epoch_seconds()));
        let set = match until {
            Some(until) if is_last => set
                .update_expression("SET visitors_until = :until")
                .expression_attribute_values(":until", number(until)),
            None if is_last => set.update_expression("REMOVE visitors_until"),
            // Only the last write may record that all links are renewed.
            _ => set.update_expression("SET channel = channel"),
        };
        let mut items = vec![transact_item(set)?];
        for visitor in chunk {
            items.push(put_visitor_conversation(
                table,
                conversation_ref,
                visitor,
                until,
            )?);
        }
        match transact_all(table, &items).await? {
            TransactOutcome::Committed => {}
            TransactOutcome::Refused(_) => return Ok(()),
            TransactOutcome::Unknown(fault) => return Err(fault),
        }
    }
    Ok(())
}
