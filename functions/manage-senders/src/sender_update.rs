use aws_sdk_dynamodb::types::AttributeValue;
use dynamodb::{Key, Table, WriteOutcome, read_item, update_if};
use errors::Fault;
use store::SenderItem;

/// Updates a sender's item if `condition` is met, and returns the updated item. Returns `None` if
/// the condition failed.
///
/// # Errors
/// If DynamoDB fails.
pub(crate) async fn update_sender<const N: usize>(
    table: &Table,
    key: Key,
    assignments: &str,
    condition: &str,
    values: [(&str, AttributeValue); N],
) -> Result<Option<SenderItem>, Fault> {
    let mut update = table
        .update(key)
        .update_expression(assignments)
        .condition_expression(condition);
    for (placeholder, value) in values {
        update = update.expression_attribute_values(placeholder, value);
    }
    match update_if(table, update).await? {
        WriteOutcome::Written(item) => read_item(item).map(Some),
        WriteOutcome::Refused(_) => Ok(None),
    }
}
