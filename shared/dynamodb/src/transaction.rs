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

/// How often a transaction that met another on the same item is tried again.
const CONFLICT_RETRIES: u32 = 5;

/// How often a transaction is tried again that a condition refuses while other legs conflict. What is
/// still unknown then can be read.
const MIXED_RETRIES: u32 = 2;

/// When a transaction that DynamoDB reports as still in progress is retried, counted from its first
/// attempt. DynamoDB documents for `TransactionInProgressException` that a retry at least 5 seconds
/// after the first attempt triggers the completion of the transaction.
const IN_PROGRESS_RETRY: Duration = Duration::from_millis(5_100);

/// How much of the invocation's time must be left for that retry and for explaining its outcome.
const IN_PROGRESS_RETRY_BUDGET: Duration = Duration::from_secs(4);

/// What became of a transaction, whose legs are `L`.
#[derive(Debug)]
pub enum Transacted<L> {
    /// All of it took place.
    Committed,
    /// None of it took place: the condition of at least one leg does not hold. The legs stand in
    /// the order of the request.
    Refused(L),
    /// It did not get through: others kept writing the same items, or no answer told whether it took
    /// place. What stands may tell more than this fault does.
    Unsettled(Fault),
}

impl Transacted<Vec<Leg>> {
    fn into_array<const N: usize>(self) -> Result<Transacted<[Leg; N]>, Fault> {
        Ok(match self {
            Self::Committed => Transacted::Committed,
            Self::Refused(legs) => Transacted::Refused(legs.try_into().map_err(|_| {
                Fault::internal("a refused transaction does not explain each of its legs")
            })?),
            Self::Unsettled(fault) => Transacted::Unsettled(fault),
        })
    }
}

/// What a refused transaction says of one of its legs.
#[derive(Debug)]
pub enum Leg {
    /// This leg's condition holds.
    Fine,
    /// This leg's condition does not hold, and this is the item that it met, if any.
    Refused(Option<Item>),
    /// DynamoDB reported a conflict with another write instead of evaluating this leg's condition, in
    /// every attempt. The item under this key may tell more: [`read_unknown`].
    Unknown(Key),
    /// As `Unknown`, and this is the item as it was read afterwards, if any.
    Read(Option<Item>),
}

impl Leg {
    /// The item of a leg that is not fine: `None` if the leg is fine, `Some(None)` if there is no item.
    ///
    /// # Errors
    /// If the item was not read.
    pub fn into_item(self) -> Result<Option<Option<Item>>, Fault> {
        match self {
            Self::Fine => Ok(None),
            Self::Refused(item) | Self::Read(item) => Ok(Some(item)),
            Self::Unknown(_) => Err(Fault::internal("an unknown leg was not read")),
        }
    }

    /// The same, the item read as a `T`.
    ///
    /// # Errors
    /// If the item does not read as a `T`, or was not read.
    pub fn read<T: DeserializeOwned>(self) -> Result<Option<Option<T>>, Fault> {
        let item = self.into_item()?;
        item.map(|item| item.map(read_item).transpose()).transpose()
    }
}

/// A write, or a check, that can be a leg of a transaction.
pub trait IntoLeg {
    /// The write as a leg.
    ///
    /// # Errors
    /// Where the write is incomplete.
    fn into_leg(self) -> Result<TransactWriteItem, BuildError>;
}

impl IntoLeg for PutBuilder {
    fn into_leg(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().put(self.build()?).build())
    }
}

impl IntoLeg for UpdateBuilder {
    fn into_leg(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().update(self.build()?).build())
    }
}

impl IntoLeg for DeleteBuilder {
    fn into_leg(self) -> Result<TransactWriteItem, BuildError> {
        Ok(TransactWriteItem::builder().delete(self.build()?).build())
    }
}

impl IntoLeg for ConditionCheckBuilder {
    fn into_leg(self) -> Result<TransactWriteItem, BuildError> {
        let check = self.build()?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

/// Makes a leg of a write, or of a check.
///
/// # Errors
/// Where the write is incomplete, which is a mistake in this code.
pub fn leg(write: impl IntoLeg) -> Result<TransactWriteItem, Fault> {
    write
        .into_leg()
        .map_err(|_| Fault::internal("a leg of a transaction is incomplete"))
}

/// Why DynamoDB did not commit a transaction, in the order of what decides.
enum Cancellation {
    /// At least one condition does not hold. DynamoDB evaluated every other condition too.
    Refused(Vec<Reason>),
    /// At least one condition does not hold, and at least one leg met a conflict: its condition was
    /// not evaluated.
    Mixed(Vec<Reason>),
    /// Only conflicts or throttling.
    Contended,
    /// An earlier attempt under the same token is still in progress.
    InProgress,
    Failed,
}

/// Writes all of `legs` or nothing.
///
/// A conflict with another transaction is retried a few times, with growing random pauses and
/// the same legs. A transaction that is still in progress is retried once, 5 seconds after the
/// first attempt, if the invocation has the time.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact<const N: usize>(
    table: &Table,
    legs: [TransactWriteItem; N],
) -> Result<Transacted<[Leg; N]>, Fault> {
    transact_all(table, &legs).await?.into_array()
}

/// The same for any number of legs, at most 100.
///
/// # Errors
/// If DynamoDB fails.
pub async fn transact_all(
    table: &Table,
    legs: &[TransactWriteItem],
) -> Result<Transacted<Vec<Leg>>, Fault> {
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
            .set_transact_items(Some(legs.to_vec()))
            .send()
            .await;
        let error = match sent {
            Ok(_) => return Ok(Transacted::Committed),
            Err(error) => error,
        };
        let failure = AwsFailure::new("dynamodb:TransactWriteItems", &error);
        match explain(error) {
            Cancellation::Refused(outcomes) => {
                return name_unknown(legs, outcomes).map(Transacted::Refused);
            }
            Cancellation::Mixed(outcomes) if mixed_retries == MIXED_RETRIES => {
                return name_unknown(legs, outcomes).map(Transacted::Refused);
            }
            Cancellation::Failed if failure.is_ambiguous() => {
                return Ok(Transacted::Unsettled(Fault::storage(failure)));
            }
            Cancellation::Failed => return Err(Fault::storage(failure)),
            Cancellation::Contended if retries == CONFLICT_RETRIES => {
                let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                return Ok(Transacted::Unsettled(fault));
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
                    return Ok(Transacted::Unsettled(fault));
                }
                has_waited = true;
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// Reads the items of those of `legs` that are [`Leg::Unknown`], as they are now.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_unknown<const N: usize>(
    table: &Table,
    legs: [Leg; N],
) -> Result<[Leg; N], Fault> {
    let legs = read_all_unknown(table, Vec::from(legs)).await?;
    legs.try_into()
        .map_err(|_| Fault::internal("the legs of a transaction changed in number"))
}

/// The same for any number of legs.
///
/// # Errors
/// If DynamoDB fails.
pub async fn read_all_unknown(table: &Table, legs: Vec<Leg>) -> Result<Vec<Leg>, Fault> {
    let read = legs.into_iter().map(async |leg| {
        Ok(match leg {
            Leg::Unknown(key) => Leg::Read(table.get_item(key).await?),
            leg => leg,
        })
    });
    try_join_all(read).await
}
/// What DynamoDB says of one leg of a refused transaction.
enum Reason {
    Fine,
    Refused(Option<Item>),
    Unknown,
}

/// The outcomes of `legs`.
fn name_unknown(legs: &[TransactWriteItem], reasons: Vec<Reason>) -> Result<Vec<Leg>, Fault> {
    let named = legs.iter().zip(reasons).map(|(leg, reason)| {
        Ok(match reason {
            Reason::Fine => Leg::Fine,
            Reason::Refused(item) => Leg::Refused(item),
            Reason::Unknown => Leg::Unknown(key_of(leg)?),
        })
    });
    named.collect()
}

/// The key of the item that a leg is about.
fn key_of(leg: &TransactWriteItem) -> Result<Key, Fault> {
    let key = match (leg.put(), leg.update(), leg.delete(), leg.condition_check()) {
        (Some(put), ..) => put.item(),
        (_, Some(update), ..) => update.key(),
        (_, _, Some(delete), _) => delete.key(),
        (.., Some(check)) => check.key(),
        _ => return Err(Fault::internal("a leg of a transaction does nothing")),
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

/// Each reason is its own leg's. A leg that reports anything else than a failed condition beside
/// another leg's failed condition was not evaluated.
fn explain_reasons(reasons: Vec<CancellationReason>) -> Cancellation {
    let has = |wanted: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| wanted.contains(&code)))
    };
    if has(&["ConditionalCheckFailed"]) {
        let legs: Vec<_> = reasons
            .into_iter()
            .map(|reason| match reason.code.as_deref() {
                Some("ConditionalCheckFailed") => Reason::Refused(reason.item),
                None | Some("None") => Reason::Fine,
                Some(_) => Reason::Unknown,
            })
            .collect();
        let is_mixed = legs.iter().any(|leg| matches!(leg, Reason::Unknown));
        return if is_mixed {
            Cancellation::Mixed(legs)
        } else {
            Cancellation::Refused(legs)
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

/// A client request token, which names one logical write to DynamoDB for ten minutes: a repeat under the
/// same token, after a lost reply, is the same write and takes place once.
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
            let Cancellation::Mixed(legs) = explain_reasons(reasons) else {
                panic!("{code} is not an evaluated condition");
            };
            assert!(matches!(
                legs[..],
                [Reason::Unknown, Reason::Refused(None), Reason::Fine]
            ));
        }
    }

    #[test]
    fn failed_conditions_alone_refuse() {
        let reasons = vec![reason("None"), reason("ConditionalCheckFailed")];
        let Cancellation::Refused(legs) = explain_reasons(reasons) else {
            panic!("the condition decides");
        };
        assert!(matches!(legs[..], [Reason::Fine, Reason::Refused(None)]));
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
