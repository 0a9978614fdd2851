use dynamodb::Key;
use store::PendingCountsItem;

/// Counts that are not rolled up yet, and the key of their item.
#[derive(Clone, Debug)]
pub(crate) struct PendingCounts {
    pub(crate) key: Key,
    pub(crate) counts: PendingCountsItem,
}
