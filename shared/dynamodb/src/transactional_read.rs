use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};
use errors::{AwsFailure, Fault};
use serde::de::DeserializeOwned;

use crate::item::read_item;
use crate::key::Key;
use crate::table::Table;

/// The outcome of a transactional read of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionalRead<T> {
    /// The item as it is outside of any transaction, or `None` if it does not exist.
    Read(Option<T>),
    /// A transaction is writing the item.
    InTransaction,
}

/// Reads one item, and detects a transaction that is writing it. Other reads can see a part of a
/// transaction until it is complete.
///
/// # Errors
/// If DynamoDB fails, or the item is not a `T`.
pub async fn read_transactionally<T: DeserializeOwned>(
    table: &Table,
    key: Key,
) -> Result<TransactionalRead<T>, Fault> {
    let get = Get::builder()
        .table_name(table.name())
        .set_key(Some(key.into_item()))
        .build()
        .map_err(|_| Fault::internal("a read of a transaction is incomplete"))?;
    let read = table
        .client()
        .transact_get_items()
        .transact_items(TransactGetItem::builder().get(get).build())
        .send()
        .await;
    match read {
        Ok(read) => {
            let mut items = read.responses.unwrap_or_default().into_iter();
            let item = items.next().and_then(|response| response.item);
            Ok(TransactionalRead::Read(item.map(read_item).transpose()?))
        }
        Err(error) => {
            let failure = AwsFailure::new("dynamodb:TransactGetItems", &error);
            match error.as_service_error() {
                Some(TransactGetItemsError::TransactionCanceledException(_)) => {
                    Ok(TransactionalRead::InTransaction)
                }
                _ => Err(Fault::storage(failure)),
            }
        }
    }
}
