use std::time::{Duration, Instant};

use aws::deadline::time_left;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use errors::{AwsFailure, Fault, FaultCode};

use crate::jitter::random_delay;
use crate::table::Table;
use crate::transaction::call_failure::{CallFailure, classify_error, to_item_outcomes};
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
    /// The transaction may have been committed, because the last attempt has no usable response or
    /// is still in progress. Or nothing was written, because every attempt conflicted with other
    /// writes. The existing items may show which. If they do not, the caller returns this fault.
    Unknown(Fault),
}

impl<O> TransactOutcome<O> {
    /// Ignores a refusal, for a transaction that has nothing to do if a condition fails.
    ///
    /// # Errors
    /// If the outcome is unknown.
    pub fn ignore_refusal(self) -> Result<(), Fault> {
        match self {
            Self::Committed | Self::Refused(_) => Ok(()),
            Self::Unknown(fault) => Err(fault),
        }
    }
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
/// An attempt that conflicts with another write is retried: up to 5 times if no condition failed,
/// and up to 2 more times if a condition failed too. The delays are random; the longest possible
/// delay doubles with each retry. A transaction that is still in progress is retried once, 5
/// seconds after the first attempt, if the invocation has enough time left.
///
/// # Errors
/// If DynamoDB certainly wrote nothing, for another reason than a failed condition or a conflict.
pub async fn transact<const N: usize>(
    table: &Table,
    items: [TransactWriteItem; N],
) -> Result<TransactOutcome<[ItemOutcome; N]>, Fault> {
    transact_all(table, &items).await?.into_array()
}

/// As [`transact`], for up to 100 items.
///
/// # Errors
/// If DynamoDB certainly wrote nothing, for another reason than a failed condition or a conflict.
pub async fn transact_all(
    table: &Table,
    items: &[TransactWriteItem],
) -> Result<TransactOutcome<Vec<ItemOutcome>>, Fault> {
    let started_at = Instant::now();
    let mut token = new_token()?;
    let mut retries = 0;
    let mut mixed_retries = 0;
    let mut has_retried_in_progress = false;
    loop {
        let Err(error) = send(table, items, &token).await else {
            return Ok(TransactOutcome::Committed);
        };
        let failure = AwsFailure::new("dynamodb:TransactWriteItems", &error);
        match classify_error(error) {
            CallFailure::Refused(reasons) => {
                return to_item_outcomes(items, reasons).map(TransactOutcome::Refused);
            }
            CallFailure::Mixed(reasons) if mixed_retries == MIXED_RETRIES => {
                return to_item_outcomes(items, reasons).map(TransactOutcome::Refused);
            }
            CallFailure::Failed if failure.is_ambiguous() => {
                return Ok(TransactOutcome::Unknown(Fault::storage(failure)));
            }
            CallFailure::Failed => return Err(Fault::storage(failure)),
            CallFailure::Contended if retries == CONFLICT_RETRIES => {
                let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                return Ok(TransactOutcome::Unknown(fault));
            }
            // A new token: DynamoDB does not document whether the token of a cancelled transaction
            // can be reused.
            CallFailure::Mixed(_) => {
                tokio::time::sleep(retry_delay(mixed_retries)).await;
                mixed_retries += 1;
                token = new_token()?;
            }
            CallFailure::Contended => {
                tokio::time::sleep(retry_delay(retries)).await;
                retries += 1;
                token = new_token()?;
            }
            CallFailure::InProgress => {
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
///
/// # Errors
/// If the random source fails. A fixed token would be wrong, because DynamoDB does not apply a
/// second transaction with the same token.
fn new_token() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Fault::internal("the random source failed"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// The delay before a retry, with full jitter: random, from 0 to 25, 50, 100, 200 or 400
/// milliseconds.
fn retry_delay(retries: u32) -> Duration {
    random_delay(25 << retries.min(CONFLICT_RETRIES - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_at_most_25_milliseconds_doubled_with_each_retry() {
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
