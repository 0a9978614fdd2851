use errors::Fault;
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use crate::item::{Item, read_item};
use crate::key::Key;
use crate::table::Table;

/// What a refused transaction reports about one of its items.
#[derive(Debug)]
pub enum ItemOutcome {
    /// The condition of this item passed.
    Passed,
    /// The condition of this item failed. This is the existing item, if any.
    Failed(Option<Item>),
    /// Every attempt met a conflict with another write, so DynamoDB did not evaluate the condition
    /// of this item. [`read_not_evaluated`] reads the item under this key.
    NotEvaluated(Key),
    /// As `NotEvaluated`, with the item as it was read afterwards, if any.
    ReadAfterwards(Option<Item>),
}

impl ItemOutcome {
    /// The existing item if the condition did not pass: `None` if it passed, `Some(None)` if no
    /// item exists.
    ///
    /// # Errors
    /// If the item was not evaluated and not read.
    pub fn into_item(self) -> Result<Option<Option<Item>>, Fault> {
        match self {
            Self::Passed => Ok(None),
            Self::Failed(item) | Self::ReadAfterwards(item) => Ok(Some(item)),
            Self::NotEvaluated(_) => Err(Fault::internal(
                "an item of a transaction was neither evaluated nor read",
            )),
        }
    }

    /// As [`ItemOutcome::into_item`], with the item read as a `T`.
    ///
    /// # Errors
    /// If the item is not a `T`, or was not evaluated and not read.
    pub fn read<T: DeserializeOwned>(self) -> Result<Option<Option<T>>, Fault> {
        let item = self.into_item()?;
        item.map(|item| item.map(read_item).transpose()).transpose()
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
    outcomes
        .try_into()
        .map_err(|_| Fault::internal("the number of outcomes of a transaction changed"))
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
    fn an_outcome_contains_the_existing_item_only_if_the_condition_failed() {
        let item = key().into_item();
        for (outcome, expected) in [
            (ItemOutcome::Passed, None),
            (ItemOutcome::Failed(None), Some(None)),
            (
                ItemOutcome::Failed(Some(item.clone())),
                Some(Some(item.clone())),
            ),
            (ItemOutcome::ReadAfterwards(None), Some(None)),
            (
                ItemOutcome::ReadAfterwards(Some(item.clone())),
                Some(Some(item)),
            ),
        ] {
            assert_eq!(outcome.into_item().unwrap(), expected);
        }
        assert!(ItemOutcome::NotEvaluated(key()).into_item().is_err());
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
        assert_eq!(read, Some(Some(Named { name })));
        let other = ItemOutcome::Failed(Some(key().into_item()));
        assert!(other.read::<Named>().is_err());
    }
}
