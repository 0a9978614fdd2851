//! The rating request whose faces are below a transcript.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::RatingRequestId;
use dynamodb::{
    NOT_EXPIRED, ReportedItem, Table, TransactOutcome, get_unexpired, number, read_not_evaluated,
    string, transact_item, update_if,
};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::metrics::{self, Counter};
use store::rating_request_creation::{CreateOutcome, NewRatingRequest, create_rating_request};
use store::{
    ConversationSnapshot, ConversationUpdate, NO_ROUND, RatingRequestInMail, RatingRequestItem,
    StoredConversation, TranscriptItem, transact_in_conversation,
};

use crate::request::{RatingRequestParameters, TranscriptRequest};
use crate::stack_parameters::StackParameters;

/// The outcome of creating the rating request of a transcript.
pub(crate) enum RatingRequestOutcome {
    /// The rating request that the mail's faces answer.
    Ready(Box<RatingRequestItem>),
    /// The mail contains no faces, for this reason.
    Refused(String),
    ConversationChanged,
}

/// Creates the same rating request as in the chat, under the same limits. A refusal does not
/// stop the transcript, unless the conversation no longer exists.
///
/// A rating request whose mail was never sent is reused, by a retry of this request or by the
/// next transcript of the agent. The condition is that the visitor may still answer it.
pub(crate) async fn create_or_reuse(
    table: &Table,
    stack: &StackParameters,
    request: &TranscriptRequest,
    parameters: &RatingRequestParameters,
    snapshot: &ConversationSnapshot,
) -> Result<RatingRequestOutcome, Failure> {
    let new_request = NewRatingRequest {
        organisation: request.organisation.clone(),
        conversation: request.conversation.clone(),
        agent: request.agent.clone(),
        rating_request_id: parameters.rating_request_id.clone(),
        // The payload is not compared: a retry after an unsent mail may name another From address
        // and still asks for this rating.
        payload_fingerprint: Some(request.id.as_str().to_owned()),
        link: Some(parameters.link.clone()),
        visitor_interval: stack.visitor_interval,
        report_time_zone: stack.report_time_zone.clone(),
        snapshot: Some(snapshot.clone()),
        round: None,
        details: None,
        now: request.now,
    };
    let outcome = create_rating_request(table, &new_request).await?;
    match &outcome {
        CreateOutcome::Created(_) => metrics::count(Counter::Asked),
        CreateOutcome::ConversationChanged => return Ok(RatingRequestOutcome::ConversationChanged),
        CreateOutcome::Replayed(existing) => {
            let existing = existing.clone();
            return reuse(table, request, existing, snapshot).await;
        }
        CreateOutcome::OnCooldown { by: Some(by), .. } => {
            if let Some(existing) = find_unmailed(table, request, by).await? {
                return reuse(table, request, existing, snapshot).await;
            }
        }
        _ => {}
    }
    match outcome.into_request(request.now) {
        Ok(ready) => Ok(RatingRequestOutcome::Ready(Box::new(ready.request))),
        Err(Failure::Refused(refusal)) if refusal.code() == RefusalCode::ConversationNotFound => {
            Err(refusal.into())
        }
        Err(Failure::Refused(refusal)) => Ok(RatingRequestOutcome::Refused(
            refusal.code().as_str().to_owned(),
        )),
        Err(failure) => Err(failure),
    }
}

async fn find_unmailed(
    table: &Table,
    request: &TranscriptRequest,
    id: &RatingRequestId,
) -> Result<Option<RatingRequestItem>, Fault> {
    let existing: Option<RatingRequestItem> =
        get_unexpired(table, request.rating_request_key(id), request.now).await?;
    Ok(existing.filter(|existing| existing.unmailed && existing.link.is_some()))
}

/// Reuses a rating request whose mail was not sent, if it is still the current one and not
/// answered. A mail never contains faces that cannot be answered.
async fn reuse(
    table: &Table,
    request: &TranscriptRequest,
    existing: RatingRequestItem,
    snapshot: &ConversationSnapshot,
) -> Result<RatingRequestOutcome, Failure> {
    let conversation = snapshot.add_conditions_to(
        ConversationUpdate::default()
            .set("asked_in_round = if_not_exists(round, :no_round)")
            .value(":no_round", string(NO_ROUND))
            .require("current_request.id = :request_id")
            .value(":request_id", string(&existing.rating_request_id))
            .require("attribute_not_exists(current_request.withdrawn_at)"),
    )?;
    // If two concurrent transcripts find the same unmailed request, only one of them reuses it.
    let unmailed_unchanged = if existing.unmailed {
        "attribute_exists(unmailed)"
    } else {
        "attribute_not_exists(unmailed)"
    };
    let mark_mailed = transact_item(
        table
            .update(request.rating_request_key(&existing.rating_request_id))
            .update_expression("REMOVE unmailed, is_mailed_by_rule, announcement")
            .condition_expression(format!(
                "attribute_exists(request_id) AND attribute_not_exists(answer) AND {NOT_EXPIRED} \
             AND (attribute_not_exists(answerable_until) OR answerable_until > :now) \
             AND {unmailed_unchanged}"
            ))
            .expression_attribute_values(":now", number(request.now.epoch_seconds())),
    )?;
    let written = transact_in_conversation(
        table,
        request.conversation_ref(),
        conversation,
        [mark_mailed],
    )
    .await?;
    let refused = match written {
        TransactOutcome::Committed => return Ok(RatingRequestOutcome::Ready(Box::new(existing))),
        TransactOutcome::Unknown(fault) => return Err(fault.into()),
        TransactOutcome::Refused(refused) => refused,
    };
    let [conversation] = read_not_evaluated(table, [refused.conversation]).await?;
    // Either the request was answered in the chat, or another transcript contains its faces.
    let mut code = RefusalCode::RatingAlreadyRequested;
    let conversation = match StoredConversation::reported(conversation, request.now)? {
        ReportedItem::Absent => return Err(Refusal::conversation_not_found().into()),
        reported => reported.into_existing(),
    };
    if let Some(conversation) = conversation {
        if !snapshot.matches(&conversation) {
            return Ok(RatingRequestOutcome::ConversationChanged);
        }
        let is_current = conversation.current_request.is_some_and(|current| {
            current.id == existing.rating_request_id && current.withdrawn_at.is_none()
        });
        if !is_current {
            code = RefusalCode::RatingRequestSuperseded;
        }
    }
    Ok(RatingRequestOutcome::Refused(code.as_str().to_owned()))
}

/// Marks the rating request of a transcript as unmailed, because the mail was not sent.
/// The next transcript of the agent can then contain its faces. If this write fails, the rating
/// request is still open in the chat.
pub(crate) async fn mark_unmailed(
    table: &Table,
    request: &TranscriptRequest,
    item: &TranscriptItem,
) {
    let Some(RatingRequestInMail::Created(made)) = &item.rating_request else {
        return;
    };
    let update = table
        .update(request.rating_request_key(made.id()))
        // The stream already contains the outbox event of this request. Remove the event so
        // that it is not published again.
        .update_expression("SET unmailed = :true REMOVE announcement")
        .condition_expression("attribute_exists(conversation_id)")
        .expression_attribute_values(":true", AttributeValue::Bool(true));
    if let Err(fault) = update_if(table, update).await {
        tracing::error!(
            code = fault.code().as_str(),
            "the rating request of an unsent transcript was not marked as unmailed"
        );
    }
}
