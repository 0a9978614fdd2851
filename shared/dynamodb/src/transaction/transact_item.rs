use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use aws_sdk_dynamodb::types::builders::{
    ConditionCheckBuilder, DeleteBuilder, PutBuilder, UpdateBuilder,
};
use errors::Fault;

use crate::key::Key;

/// A write or a condition check that can be part of a transaction.
pub trait IntoTransactItem {
    /// The item of the transaction.
    ///
    /// # Errors
    /// If a required member is missing.
    fn into_transact_item(self) -> Result<TransactWriteItem, BuildError>;
}

impl IntoTransactItem for PutBuilder {
    fn into_transact_item(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().put(self.build()?).build())
    }
}

impl IntoTransactItem for UpdateBuilder {
    fn into_transact_item(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().update(self.build()?).build())
    }
}

impl IntoTransactItem for DeleteBuilder {
    fn into_transact_item(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().delete(self.build()?).build())
    }
}

impl IntoTransactItem for ConditionCheckBuilder {
    fn into_transact_item(self) -> Result<TransactWriteItem, BuildError> {
        let check = self.build()?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

/// Makes an item of a transaction from a write or a condition check.
///
/// # Errors
/// If a required member is missing, which is a bug.
pub fn transact_item(write: impl IntoTransactItem) -> Result<TransactWriteItem, Fault> {
    write
        .into_transact_item()
        .map_err(|_| Fault::internal("an item of a transaction is incomplete"))
}

/// The key that an item of a transaction writes or checks.
pub(super) fn key_of(item: &TransactWriteItem) -> Result<Key, Fault> {
    let key = match (
        item.put(),
        item.update(),
        item.delete(),
        item.condition_check(),
    ) {
        (Some(put), ..) => put.item(),
        (_, Some(update), ..) => update.key(),
        (_, _, Some(delete), _) => delete.key(),
        (.., Some(check)) => check.key(),
        _ => return Err(Fault::internal("an item of a transaction has no operation")),
    };
    Key::of_item(key)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, Update};

    use super::*;

    fn key() -> Key {
        Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        }
    }

    #[test]
    fn the_key_of_a_put_update_delete_or_check_is_found() {
        let item = || Some(key().into_item());
        let (put, update) = (Put::builder(), Update::builder());
        let (delete, check) = (Delete::builder(), ConditionCheck::builder());
        for item in [
            transact_item(put.table_name("t").set_item(item())),
            transact_item(
                update
                    .table_name("t")
                    .set_key(item())
                    .update_expression("SET a = :a"),
            ),
            transact_item(delete.table_name("t").set_key(item())),
            transact_item(
                check
                    .table_name("t")
                    .set_key(item())
                    .condition_expression("a = :a"),
            ),
        ] {
            assert_eq!(key_of(&item.unwrap()).unwrap(), key());
        }
    }

    #[test]
    fn an_item_without_an_operation_or_a_table_is_a_fault() {
        assert!(key_of(&TransactWriteItem::builder().build()).is_err());
        assert!(transact_item(Put::builder().set_item(Some(key().into_item()))).is_err());
    }
}
