use std::time::Duration;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::{
    ConditionCheckBuilder, DeleteBuilder, PutBuilder, UpdateBuilder,
};
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use serde::de::DeserializeOwned;

use super::store::{Item, read_item};
use super::{StoredConversation, Table};
use crate::aws::AwsFailure;
use crate::domain::UniqueId;
use crate::fault::{Fault, FaultCode};

/// How often a transaction that met another on the same item is tried again.
const CONFLICT_RETRIES: u32 = 5;

/// Names one logical write to DynamoDB for ten minutes: a repeat under the same token, after a lost
/// reply, is the same write and takes place once.
#[derive(Clone, Copy, Debug)]
pub struct WriteToken(UniqueId);

impl WriteToken {
    /// A token that no other write has.
    pub fn random() -> Self {
        Self(UniqueId::random())
    }
}

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
    pub(super) fn into_array<const N: usize>(self) -> Result<Transacted<[Leg; N]>, Fault> {
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
}

impl Leg {
    /// The item that a refused leg met, read as a `T`: `None` where the leg is fine, `Some(None)`
    /// where it met no item.
    ///
    /// # Errors
    /// Where the item does not read as a `T`.
    pub fn read<T: DeserializeOwned>(self) -> Result<Option<Option<T>>, Fault> {
        match self {
            Self::Fine => Ok(None),
            Self::Refused(item) => item.map(read_item).transpose().map(Some),
        }
    }

    /// What a refused leg met under a conversation's key: `None` where the leg is fine.
    ///
    /// # Errors
    /// Where what stands there is no conversation.
    pub fn read_conversation(self) -> Result<Option<StoredConversation>, Fault> {
        match self {
            Self::Fine => Ok(None),
            Self::Refused(item) => StoredConversation::read(item).map(Some),
        }
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

/// Why DynamoDB cancelled a transaction, in the order of what decides.
enum Cancellation {
    Refused(Vec<Leg>),
    Contended,
    Failed,
}

impl Table {
    /// Writes all of `legs` or nothing, under `token`.
    ///
    /// A conflict with another transaction is tried again a few times, with growing random pauses
    /// and exactly the same parameters.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn transact<const N: usize>(
        &self,
        token: WriteToken,
        legs: [TransactWriteItem; N],
    ) -> Result<Transacted<[Leg; N]>, Fault> {
        self.transact_all(token, &legs).await?.into_array()
    }

    /// The same for as many legs as there are, at most 100.
    ///
    /// # Errors
    /// Where DynamoDB fails.
    pub async fn transact_all(
        &self,
        token: WriteToken,
        legs: &[TransactWriteItem],
    ) -> Result<Transacted<Vec<Leg>>, Fault> {
        let mut retries = 0;
        loop {
            let sent = self
                .client()
                .transact_write_items()
                .client_request_token(token.0.to_string())
                .set_transact_items(Some(legs.to_vec()))
                .send()
                .await;
            let error = match sent {
                Ok(_) => return Ok(Transacted::Committed),
                Err(error) => error,
            };
            let failure = AwsFailure::new("dynamodb:TransactWriteItems", &error);
            match explain(error) {
                Cancellation::Refused(legs) => return Ok(Transacted::Refused(legs)),
                Cancellation::Failed if failure.is_ambiguous() => {
                    return Ok(Transacted::Unsettled(Fault::storage(failure)));
                }
                Cancellation::Failed => return Err(Fault::storage(failure)),
                Cancellation::Contended if retries == CONFLICT_RETRIES => {
                    let fault = Fault::of_aws(FaultCode::StorageUnavailable, failure);
                    return Ok(Transacted::Unsettled(fault));
                }
                Cancellation::Contended => {
                    tokio::time::sleep(pause_before_retry(retries)).await;
                    retries += 1;
                }
            }
        }
    }
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
        TransactWriteItemsError::TransactionInProgressException(_) => Cancellation::Contended,
        _ => Cancellation::Failed,
    }
}

/// A failed condition decides before a conflict on another leg: trying again would not change it.
fn explain_reasons(reasons: Vec<CancellationReason>) -> Cancellation {
    let has = |wanted: &[&str]| {
        reasons
            .iter()
            .any(|reason| reason.code().is_some_and(|code| wanted.contains(&code)))
    };
    if has(&["ConditionalCheckFailed"]) {
        let legs = reasons
            .into_iter()
            .map(|reason| match reason.code.as_deref() {
                Some("ConditionalCheckFailed") => Leg::Refused(reason.item),
                _ => Leg::Fine,
            })
            .collect();
        return Cancellation::Refused(legs);
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
    fn a_failed_condition_decides_before_a_conflict() {
        let reasons = vec![
            reason("TransactionConflict"),
            reason("ConditionalCheckFailed"),
        ];
        let Cancellation::Refused(legs) = explain_reasons(reasons) else {
            panic!("the condition decides");
        };
        assert!(matches!(legs[..], [Leg::Fine, Leg::Refused(None)]));
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
