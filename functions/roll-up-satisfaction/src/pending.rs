use dynamodb::Key;
use store::PendingCountsItem;

/// Counts that are not folded, and where they stand.
#[derive(Clone, Debug)]
pub(crate) struct Unfolded {
    pub(crate) key: Key,
    pub(crate) counts: PendingCountsItem,
}
