use std::time::{Duration, Instant};

use aws::deadline::time_left;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::{
    ConditionCheckBuilder, DeleteBuilder, PutBuilder, UpdateBuilder,
};
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use errors::{AwsFailure, Fault, FaultCode};
use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use crate::item::{Item, read_item};
use crate::key::Key;
use crate::table::Table;

/// How often a transaction is retried if it conflicts with another write.
const CONFLICT_RETRIES: u32 = 5;

/// How often a transaction is retried if a condition failed and other items conflict. The items that are
/// still not evaluated can be read.
const MIXED_RETRIES: u32 = 2;

/// When a transaction that DynamoDB reports as still in progress is retried, counted from its first
/// attempt. DynamoDB documents for `TransactionInProgressException` that a retry at least 5 seconds
/// after the first attempt triggers the completion of the transaction.
const IN_PROGRESS_RETRY: Duration = Duration::from_millis(5_100);

/// The time that the invocation must have left for that retry and for explaining its outcome.
const IN_PROGRESS_RETRY_BUDGET: Duration = Duration::from_secs(4);

/// The outcome of a transaction; `L` contains the outcomes of its items.
#[derive(Debug)]
pub enum TransactOutcome<L> {
    /// All items were written.
    Committed,
    /// Nothing was written, because the condition of at least one item failed. The outcomes are in the
    /// order of the request.
    Refused(L),
    /// It is not known whether the items were written, or other writes kept conflicting with this
    /// one. Reading the items may reveal more than this fault.
    Unknown(Fault),
}

impl TransactOutcome<Vec<ItemOutcome>> {
    fn into_array<const N: usize>(self) -> Result<TransactOutcome<[ItemOutcome; N]>, Fault> {
        Ok(match self {
            Self::Committed => TransactOutcome::Committed,
            Self::Refused(outcomes) => {
                TransactOutcome::Refused(outcomes.try_into().map_err(|_| {
                    Fault::internal("a refused transaction does not explain each of its items")
                })?)
            }
            Self::Unknown(fault) => TransactOutcome::Unknown(fault),
        })
    }
}

/// What a refused transaction reports about one of its items.
#[derive(Debug)]
pub enum ItemOutcome {
    /// The condition of this item passed.
    Passed,
    /// The condition of this item failed. This is the existing item, if any.
    Failed(Option<Item>),
    /// DynamoDB reported a conflict with another write in every attempt, instead of evaluating the
    /// condition of this item. [`read_not_evaluated`] reads the item under this key.
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

/// Why DynamoDB did not commit a transaction. The first that applies decides.
enum Cancellation {
    /// At least one condition failed, and DynamoDB evaluated every other condition.
    Refused(Vec<Reason>),
    /// At least one condition failed, and DynamoDB did not evaluate at least one other because of a
    /// conflict.
    Mixed(Vec<Reason>),
    /// Conflicts or throttling, and no failed condition.
    Contended,
    /// An earlier attempt under the same token is still in progress.
    InProgress,
    Failed,
}

/// Writes all of `items` or nothing.
///
/// A conflict with another transaction is retried a few times, with growing random pauses. A transaction
/// that is still in progress is retried once, 5 seconds after the first attempt, if the invocation has
/// enough time left.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact<const N: usize>(
    table: &Table,
    items: [TransactWriteItem; N],
) -> Result<TransactOutcome<[ItemOutcome; N]>, Fault> {
    transact_all(table, &items).await?.into_array()
}

/// As [`transact`], for up to 100 items.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_all(
    table: &Table,
    items: &[TransactWriteItem],
) -> Result<TransactOutcome<Vec<ItemOutcome>>, Fault> {
    let started_at = Instant::now();
    let mut token = new_token();
    let mut retries = 0;
    let mut mixed_retries = 0;
    let mut has_waited = false;
    loop {
        let sent = table
            .client()
            .transact_write_items()
            .client_request_token(&token)
            .set_transact_items(Some(items.to_vec()))
            .send()
            .await;
        let error = match sent {
            Ok(_) => return Ok(TransactOutcome::Committed),
            Err(error) => error,
        };
        let failure = AwsFailure::new("dynamodb:TransactWriteItems", &error);
        match explain(error) {
            Cancellation::Refused(outcomes) => {
                return name_outcomes(items, outcomes).map(TransactOutcome::Refused);
            }
            Cancellation::Mixed(outcomes) if mixed_retries == MIXED_RETRIES => {
                return name_outcomes(items, outcomes).map(TransactOutcome::Refused);
            }
            Cancellation::Failed if failure.is_ambiguous() => {
                return Ok(TransactOutcome::Unknown(Fault::storage(failure)));
            }
            Cancellation::Failed => return Err(Fault::storage(failure)),
            Cancellation::Contended if retries == CONFLICT_RETRIES => {
                let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                return Ok(TransactOutcome::Unknown(fault));
            }
            // DynamoDB does not document that the token of a cancelled transaction can be used
            // again.
            Cancellation::Mixed(_) => {
                tokio::time::sleep(pause_before_retry(mixed_retries)).await;
                mixed_retries += 1;
                token = new_token();
            }
            Cancellation::Contended => {
                tokio::time::sleep(pause_before_retry(retries)).await;
                retries += 1;
                token = new_token();
            }
            Cancellation::InProgress => {
                let pause = IN_PROGRESS_RETRY.saturating_sub(started_at.elapsed());
                if has_waited || time_left() < pause + IN_PROGRESS_RETRY_BUDGET {
                    let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                    return Ok(TransactOutcome::Unknown(fault));
                }
                has_waited = true;
                tokio::time::sleep(pause).await;
            }
        }
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

/// What DynamoDB reports about one item of a refused transaction.
enum Reason {
    Fine,
    Refused(Option<Item>),
    Unknown,
}

/// The outcomes of `items`, by their reasons.
fn name_outcomes(
    items: &[TransactWriteItem],
    reasons: Vec<Reason>,
) -> Result<Vec<ItemOutcome>, Fault> {
    let named = items.iter().zip(reasons).map(|(item, reason)| {
        Ok(match reason {
            Reason::Fine => ItemOutcome::Passed,
            Reason::Refused(item) => ItemOutcome::Failed(item),
            Reason::Unknown => ItemOutcome::NotEvaluated(key_of(item)?),
        })
    });
    named.collect()
}

/// The key that an item of a transaction writes or checks.
fn key_of(item: &TransactWriteItem) -> Result<Key, Fault> {
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

fn explain(
    error: SdkError<
        TransactWriteItemsError,
        aws_smithy_runtime_api::client::orchestrator::HttpResponse,
    >,
) -> Cancellation {
    match error.into_service_error() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            explain_reasons(cancelled.cancellation_reasons.unwrap_or_default())
        }
        TransactWriteItemsError::TransactionInProgressException(_) => Cancellation::InProgress,
        _ => Cancellation::Failed,
    }
}

/// Interprets the reasons, one for each item. If one reason is a failed condition, an item with any
/// other reason was not evaluated.
fn explain_reasons(reasons: Vec<CancellationReason>) -> Cancellation {
    let has = |wanted: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| wanted.contains(&code)))
    };
    if has(&["ConditionalCheckFailed"]) {
        let reasons: Vec<_> = reasons
            .into_iter()
            .map(|reason| match reason.code.as_deref() {
                Some("ConditionalCheckFailed") => Reason::Refused(reason.item),
                None | Some("None") => Reason::Fine,
                Some(_) => Reason::Unknown,
            })
            .collect();
        let is_mixed = reasons
            .iter()
            .any(|reason| matches!(reason, Reason::Unknown));
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

/// A client request token, which identifies one logical write to DynamoDB for ten minutes. If a
/// response was lost, a retry with the same token is not applied twice.
fn new_token() -> String {
    let random = || getrandom::u64().unwrap_or(0);
    format!("{:016x}{:016x}", random(), random())
}

/// Full jitter: a random part of 25, 50, 100, 200, 400 milliseconds.
fn pause_before_retry(retries: u32) -> Duration {
    let longest = 25_u32 << retries.min(CONFLICT_RETRIES);
    let random = getrandom::u32().unwrap_or(u32::MAX);
    Duration::from_millis(u64::from(longest) * u64::from(random) / u64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).build()
    }

    #[test]
    fn a_conflict_beside_a_failed_condition_says_nothing_of_its_own_condition() {
        for code in ["TransactionConflict", "ThrottlingError", "SomethingNew"] {
            let reasons = vec![
                reason(code),
                reason("ConditionalCheckFailed"),
                reason("None"),
            ];
            let Cancellation::Mixed(reasons) = explain_reasons(reasons) else {
                panic!("{code} is not an evaluated condition");
            };
            assert!(matches!(
                reasons[..],
                [Reason::Unknown, Reason::Refused(None), Reason::Fine]
            ));
        }
    }

    #[test]
    fn failed_conditions_alone_refuse() {
        let reasons = vec![reason("None"), reason("ConditionalCheckFailed")];
        let Cancellation::Refused(reasons) = explain_reasons(reasons) else {
            panic!("the condition decides");
        };
        assert!(matches!(reasons[..], [Reason::Fine, Reason::Refused(None)]));
    }

    #[test]
    fn a_conflict_alone_is_contention() {
        let reasons = vec![reason("None"), reason("TransactionConflict")];
        assert!(matches!(explain_reasons(reasons), Cancellation::Contended));
    }

    #[test]
    fn any_other_reason_is_a_failure() {
        let reasons = vec![reason("ValidationError"), reason("None")];
        assert!(matches!(explain_reasons(reasons), Cancellation::Failed));
    }

    #[test]
    fn pauses_grow_and_stay_within_half_a_second() {
        for retries in 0..CONFLICT_RETRIES {
            assert!(pause_before_retry(retries) <= Duration::from_millis(25 << retries));
        }
    }
}
