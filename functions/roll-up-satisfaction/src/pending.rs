use dynamodb::{Key, Table, TransactWriteItem, number, transact_item};
use errors::Fault;
use store::{PendingCountsItem, ReasonCountsItem};

/// Counts that are not rolled up yet, and the key of their item.
#[derive(Clone, Debug)]
pub(crate) struct PendingCounts {
    pub(crate) key: Key,
    pub(crate) counts: PendingCountsItem,
}

/// Counts by reason that are not rolled up yet, and the key of their item.
#[derive(Clone, Debug)]
pub(crate) struct PendingReason {
    pub(crate) key: Key,
    pub(crate) counts: ReasonCountsItem,
}

impl PendingCounts {
    /// Deletes the counts from their shard if they equal the amounts that are moved.
    pub(crate) fn delete(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let amounts = PendingCountsItem::amounts(self.counts.change());
        delete_if_equal(table, &self.key, &PendingCountsItem::AMOUNTS, amounts)
    }
}

impl PendingReason {
    /// Deletes the counts from their shard if they equal the amounts that are moved.
    pub(crate) fn delete(&self, table: &Table) -> Result<TransactWriteItem, Fault> {
        let amounts = self.counts.amounts();
        delete_if_equal(table, &self.key, &ReasonCountsItem::AMOUNTS, amounts)
    }
}

/// Deletes the item under `key` if its `attributes` equal `amounts`. If they changed and equal them
/// again, the amounts to move are still correct.
fn delete_if_equal(
    table: &Table,
    key: &Key,
    attributes: &[(&str, &str)],
    amounts: impl Iterator<Item = (&'static str, i64)>,
) -> Result<TransactWriteItem, Fault> {
    let condition: Vec<_> = attributes
        .iter()
        .map(|(attribute, value)| format!("{attribute} = {value}"))
        .collect();
    let mut delete = table
        .delete(key.clone())
        .condition_expression(condition.join(" AND "));
    for (placeholder, amount) in amounts {
        delete = delete.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(delete)
}
