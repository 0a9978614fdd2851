//! Why DynamoDB cancels a transaction, from the reasons that it reports for each item.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use errors::Fault;

use crate::item::Item;
use crate::transaction::item_outcome::ItemOutcome;
use crate::transaction::transact_item::key_of;

/// Why DynamoDB did not commit a transaction.
#[derive(Debug)]
pub(super) enum Cancellation {
    /// At least one condition failed, and DynamoDB evaluated every other condition.
    Refused(Vec<Reason>),
    /// At least one condition failed, and DynamoDB did not evaluate at least one other because of a
    /// conflict.
    Mixed(Vec<Reason>),
    /// Conflicts with other writes or throttling, and no failed condition.
    Contended,
    /// An earlier attempt under the same token is still in progress.
    InProgress,
    /// Any other error, such as a timeout or a missing permission.
    Failed,
}

/// What DynamoDB reports about one item of a refused transaction.
#[derive(Debug)]
pub(super) enum Reason {
    /// The condition passed, or the item has none.
    Passed,
    /// The condition failed. This is the existing item, if any.
    Failed(Option<Item>),
    /// DynamoDB did not evaluate the condition.
    NotEvaluated,
}

/// Why the call that returned `error` did not commit its transaction.
pub(super) fn classify_error(
    error: SdkError<TransactWriteItemsError, HttpResponse>,
) -> Cancellation {
    match error.into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            classify_reasons(cancelled.cancellation_reasons.unwrap_or_default())
        }
        TransactWriteItemsError::TransactionInProgressException(_) => Cancellation::InProgress,
        _ => Cancellation::Failed,
    }
}

/// Classifies the reasons of a cancelled transaction, one for each item. If one reason is a failed
/// condition, an item with any other reason was not evaluated.
fn classify_reasons(reasons: Vec<CancellationReason>) -> Cancellation {
    let has = |wanted: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| wanted.contains(&code)))
    };
    if has(&["ConditionalCheckFailed"]) {
        let reasons: Vec<_> = reasons
            .into_iter()
            .map(|reason| match reason.code.as_deref() {
                Some("ConditionalCheckFailed") => Reason::Failed(reason.item),
                None | Some("None") => Reason::Passed,
                Some(_) => Reason::NotEvaluated,
            })
            .collect();
        let is_mixed = reasons
            .iter()
            .any(|reason| matches!(reason, Reason::NotEvaluated));
        return if is_mixed {
            Cancellation::Mixed(reasons)
        } else {
            Cancellation::Refused(reasons)
        };
    }
    if has(&[
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ]) {
        return Cancellation::Contended;
    }
    Cancellation::Failed
}

/// The outcome of each of `items`. `reasons` are in the same order.
pub(super) fn to_item_outcomes(
    items: &[TransactWriteItem],
    reasons: Vec<Reason>,
) -> Result<Vec<ItemOutcome>, Fault> {
    let outcomes = items.iter().zip(reasons).map(|(item, reason)| {
        Ok(match reason {
            Reason::Passed => ItemOutcome::Passed,
            Reason::Failed(item) => ItemOutcome::Failed(item),
            Reason::NotEvaluated => ItemOutcome::NotEvaluated(key_of(item)?),
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
            let Cancellation::Mixed(reasons) = classify_reasons(reasons) else {
                panic!("{code} counts as an evaluated condition");
            };
            assert!(matches!(
                reasons[..],
                [Reason::NotEvaluated, Reason::Failed(None), Reason::Passed]
            ));
        }
    }

    #[test]
    fn a_failed_condition_without_a_conflict_refuses_the_transaction() {
        let reasons = vec![reason("None"), reason("ConditionalCheckFailed")];
        let Cancellation::Refused(reasons) = classify_reasons(reasons) else {
            panic!("the failed condition was not found");
        };
        assert!(matches!(
            reasons[..],
            [Reason::Passed, Reason::Failed(None)]
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
                matches!(classify_reasons(reasons), Cancellation::Contended),
                "{code}"
            );
        }
    }

    #[test]
    fn any_other_reason_is_a_failure_that_is_not_retried() {
        let reasons = vec![reason("ValidationError"), reason("None")];
        assert!(matches!(classify_reasons(reasons), Cancellation::Failed));
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
        let Cancellation::Refused(reasons) = classify_reasons(vec![failed]) else {
            panic!("the failed condition was not found");
        };
        let put = Put::builder().table_name("t").set_item(Some(item.clone()));
        let items = [transact_item(put).unwrap()];
        let outcomes = to_item_outcomes(&items, reasons).unwrap();
        assert!(
            matches!(&outcomes[..], [ItemOutcome::Failed(Some(existing))] if *existing == item)
        );
        let outcomes = to_item_outcomes(&items, vec![Reason::NotEvaluated]).unwrap();
        assert!(matches!(&outcomes[..], [ItemOutcome::NotEvaluated(read)] if *read == key));
    }
}
