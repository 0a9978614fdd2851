//! Conditional writes of one item.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use errors::{AwsFailure, Fault};

use crate::item::Item;
use crate::table::Table;

/// The outcome of a conditional write of one item.
#[derive(Debug)]
pub enum WriteOutcome {
    /// The item was written. This is the item after the write.
    Written(Item),
    /// The condition failed, and nothing was written. This is the existing item, if any.
    Refused(Option<Item>),
}

/// Updates one item if the condition of `update` is met.
///
/// # Errors
/// If DynamoDB fails.
pub async fn update_if(table: &Table, update: UpdateBuilder) -> Result<WriteOutcome, Fault> {
    let update = update
        .build()
        .map_err(|_| Fault::internal("an update is incomplete"))?;
    let written = table
        .client()
        .update_item()
        .table_name(update.table_name)
        .set_key(Some(update.key))
        .update_expression(update.update_expression)
        .set_condition_expression(update.condition_expression)
        .set_expression_attribute_names(update.expression_attribute_names)
        .set_expression_attribute_values(update.expression_attribute_values)
        .return_values(ReturnValue::AllNew)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match written {
        Ok(written) => Ok(WriteOutcome::Written(
            written.attributes.unwrap_or_default(),
        )),
        Err(error) => {
            let failure = AwsFailure::new("dynamodb:UpdateItem", &error);
            match error.into_service_error() {
                UpdateItemError::ConditionalCheckFailedException(refused) => {
                    Ok(WriteOutcome::Refused(refused.item))
                }
                _ => Err(Fault::storage(failure)),
            }
        }
    }
}

/// Puts one item. If `put` has a condition, the item is written only if the condition is met.
///
/// # Errors
/// If DynamoDB fails.
pub async fn put_if(table: &Table, put: PutBuilder) -> Result<WriteOutcome, Fault> {
    let put = put
        .build()
        .map_err(|_| Fault::internal("a put is incomplete"))?;
    let written = table
        .client()
        .put_item()
        .table_name(put.table_name)
        .set_item(Some(put.item.clone()))
        .set_condition_expression(put.condition_expression)
        .set_expression_attribute_names(put.expression_attribute_names)
        .set_expression_attribute_values(put.expression_attribute_values)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match written {
        Ok(_) => Ok(WriteOutcome::Written(put.item)),
        Err(error) => {
            let failure = AwsFailure::new("dynamodb:PutItem", &error);
            match error.into_service_error() {
                PutItemError::ConditionalCheckFailedException(refused) => {
                    Ok(WriteOutcome::Refused(refused.item))
                }
                _ => Err(Fault::storage(failure)),
            }
        }
    }
}

/// Deletes one item if the condition of `delete` is met. Returns whether it was deleted.
///
/// # Errors
/// If DynamoDB fails.
pub async fn delete_if(table: &Table, delete: DeleteBuilder) -> Result<bool, Fault> {
    let delete = delete
        .build()
        .map_err(|_| Fault::internal("a delete is incomplete"))?;
    let deleted = table
        .client()
        .delete_item()
        .table_name(delete.table_name)
        .set_key(Some(delete.key))
        .set_condition_expression(delete.condition_expression)
        .set_expression_attribute_names(delete.expression_attribute_names)
        .set_expression_attribute_values(delete.expression_attribute_values)
        .send()
        .await;
    match deleted {
        Ok(_) => Ok(true),
        Err(error) => match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(false),
            _ => Err(Fault::storage(AwsFailure::new(
                "dynamodb:DeleteItem",
                &error,
            ))),
        },
    }
}
