use dynamodb::{Key, Table, TransactWriteItem, number, transact_item};
use errors::Fault;
use store::{PendingCountsItem, SubsetCountsItem};

/// Counts that are not rolled up yet, and the key of their item.
#[derive(Clone, Debug)]
pub(crate) struct PendingCounts {
    pub(crate) key: Key,
    pub(crate) counts: PendingCountsItem,
}

/// Counts of a subset that are not rolled up yet, and the key of their item.
#[derive(Clone, Debug)]
pub(crate) struct PendingSubset {
    pub(crate) key: Key,
    pub(crate) counts: SubsetCountsItem,
}

impl PendingCounts {
    /// Deletes the counts from their shard if they equal the amounts that are moved.
    pub(crate) fn delete(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let numbers = <[i64; 6]>::from(self.counts.change());
        let amounts = PendingCountsItem::AMOUNTS.into_iter().zip(numbers);
        delete_if_equal(table, &self.key, amounts)
    }
}

impl PendingSubset {
    /// Deletes the counts from their shard if they equal the amounts that are moved.
    pub(crate) fn delete(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        delete_if_equal(table, &self.key, self.counts.amounts())
    }
}

/// Deletes the item under `key` if its attributes equal `amounts`, each of which has the attribute and
/// a placeholder. If they changed and equal them again, the amounts to move are still correct.
fn delete_if_equal(
    table: &Table,
    key: &Key,
    amounts: impl Iterator<Item = ((&'static str, &'static str), i64)>,
) -> Result<TransactWriteItem, Fault> {
    let mut delete = table.delete(key.clone());
    let mut conditions = Vec::new();
    for ((attribute, placeholder), amount) in amounts {
        conditions.push(format!("{attribute} = {placeholder}"));
        delete = delete.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(delete.condition_expression(conditions.join(" AND ")))
}
