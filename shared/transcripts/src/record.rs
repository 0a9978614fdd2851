use std::time::Duration;

use domain::TranscriptState;
use dynamodb::{Table, TransactOutcome, WriteOutcome, attribute, string, transact, update_if};
use errors::Fault;
use lambda::metrics::{self, Counter};
use store::{AcceptedTranscript, RatingRequestInMail, StoredConversation, TranscriptItem};

use crate::release::delete_reserved;
use crate::request::TranscriptRequest;

/// How long the response waits for the record of the outcome.
const RECORDING_TIME: Duration = Duration::from_secs(4);

/// Step 6: marks the transcript as sent and writes the public event, in one transaction.
///
/// If that fails, the caller still gets a 201, because the mail was sent. The transcript stays
/// reserved until an event of its delivery repairs it.
pub(crate) async fn record_sent(
    table: &Table,
    request: &TranscriptRequest,
    transcript: &TranscriptItem,
    remaining: u32,
) {
    let recorded = try_record_sent(table, request, transcript, remaining);
    if let Err(code) = finish_in_time(recorded).await {
        tracing::error!(code, "the transcript was sent but not marked as sent");
    }
}

/// Stores the outcome of the rating request on the reserved transcript, so that a retry under the
/// same idempotency key gets the same response, even if the send is not recorded.
///
/// Skipped if the rating request's id is derived from the transcript's: then it is found without
/// this. If this write fails, only the response to a retry is affected.
pub(crate) async fn note_rating_request(
    table: &Table,
    request: &TranscriptRequest,
    item: &TranscriptItem,
) {
    let Some(in_mail) = &item.rating_request else {
        return;
    };
    let derived_id = request
        .rating_request
        .as_ref()
        .map(|parameters| &parameters.rating_request_id);
    if matches!(in_mail, RatingRequestInMail::Created(created) if Some(created.id()) == derived_id)
    {
        return;
    }
    let noted = try_note_rating_request(table, request, in_mail);
    if let Err(code) = finish_in_time(noted).await {
        tracing::error!(
            code,
            "the outcome of the rating request was not stored on the transcript"
        );
    }
}

async fn try_note_rating_request(
    table: &Table,
    request: &TranscriptRequest,
    in_mail: &RatingRequestInMail,
) -> Result<(), Fault> {
    let update = table
        .update(request.transcript_key())
        .update_expression("SET rating_request = :asked")
        .condition_expression("attempt = :attempt")
        .expression_attribute_values(":asked", attribute(in_mail)?)
        .expression_attribute_values(":attempt", string(request.attempt));
    match update_if(table, update).await? {
        // If the update is refused, the conversation was erased meanwhile.
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

/// Marks the outcome of the transcript as unknown. Its slot stays used.
pub(crate) async fn record_unknown(table: &Table, request: &TranscriptRequest) {
    let recorded = try_record_unknown(table, request);
    if let Err(code) = finish_in_time(recorded).await {
        tracing::error!(code, "the transcript was not marked as unknown");
    }
}

async fn try_record_sent(
    table: &Table,
    request: &TranscriptRequest,
    transcript: &TranscriptItem,
    remaining: u32,
) -> Result<(), Fault> {
    let transcript = TranscriptItem {
        remaining: Some(remaining),
        ..transcript.clone()
    };
    let accepted = AcceptedTranscript {
        conversation: request.conversation_ref(),
        transcript: &transcript,
    };
    let recorded = accepted.record_sent(table, TranscriptState::Reserved);
    match recorded.await? {
        TransactOutcome::Committed => {
            metrics::count(Counter::Sent);
            Ok(())
        }
        // Either an event of the mail was recorded first, or the conversation no longer exists.
        TransactOutcome::Refused(_) => delete_if_erased(table, request).await,
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}

/// Deletes a transcript that was sent while its conversation was erased. The erasure is complete
/// only after this transcript is deleted.
async fn delete_if_erased(table: &Table, request: &TranscriptRequest) -> Result<(), Fault> {
    let stored = table.get_item(request.conversation_ref().key()).await?;
    if !matches!(
        StoredConversation::read(stored)?,
        StoredConversation::Erased(_)
    ) {
        return Ok(());
    }
    let items = [delete_reserved(table, request)?];
    transact(table, items).await?.ignore_refusal()
}

async fn try_record_unknown(table: &Table, request: &TranscriptRequest) -> Result<(), Fault> {
    let update = table
        .update(request.transcript_key())
        .update_expression("SET #state = :unknown")
        .condition_expression("#state = :reserved")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":unknown", attribute(&TranscriptState::Unknown)?)
        .expression_attribute_values(":reserved", attribute(&TranscriptState::Reserved)?);
    match update_if(table, update).await? {
        // If the update is refused, an event of the mail was recorded first, so the mail was
        // sent.
        WriteOutcome::Written(_) | WriteOutcome::Refused(_) => Ok(()),
    }
}

/// Runs `write` for at most [`RECORDING_TIME`]. Returns the code of its fault, or `timed_out`.
async fn finish_in_time(
    write: impl Future<Output = Result<(), Fault>>,
) -> Result<(), &'static str> {
    match tokio::time::timeout(RECORDING_TIME, write).await {
        Ok(outcome) => outcome.map_err(|fault| fault.code().as_str()),
        Err(_elapsed) => Err("timed_out"),
    }
}
