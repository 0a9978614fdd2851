//! Writes in a conversation. No write succeeds after the conversation was erased. The conversation
//! never expires before an item that is written in it.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use domain::Timestamp;
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, number, transact_all, transact_item, update_expression,
};
use errors::Fault;

use crate::conversation::ConversationItem;
use crate::conversation_ref::ConversationRef;
use crate::expiry_change::ExpiryChange;
use crate::stored_conversation::StoredConversation;
use crate::visitor_conversations::renew_visitor_links;

/// How often a write is retried if the conversation's expiry differs from what the write assumed.
const EXPIRY_RETRIES: u32 = 3;

/// The update of the conversation in a transaction: assignments, and conditions in addition to its
/// existence. An empty update only checks that the conversation exists and expires no earlier than
/// the items written with it.
#[derive(Clone, Debug, Default)]
pub struct ConversationUpdate {
    assignments: Vec<String>,
    removals: Vec<&'static str>,
    conditions: Vec<String>,
    names: Vec<(&'static str, &'static str)>,
    values: Vec<(&'static str, AttributeValue)>,
}

impl ConversationUpdate {
    /// Adds an assignment, such as `rating = :rating`.
    #[must_use]
    pub fn set(mut self, assignment: &str) -> Self {
        self.assignments.push(assignment.to_owned());
        self
    }

    /// Removes an attribute, such as `current_request.withdrawn_at`.
    #[must_use]
    pub fn remove(mut self, path: &'static str) -> Self {
        self.removals.push(path);
        self
    }

    /// Adds a condition, such as `channel = :widget`.
    #[must_use]
    pub fn require(mut self, condition: &str) -> Self {
        self.conditions.push(format!("({condition})"));
        self
    }

    /// Defines `placeholder`, such as `#status`, as the attribute `name`.
    #[must_use]
    pub fn name(mut self, placeholder: &'static str, name: &'static str) -> Self {
        self.names.push((placeholder, name));
        self
    }

    /// Defines `placeholder`, such as `:rating`, as `value`.
    #[must_use]
    pub fn value(mut self, placeholder: &'static str, value: AttributeValue) -> Self {
        self.values.push((placeholder, value));
        self
    }

    fn into_transact_item(
        self,
        table: &Table,
        conversation_ref: ConversationRef<'_>,
        expiry_change: ExpiryChange,
    ) -> Result<TransactWriteItem, Fault> {
        let retention = table.retention();
        let mut assignments = self.assignments;
        assignments.extend(expiry_change.assignment(retention).map(ToOwned::to_owned));
        let mut conditions = vec![expiry_change.write_condition(retention)];
        conditions.extend(self.conditions);
        let mut removals = self.removals;
        removals.extend(expiry_change.removal(retention));
        if assignments.is_empty() && removals.is_empty() {
            // An update must change an attribute. A condition check would need a permission of its
            // own.
            assignments.push("channel = channel".to_owned());
        }
        let mut values = self.values;
        values.push((":now", number(conversation_ref.now.epoch_seconds())));
        if let Some(expires_at) = retention.expires_at(conversation_ref.now) {
            values.push((":expires_at", number(expires_at)));
        }
        let condition = conditions.join(" AND ");
        let mut update = table
            .update(conversation_ref.key())
            .update_expression(update_expression(&assignments, &removals))
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
pub struct OutcomesInConversation<O> {
    /// The outcome of the conversation's update.
    pub conversation: ItemOutcome,
    /// The outcomes of the other items, in the order of the request.
    pub others: O,
}

/// Reads the conversation. Returns `None` if it does not exist, was erased or has expired.
///
/// # Errors
/// If DynamoDB fails, or the item is not a conversation.
pub async fn get_conversation(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
) -> Result<Option<ConversationItem>, Fault> {
    let stored = StoredConversation::read(table.get_item(conversation_ref.key()).await?)?;
    Ok(stored.into_existing(conversation_ref.now))
}

/// Makes `update` and all of `others` in one transaction, or nothing. It succeeds only if the
/// conversation was neither erased nor has expired.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_in_conversation<const N: usize>(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
    update: ConversationUpdate,
    others: [TransactWriteItem; N],
) -> Result<TransactOutcome<OutcomesInConversation<[ItemOutcome; N]>>, Fault> {
    Ok(
        match transact_all_in_conversation(table, conversation_ref, update, &others).await? {
            TransactOutcome::Committed => TransactOutcome::Committed,
            TransactOutcome::Unknown(fault) => TransactOutcome::Unknown(fault),
            TransactOutcome::Refused(refused) => TransactOutcome::Refused(OutcomesInConversation {
                conversation: refused.conversation,
                others: refused.others.try_into().map_err(|_| {
                    Fault::internal(
                        "DynamoDB did not report an outcome for each item of a transaction",
                    )
                })?,
            }),
        },
    )
}

/// As [`transact_in_conversation`], for any number of other items, at most 99.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_all_in_conversation(
    table: &Table,
    conversation_ref: ConversationRef<'_>,
    update: ConversationUpdate,
    others: &[TransactWriteItem],
) -> Result<TransactOutcome<OutcomesInConversation<Vec<ItemOutcome>>>, Fault> {
    let mut expiry_change = ExpiryChange::Extended;
    for _ in 0..=EXPIRY_RETRIES {
        let mut items = Vec::with_capacity(others.len() + 1);
        items.push(
            update
                .clone()
                .into_transact_item(table, conversation_ref, expiry_change)?,
        );
        items.extend_from_slice(others);
        let mut outcomes = match transact_all(table, &items).await? {
            TransactOutcome::Committed => return Ok(TransactOutcome::Committed),
            TransactOutcome::Unknown(fault) => return Ok(TransactOutcome::Unknown(fault)),
            TransactOutcome::Refused(outcomes) => outcomes.into_iter(),
        };
        let refused = OutcomesInConversation {
            conversation: outcomes.next().unwrap_or(ItemOutcome::Passed),
            others: outcomes.collect::<Vec<_>>(),
        };
        let Some(existing) = existing_conversation(&refused.conversation, conversation_ref.now)?
        else {
            return Ok(TransactOutcome::Refused(refused));
        };
        let needed = ExpiryChange::of(&existing, table.retention(), conversation_ref.now);
        if existing.outlives_visitor_links(table.retention(), conversation_ref.now) {
            renew_visitor_links(table, conversation_ref, &existing).await?;
        } else if needed == expiry_change {
            return Ok(TransactOutcome::Refused(refused));
        }
        expiry_change = needed;
    }
    Err(Fault::contended(
        "the expiry of a conversation or of its visitors' links changed during every attempt of a write",
    ))
}

/// The conversation whose condition failed, if it exists at `now`.
fn existing_conversation(
    outcome: &ItemOutcome,
    now: Timestamp,
) -> Result<Option<ConversationItem>, Fault> {
    match outcome {
        ItemOutcome::Passed | ItemOutcome::NotEvaluated(_) => Ok(None),
        ItemOutcome::Failed(item) | ItemOutcome::ReadAfterwards(item) => {
            Ok(StoredConversation::read(item.clone())?.into_existing(now))
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::Update;
    use domain::{ConversationId, OrganisationId};
    use dynamodb::{Key, string, write_item};

    use super::*;
    use crate::stored_conversation::Tombstone;
    use crate::test_table::table;

    fn now() -> Timestamp {
        Timestamp::from_epoch_seconds(100).unwrap()
    }

    fn built(
        update: ConversationUpdate,
        retention_days: &str,
        expiry_change: ExpiryChange,
    ) -> Update {
        let organisation = OrganisationId::parse("acme").unwrap();
        let conversation = ConversationId::parse("c").unwrap();
        let conversation_ref = ConversationRef::new(&organisation, &conversation, now());
        let table = table(retention_days);
        let item = update.into_transact_item(&table, conversation_ref, expiry_change);
        item.unwrap().update.unwrap()
    }

    #[test]
    fn an_update_adds_the_expiry_and_the_condition_that_the_conversation_exists() {
        let update = ConversationUpdate::default()
            .set("#status = :status")
            .name("#status", "status")
            .value(":status", string("open"))
            .require("channel = :widget OR channel = :voice");
        let update = built(update, "1", ExpiryChange::Extended);
        assert_eq!(
            update.update_expression(),
            "SET #status = :status, expires_at = :expires_at"
        );
        let condition = update.condition_expression().unwrap();
        assert!(
            condition.starts_with(ConversationItem::EXISTS),
            "{condition}"
        );
        let own = " AND (channel = :widget OR channel = :voice)";
        assert!(condition.ends_with(own), "{condition}");
        let values = update.expression_attribute_values.unwrap();
        assert_eq!(values.get(":now"), Some(&number(100)));
        assert_eq!(values.get(":expires_at"), Some(&number(100 + 24 * 60 * 60)));
    }

    #[test]
    fn an_empty_update_changes_nothing_but_the_expiry() {
        for (retention_days, expiry_change, expected) in [
            ("1", ExpiryChange::Extended, "SET expires_at = :expires_at"),
            ("1", ExpiryChange::Unchanged, "SET channel = channel"),
            ("0", ExpiryChange::Extended, "REMOVE expires_at"),
        ] {
            let update = built(ConversationUpdate::default(), retention_days, expiry_change);
            assert_eq!(update.update_expression(), expected);
        }
    }

    #[test]
    fn a_refused_write_is_retried_only_if_the_conversation_exists() {
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let tombstone = Tombstone {
            erased_at: now(),
            visitors: Default::default(),
        };
        let erased = write_item(key.clone(), &tombstone).unwrap();
        for outcome in [
            ItemOutcome::Passed,
            ItemOutcome::NotEvaluated(key),
            ItemOutcome::Failed(None),
            ItemOutcome::Failed(Some(erased)),
        ] {
            assert!(existing_conversation(&outcome, now()).unwrap().is_none());
        }
    }
}
