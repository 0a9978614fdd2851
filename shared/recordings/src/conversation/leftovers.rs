//! Items that remain in the partition of a conversation that no longer exists.
//!
//! A conversation expires after all items that belong to it. Earlier versions did not guarantee
//! this, so their items can outlive the conversation. They must not appear in a conversation that
//! is recorded later under the same ID.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use dynamodb::{
    ABSENT_OR_EXPIRED, Key, Table, TransactOutcome, number, string, transact_all, transact_item,
};
use errors::Fault;
use store::{ConversationRef, key};

/// The maximum number of items that one transaction deletes: DynamoDB's 100 actions minus the
/// conversation's own.
const ITEMS_AT_ONCE: i32 = 99;

/// Returns whether leftovers may exist: false if the partition contains no entry, rating request or
/// transcript.
pub(super) async fn has_leftovers(table: &Table, at: ConversationRef<'_>) -> Result<bool, Fault> {
    // Leftovers were written long ago, so an eventually consistent read is enough.
    let query = keys(table, at)
        .consistent_read(false)
        .key_condition_expression("pk = :pk AND sk >= :first")
        .expression_attribute_values(":first", string(key::ENTRIES))
        .limit(1);
    Ok(!table.read_item_page(query).await?.items.is_empty())
}

/// Deletes the leftover entries and transcripts while the conversation does not exist. Returns
/// false if it exists.
pub(super) async fn remove_leftovers(
    table: &Table,
    at: ConversationRef<'_>,
) -> Result<bool, Fault> {
    for prefix in [key::ENTRIES, key::TRANSCRIPTS] {
        loop {
            let query = keys(table, at)
                .consistent_read(true)
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", string(prefix))
                .limit(ITEMS_AT_ONCE);
            let page = table.read_item_page(query).await?;
            let mut items = vec![transact_item(
                table
                    .check(at.key())
                    .condition_expression(ABSENT_OR_EXPIRED)
                    .expression_attribute_values(":now", number(at.now.epoch_seconds())),
            )?];
            for item in &page.items {
                items.push(transact_item(table.delete(Key::of_item(item)?))?);
            }
            if items.len() == 1 {
                break;
            }
            match transact_all(table, &items).await? {
                TransactOutcome::Committed => {}
                TransactOutcome::Refused(_) => return Ok(false),
                TransactOutcome::Unknown(fault) => return Err(fault),
            }
        }
    }
    Ok(true)
}

/// Queries only the keys of the partition.
fn keys(table: &Table, at: ConversationRef<'_>) -> QueryFluentBuilder {
    let partition = key::conversation_partition(at.organisation, at.conversation);
    table
        .new_query()
        .projection_expression("pk, sk")
        .expression_attribute_values(":pk", string(partition))
}
