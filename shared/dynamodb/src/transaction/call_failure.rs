//! Why a call did not report a committed transaction, and what it reports about each item.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use errors::Fault;

use crate::item::Item;
use crate::transaction::item_outcome::ItemOutcome;
use crate::transaction::transact_item::key_of;

/// Why a call did not report a committed transaction.
#[derive(Debug)]
pub(super) enum CallFailure {
    /// At least one condition failed, and DynamoDB evaluated every other condition.
    Refused(Vec<ItemReason>),
    /// At least one condition failed, and DynamoDB did not evaluate at least one other because of a
    /// conflict, throttling or another reason.
    Mixed(Vec<ItemReason>),
    /// Conflicts with other writes or throttling, and no failed condition.
    Contended,
    /// An earlier attempt under the same token is still in progress.
    InProgress,
    /// Any other error, such as a timeout or a missing permission.
    Failed,
}

/// What DynamoDB reports about one item of a refused transaction.
#[derive(Debug)]
pub(super) enum ItemReason {
    /// The condition passed, or the item has none.
    Passed,
    /// The condition failed. This is the existing item, if any.
    Failed(Option<Item>),
    /// DynamoDB did not evaluate the condition.
    NotEvaluated,
}

/// Why the call that returned `error` did not report a committed transaction.
pub(super) fn classify_error(
    error: SdkError<TransactWriteItemsError, HttpResponse>,
) -> CallFailure {
    match error.into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            classify_reasons(cancelled.cancellation_reasons.unwrap_or_default())
        }
        TransactWriteItemsError::TransactionInProgressException(_) => CallFailure::InProgress,
        _ => CallFailure::Failed,
    }
}

/// Classifies the reasons of a cancelled transaction, one for each item. If one reason is a failed
/// condition, an item whose reason is neither that nor `None` was not evaluated.
fn classify_reasons(reasons: Vec<CancellationReason>) -> CallFailure {
    let has_any = |codes: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| codes.contains(&code)))
    };
    if has_any(&["ConditionalCheckFailed"]) {
        let reasons: Vec<_> = reasons
            .into_iter()
            .map(|reason| match reason.code.as_deref() {
                Some("ConditionalCheckFailed") => ItemReason::Failed(reason.item),
                None | Some("None") => ItemReason::Passed,
                Some(_) => ItemReason::NotEvaluated,
            })
            .collect();
        let is_mixed = reasons
            .iter()
            .any(|reason| matches!(reason, ItemReason::NotEvaluated));
        return if is_mixed {
            CallFailure::Mixed(reasons)
        } else {
            CallFailure::Refused(reasons)
        };
    }
    if has_any(&[
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ]) {
        return CallFailure::Contended;
    }
    CallFailure::Failed
}

/// The outcome of each of `items`. `reasons` are in the same order.
pub(super) fn to_item_outcomes(
    items: &[TransactWriteItem],
    reasons: Vec<ItemReason>,
) -> Result<Vec<ItemOutcome>, Fault> {
    let outcomes = items.iter().zip(reasons).map(|(item, reason)| {
        Ok(match reason {
            ItemReason::Passed => ItemOutcome::Passed,
            ItemReason::Failed(item) => ItemOutcome::Failed(item),
            ItemReason::NotEvaluated => ItemOutcome::NotEvaluated(key_of(item)?),
        })
    });
    outcomes.collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::Put;

    use super::*;
    use crate::key::Key;
    use crate::transaction::transact_item::transact_item;

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).build()
    }

    #[test]
    fn an_item_with_a_conflict_is_not_evaluated_if_another_condition_failed() {
        for code in ["TransactionConflict", "ThrottlingError", "SomethingNew"] {
            let reasons = vec![
                reason(code),
                reason("ConditionalCheckFailed"),
                reason("None"),
            ];
            let CallFailure::Mixed(reasons) = classify_reasons(reasons) else {
                panic!("{code} counts as an evaluated condition");
            };
            assert!(matches!(
                reasons[..],
                [
                    ItemReason::NotEvaluated,
                    ItemReason::Failed(None),
                    ItemReason::Passed
                ]
            ));
        }
    }

    #[test]
    fn a_failed_condition_without_a_conflict_refuses_the_transaction() {
        let reasons = vec![reason("None"), reason("ConditionalCheckFailed")];
        let CallFailure::Refused(reasons) = classify_reasons(reasons) else {
            panic!("the failed condition was not found");
        };
        assert!(matches!(
            reasons[..],
            [ItemReason::Passed, ItemReason::Failed(None)]
        ));
    }

    #[test]
    fn a_conflict_or_throttling_without_a_failed_condition_can_be_retried() {
        for code in [
            "TransactionConflict",
            "ThrottlingError",
            "ProvisionedThroughputExceeded",
        ] {
            let reasons = vec![reason("None"), reason(code)];
            assert!(
                matches!(classify_reasons(reasons), CallFailure::Contended),
                "{code}"
            );
        }
    }

    #[test]
    fn any_other_reason_is_a_failure_that_is_not_retried() {
        let reasons = vec![reason("ValidationError"), reason("None")];
        assert!(matches!(classify_reasons(reasons), CallFailure::Failed));
    }

    #[test]
    fn a_failed_condition_returns_the_existing_item() {
        let key = Key {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let item = key.clone().into_item();
        let failed = CancellationReason::builder()
            .code("ConditionalCheckFailed")
            .set_item(Some(item.clone()))
            .build();
        let CallFailure::Refused(reasons) = classify_reasons(vec![failed]) else {
            panic!("the failed condition was not found");
        };
        let put = Put::builder().table_name("t").set_item(Some(item.clone()));
        let items = [transact_item(put).unwrap()];
        let outcomes = to_item_outcomes(&items, reasons).unwrap();
        assert!(
            matches!(&outcomes[..], [ItemOutcome::Failed(Some(existing))] if *existing == item)
        );
        let outcomes = to_item_outcomes(&items, vec![ItemReason::NotEvaluated]).unwrap();
        assert!(matches!(&outcomes[..], [ItemOutcome::NotEvaluated(read)] if *read == key));
    }
}
