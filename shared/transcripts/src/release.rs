//! Releases the slot of a transcript whose mail was not sent.

use std::time::Duration;

use aws::deadline::time_left;
use domain::TranscriptState;
use dynamodb::{
    ItemOutcome, Table, TransactOutcome, TransactWriteItem, attribute, string, string_set,
    transact_all, transact_item,
};
use errors::Fault;

use crate::limits::{count_down, release_for_requester};
use crate::request::{RequestedBy, TranscriptRequest};

/// The first pause between attempts to release a slot. Each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause. The attempt after it is the last.
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// The time that one attempt to release a slot may take.
const RELEASE_BUDGET: Duration = Duration::from_secs(5);

/// Releases the slot and deletes the reserved transcript. Call this only if the mail was
/// certainly not sent.
///
/// A failure is retried while there is time. Without the release, the conversation loses a slot
/// and the caller loses an idempotency key. If every retry fails, the slot stays used until the
/// hour ends, and the transcript stays reserved. This does not change the response to the caller.
pub(crate) async fn release(table: &Table, request: &TranscriptRequest) {
    let mut pause = FIRST_PAUSE;
    loop {
        let is_last = pause > LAST_PAUSE || time_left() < pause + RELEASE_BUDGET;
        let Err(fault) = try_release(table, request, is_last).await else {
            return;
        };
        if is_last {
            tracing::error!(
                code = fault.code().as_str(),
                "the slot of an unsent transcript was not released"
            );
            return;
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// Releases the slot. If what the requester gets back cannot be determined in the last attempt, the
/// rest is released nevertheless: the visitor then has one transcript less for 24 hours.
async fn try_release(
    table: &Table,
    request: &TranscriptRequest,
    is_last: bool,
) -> Result<(), Fault> {
    let requester = match release_for_requester(table, request).await {
        Ok(part) => part,
        Err(fault) if is_last => {
            tracing::error!(
                code = fault.code().as_str(),
                "an unsent transcript still counts for its requester"
            );
            None
        }
        Err(fault) => return Err(fault),
    };
    let give_back = transact_item(
        table
            .update(request.conversation_quota())
            .update_expression("DELETE ids :ids")
            .condition_expression("contains(ids, :id)")
            .expression_attribute_values(":ids", string_set(&request.id))
            .expression_attribute_values(":id", attribute(&request.id)?),
    )?;
    let mut items = vec![
        delete_reserved(table, request)?,
        give_back,
        count_down(table, request.organisation_quota())?,
    ];
    items.extend(requester);
    let outcomes = match transact_all(table, &items).await? {
        TransactOutcome::Committed => return Ok(()),
        TransactOutcome::Refused(outcomes) => outcomes,
        TransactOutcome::Unknown(fault) => return Err(fault),
    };
    match &*outcomes {
        // Another write has already changed the transcript.
        [ItemOutcome::Failed(_), ..] => Ok(()),
        [ItemOutcome::Passed, ItemOutcome::Failed(_), ..] => {
            release_of_erased(table, request).await
        }
        _ => Err(Fault::contended(
            "a release conflicted with other writes in every attempt",
        )),
    }
}

/// Releases the rest of the reservation if the conversation was erased meanwhile. Its slots
/// were deleted with it, and the erasure is complete only after
/// the transcript is deleted.
async fn release_of_erased(table: &Table, request: &TranscriptRequest) -> Result<(), Fault> {
    let mut items = vec![
        delete_reserved(table, request)?,
        count_down(table, request.organisation_quota())?,
    ];
    // The list of the visitor's transcripts is deleted with the conversation.
    if request.requested_by != RequestedBy::Visitor {
        items.extend(release_for_requester(table, request).await?);
    }
    transact_all(table, &items).await?.ignore_refusal()
}

/// Deletes the transcript that this attempt reserved. The reservation of a retry under the same
/// key is kept. It can exist if an earlier release succeeded and its response was lost.
pub(crate) fn delete_reserved(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<TransactWriteItem, Fault> {
    transact_item(
        table
            .delete(request.transcript_key())
            .condition_expression("#state = :reserved AND attempt = :attempt")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":reserved", attribute(&TranscriptState::Reserved)?)
            .expression_attribute_values(":attempt", string(request.attempt)),
    )
}
