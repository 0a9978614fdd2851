//! Writes in a conversation. No write succeeds after the conversation was erased. The conversation
//! never expires before an item that is written in it.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use domain::Timestamp;
use dynamodb::{ItemOutcome, Table, TransactOutcome, number, transact_all, transact_item};
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::conversation_ref::ConversationRef;
use crate::lifetime::Lifetime;
use crate::stored_conversation::StoredConversation;
use crate::visitor_conversations::renew_visitors;

/// How often a write is retried if the conversation's expiry differs from what the write assumed.
const LIFETIME_RETRIES: u32 = 3;

/// The update of the conversation in a transaction: assignments, and conditions in addition to its
/// existence. An empty update only checks that the conversation exists and expires no earlier than
/// the items written with it.
#[derive(Clone, Debug, Default)]
pub struct ConversationUpdate {
    assignments: Vec<String>,
    conditions: Vec<String>,
    names: Vec<(&'static str, &'static str)>,
    values: Vec<(&'static str, AttributeValue)>,
}

impl ConversationUpdate {
    /// Sets an attribute, as in `rating = :rating`.
    #[must_use]
    pub fn set(mut self, assignment: &str) -> Self {
        self.assignments.push(assignment.to_owned());
        self
    }

    /// Adds a condition, as in `channel = :widget`.
    #[must_use]
    pub fn require(mut self, condition: &str) -> Self {
        self.conditions.push(format!("({condition})"));
        self
    }

    /// Defines the placeholder of a name.
    #[must_use]
    pub fn name(mut self, placeholder: &'static str, name: &'static str) -> Self {
        self.names.push((placeholder, name));
        self
    }

    /// Defines the placeholder of a value.
    #[must_use]
    pub fn value(mut self, placeholder: &'static str, value: AttributeValue) -> Self {
        self.values.push((placeholder, value));
        self
    }

    fn into_transact_item(
        self,
        table: &Table,
        at: ConversationRef<'_>,
        lifetime: Lifetime,
    ) -> Result<TransactWriteItem, Fault> {
        let retention = table.retention();
        let mut assignments = self.assignments;
        assignments.extend(lifetime.assignment(retention).map(ToOwned::to_owned));
        let mut conditions = vec![ConversationItem::may_be_written(retention, lifetime)];
        conditions.extend(self.conditions);
        let removal = lifetime.removal(retention);
        if assignments.is_empty() && removal.is_none() {
            // An update must change an attribute. A condition check would need a permission of its
            // own.
            assignments.push("channel = channel".to_owned());
        }
        let mut expression = String::new();
        if !assignments.is_empty() {
            expression = format!("SET {}", assignments.join(", "));
        }
        if let Some(removal) = removal {
            expression = format!("{expression} REMOVE {removal}").trim().to_owned();
        }
        let mut values = self.values;
        values.push((":now", number(at.now.epoch_seconds())));
        if let Some(expires_at) = retention.expires_at(at.now) {
            values.push((":expires_at", number(expires_at)));
        }
        let condition = conditions.join(" AND ");
        let mut update = table
            .update(at.key())
            .update_expression(expression)
            .condition_expression(condition);
        for (placeholder, name) in self.names {
            update = update.expression_attribute_names(placeholder, name);
        }
        for (placeholder, value) in values {
            update = update.expression_attribute_values(placeholder, value);
        }
        transact_item(update)
    }
}

/// The outcomes of the items of a refused transaction in a conversation.
#[derive(Debug)]
pub struct InConversation<L> {
    /// The outcome of the conversation's update.
    pub conversation: ItemOutcome,
    /// The outcomes of the other items, in the order of the request.
    pub others: L,
}

/// Reads the conversation. Returns `None` if it does not exist, was erased or has expired.
///
/// # Errors
/// If DynamoDB fails, or the item is not a conversation.
pub async fn get_conversation(
    table: &Table,
    at: ConversationRef<'_>,
) -> Result<Option<ConversationItem>, Fault> {
    let stored = StoredConversation::read(table.get_item(at.key()).await?)?;
    Ok(stored.live(at.now))
}

/// Writes `conversation` and all of `others`, or nothing. It succeeds only if the conversation was
/// neither erased nor has expired.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_in<const N: usize>(
    table: &Table,
    at: ConversationRef<'_>,
    conversation: ConversationUpdate,
    others: [TransactWriteItem; N],
) -> Result<TransactOutcome<InConversation<[ItemOutcome; N]>>, Fault> {
    Ok(
        match transact_all_in(table, at, conversation, &others).await? {
            TransactOutcome::Committed => TransactOutcome::Committed,
            TransactOutcome::Unknown(fault) => TransactOutcome::Unknown(fault),
            TransactOutcome::Refused(refused) => TransactOutcome::Refused(InConversation {
                conversation: refused.conversation,
                others: refused.others.try_into().map_err(|_| {
                    Fault::internal("a refused transaction does not explain each of its legs")
                })?,
            }),
        },
    )
}

/// As [`transact_in`], for any number of other items, at most 99.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_all_in(
    table: &Table,
    at: ConversationRef<'_>,
    conversation: ConversationUpdate,
    others: &[TransactWriteItem],
) -> Result<TransactOutcome<InConversation<Vec<ItemOutcome>>>, Fault> {
    let mut lifetime = Lifetime::Renewed;
    for _ in 0..=LIFETIME_RETRIES {
        let mut items = Vec::with_capacity(others.len() + 1);
        items.push(
            conversation
                .clone()
                .into_transact_item(table, at, lifetime)?,
        );
        items.extend_from_slice(others);
        let mut outcomes = match transact_all(table, &items).await? {
            TransactOutcome::Committed => return Ok(TransactOutcome::Committed),
            TransactOutcome::Unknown(fault) => return Ok(TransactOutcome::Unknown(fault)),
            TransactOutcome::Refused(outcomes) => outcomes.into_iter(),
        };
        let refused = InConversation {
            conversation: outcomes.next().unwrap_or(ItemOutcome::Passed),
            others: outcomes.collect::<Vec<_>>(),
        };
        let Some(existing) = existing_conversation(&refused.conversation, at.now)? else {
            return Ok(TransactOutcome::Refused(refused));
        };
        if existing.outlives_its_links(table.retention(), at.now) {
            renew_visitors(table, at, &existing).await?;
        } else if Lifetime::of(&existing, table.retention(), at.now) == lifetime {
            return Ok(TransactOutcome::Refused(refused));
        }
        lifetime = Lifetime::of(&existing, table.retention(), at.now);
    }
    Err(Fault::contended("a conversation's expiry kept changing"))
}
/// The conversation that refused an item of the transaction, if it exists at `now`.
fn existing_conversation(
    outcome: &ItemOutcome,
    now: Timestamp,
) -> Result<Option<ConversationItem>, Fault> {
    match outcome {
        ItemOutcome::Passed | ItemOutcome::NotEvaluated(_) => Ok(None),
        ItemOutcome::Failed(item) | ItemOutcome::ReadAfterwards(item) => {
            Ok(StoredConversation::read(item.clone())?.live(now))
        }
    }
}
