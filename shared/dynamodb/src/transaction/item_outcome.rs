use errors::Fault;
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use crate::item::{Item, read_item};
use crate::key::Key;
use crate::table::Table;

/// What a refused transaction reports about one of its items.
#[derive(Debug)]
pub enum ItemOutcome {
    /// The condition of this item passed, or it has none.
    Passed,
    /// The condition of this item failed. This is the existing item, if any.
    Failed(Option<Item>),
    /// The last attempt met a conflict or throttling at this item, so DynamoDB did not evaluate its
    /// condition. [`read_not_evaluated`] reads the item under this key.
    NotEvaluated(Key),
    /// As `NotEvaluated`, with the item as it was read afterwards, if any.
    ReadAfterwards(Option<Item>),
}

/// The item under the key of one item of a refused transaction.
#[derive(Debug, PartialEq, Eq)]
pub enum ReportedItem<T> {
    /// The condition passed, so DynamoDB did not report whether an item exists.
    NotReported,
    /// No item exists.
    Absent,
    /// The existing item.
    Existing(T),
}

impl<T> ReportedItem<T> {
    /// The existing item; `None` if none exists or none was reported.
    pub fn into_existing(self) -> Option<T> {
        match self {
            Self::NotReported | Self::Absent => None,
            Self::Existing(item) => Some(item),
        }
    }

    /// Replaces an existing item that does not satisfy `is_kept` by [`ReportedItem::Absent`].
    #[must_use]
    pub fn filter(self, is_kept: impl FnOnce(&T) -> bool) -> Self {
        match self {
            Self::Existing(item) if !is_kept(&item) => Self::Absent,
            reported => reported,
        }
    }
}

impl ItemOutcome {
    /// Whether the outcome is [`ItemOutcome::NotEvaluated`].
    pub fn is_not_evaluated(&self) -> bool {
        matches!(self, Self::NotEvaluated(_))
    }

    /// The existing item, if the condition failed or the item was read afterwards.
    ///
    /// # Errors
    /// If the item was not evaluated and not read.
    pub fn into_item(self) -> Result<ReportedItem<Item>, Fault> {
        match self {
            Self::Passed => Ok(ReportedItem::NotReported),
            Self::Failed(item) | Self::ReadAfterwards(item) => {
                Ok(item.map_or(ReportedItem::Absent, ReportedItem::Existing))
            }
            Self::NotEvaluated(_) => Err(Fault::internal(
                "an item of a transaction was neither evaluated nor read",
            )),
        }
    }

    /// As [`ItemOutcome::into_item`], with the item read as a `T`.
    ///
    /// # Errors
    /// If the item is not a `T`, or was not evaluated and not read.
    pub fn read<T: DeserializeOwned>(self) -> Result<ReportedItem<T>, Fault> {
        Ok(match self.into_item()? {
            ReportedItem::NotReported => ReportedItem::NotReported,
            ReportedItem::Absent => ReportedItem::Absent,
            ReportedItem::Existing(item) => ReportedItem::Existing(read_item(item)?),
        })
    }
}

/// Reads the items whose outcome is [`ItemOutcome::NotEvaluated`], with strongly consistent reads.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_not_evaluated<const N: usize>(
    table: &Table,
    outcomes: [ItemOutcome; N],
) -> Result<[ItemOutcome; N], Fault> {
    let outcomes = read_all_not_evaluated(table, Vec::from(outcomes)).await?;
    outcomes.try_into().map_err(|_| {
        Fault::internal("reading the items of a transaction returned another number of outcomes")
    })
}

/// As [`read_not_evaluated`], for any number of outcomes.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_all_not_evaluated(
    table: &Table,
    outcomes: Vec<ItemOutcome>,
) -> Result<Vec<ItemOutcome>, Fault> {
    let read = outcomes.into_iter().map(async |outcome| {
        Ok(match outcome {
            ItemOutcome::NotEvaluated(key) => {
                ItemOutcome::ReadAfterwards(table.get_item(key).await?)
            }
            outcome => outcome,
        })
    });
    try_join_all(read).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::string;

    fn key() -> Key {
        Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        }
    }

    #[test]
    fn an_existing_item_is_reported_if_the_condition_failed_or_the_item_was_read_afterwards() {
        let item = key().into_item();
        for (outcome, expected) in [
            (ItemOutcome::Passed, ReportedItem::NotReported),
            (ItemOutcome::Failed(None), ReportedItem::Absent),
            (
                ItemOutcome::Failed(Some(item.clone())),
                ReportedItem::Existing(item.clone()),
            ),
            (ItemOutcome::ReadAfterwards(None), ReportedItem::Absent),
            (
                ItemOutcome::ReadAfterwards(Some(item.clone())),
                ReportedItem::Existing(item),
            ),
        ] {
            assert_eq!(outcome.into_item().unwrap(), expected);
        }
        assert!(ItemOutcome::NotEvaluated(key()).into_item().is_err());
    }

    #[test]
    fn an_item_that_is_filtered_out_is_treated_as_absent() {
        let filter = |reported: ReportedItem<u8>| reported.filter(|number| *number == 1);
        for (reported, expected) in [
            (ReportedItem::Existing(1), ReportedItem::Existing(1)),
            (ReportedItem::Existing(2), ReportedItem::Absent),
            (ReportedItem::Absent, ReportedItem::Absent),
            (ReportedItem::NotReported, ReportedItem::NotReported),
        ] {
            assert_eq!(filter(reported), expected);
        }
    }

    #[test]
    fn an_existing_item_of_another_type_is_a_fault() {
        #[derive(Debug, serde::Deserialize, PartialEq)]
        struct Named {
            name: String,
        }
        let item = Item::from([("name".to_owned(), string("Kim"))]);
        let read = ItemOutcome::Failed(Some(item)).read::<Named>().unwrap();
        let name = "Kim".to_owned();
        assert_eq!(read, ReportedItem::Existing(Named { name }));
        let other = ItemOutcome::Failed(Some(key().into_item()));
        assert!(other.read::<Named>().is_err());
    }
}
