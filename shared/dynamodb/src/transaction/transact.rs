use std::time::{Duration, Instant};

use aws::deadline::time_left;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use errors::{AwsFailure, Fault, FaultCode};

use crate::table::Table;
use crate::transaction::cancellation::{Cancellation, classify_error, to_item_outcomes};
use crate::transaction::item_outcome::ItemOutcome;

/// How often a transaction is retried if it conflicts with another write.
const CONFLICT_RETRIES: u32 = 5;

/// How often a transaction is retried if a condition failed and other items conflict. Items that
/// are not evaluated even then can be read.
const MIXED_RETRIES: u32 = 2;

/// When a transaction that DynamoDB reports as still in progress is retried, counted from its first
/// attempt. DynamoDB documents for `TransactionInProgressException` that a retry at least 5 seconds
/// after the first attempt triggers the completion of the transaction.
const IN_PROGRESS_RETRY: Duration = Duration::from_millis(5_100);

/// The time that the invocation must have left for that retry and for reading the existing items.
const IN_PROGRESS_RETRY_BUDGET: Duration = Duration::from_secs(4);

/// The outcome of a transaction; `O` contains the outcomes of its items.
#[derive(Debug)]
pub enum TransactOutcome<O> {
    /// All items of the transaction were written.
    Committed,
    /// Nothing was written, because the condition of at least one item failed. The outcomes are in
    /// the order of the request.
    Refused(O),
    /// It is not known whether the items were written, or other writes conflicted with every
    /// attempt. The existing items may determine the outcome. Otherwise return this fault.
    Unknown(Fault),
}

impl TransactOutcome<Vec<ItemOutcome>> {
    /// The same outcome for exactly `N` items.
    fn into_array<const N: usize>(self) -> Result<TransactOutcome<[ItemOutcome; N]>, Fault> {
        Ok(match self {
            Self::Committed => TransactOutcome::Committed,
            Self::Refused(outcomes) => {
                TransactOutcome::Refused(outcomes.try_into().map_err(|_| {
                    Fault::internal(
                        "DynamoDB did not report an outcome for each item of a transaction",
                    )
                })?)
            }
            Self::Unknown(fault) => TransactOutcome::Unknown(fault),
        })
    }
}

/// Writes all of `items` or nothing.
///
/// A transaction that conflicts with another write is retried up to 5 times, with growing random
/// delays. A transaction that is still in progress is retried once, 5 seconds after the first
/// attempt, if the invocation has enough time left.
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
    let mut has_retried_in_progress = false;
    loop {
        let Err(error) = send(table, items, &token).await else {
            return Ok(TransactOutcome::Committed);
        };
        let failure = AwsFailure::new("dynamodb:TransactWriteItems", &error);
        match classify_error(error) {
            Cancellation::Refused(reasons) => {
                return to_item_outcomes(items, reasons).map(TransactOutcome::Refused);
            }
            Cancellation::Mixed(reasons) if mixed_retries == MIXED_RETRIES => {
                return to_item_outcomes(items, reasons).map(TransactOutcome::Refused);
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
                tokio::time::sleep(retry_delay(mixed_retries)).await;
                mixed_retries += 1;
                token = new_token();
            }
            Cancellation::Contended => {
                tokio::time::sleep(retry_delay(retries)).await;
                retries += 1;
                token = new_token();
            }
            Cancellation::InProgress => {
                let pause = IN_PROGRESS_RETRY.saturating_sub(started_at.elapsed());
                if has_retried_in_progress || time_left() < pause + IN_PROGRESS_RETRY_BUDGET {
                    let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                    return Ok(TransactOutcome::Unknown(fault));
                }
                has_retried_in_progress = true;
                tokio::time::sleep(pause).await;
            }
        }
    }
}

async fn send(
    table: &Table,
    items: &[TransactWriteItem],
    token: &str,
) -> Result<(), SdkError<TransactWriteItemsError, HttpResponse>> {
    let call = table
        .client()
        .transact_write_items()
        .client_request_token(token)
        .set_transact_items(Some(items.to_vec()));
    call.send().await.map(|_| ())
}

/// A client request token, which identifies one logical write to DynamoDB for ten minutes. If a
/// response was lost, a retry with the same token is not applied twice.
fn new_token() -> String {
    let random = || getrandom::u64().unwrap_or(0);
    format!("{:016x}{:016x}", random(), random())
}

/// The delay before a retry, with full jitter: a random part of 25, 50, 100, 200, 400 milliseconds.
fn retry_delay(retries: u32) -> Duration {
    let longest = 25_u32 << retries.min(CONFLICT_RETRIES);
    let random = getrandom::u32().unwrap_or(u32::MAX);
    Duration::from_millis(u64::from(longest) * u64::from(random) / u64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_400_milliseconds() {
        for retries in 0..CONFLICT_RETRIES {
            assert!(retry_delay(retries) <= Duration::from_millis(25 << retries));
        }
    }

    #[test]
    fn a_refused_transaction_has_an_outcome_for_each_item() {
        let refused = |items| TransactOutcome::Refused(Vec::from_iter(items));
        let two = refused([ItemOutcome::Passed, ItemOutcome::Failed(None)]);
        let outcome = two.into_array::<2>().unwrap();
        assert!(matches!(
            outcome,
            TransactOutcome::Refused([ItemOutcome::Passed, ItemOutcome::Failed(None)])
        ));
        let two = refused([ItemOutcome::Passed, ItemOutcome::Failed(None)]);
        assert!(two.into_array::<3>().is_err());
    }
}
