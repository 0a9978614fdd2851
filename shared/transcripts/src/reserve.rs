use std::iter;
use std::time::Duration;

use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, ReportedItem, Table, TransactOutcome, get_unexpired,
    has_expired, number, put_with_ttl, read_all_not_evaluated, read_item, transact_item,
};
use errors::Fault;
use store::{
    ConversationSnapshot, ConversationUpdate, QuotaItem, StoredConversation, TranscriptItem,
    WithOutbox, get_conversation, transact_all_in_conversation,
};

use crate::draft::Draft;
use crate::earlier_request::EarlierRequest;
use crate::limits::{
    ReachedLimit, conversation_limit, count_for_requester, count_up, find_requesters_limit,
    is_reached, is_used_up, organisation_limit, take_slot,
};
use crate::rating_mail::{is_current, link_request, require_current};
use crate::release::release;
use crate::request::TranscriptRequest;
use crate::stack_parameters::StackParameters;

/// How long the reads may take that explain a transaction with an unknown outcome.
const EXPLAINING_TIME: Duration = Duration::from_secs(3);

/// The outcome of a reservation.
#[derive(Debug)]
pub(crate) enum Reserved {
    /// A slot is reserved. The transcript is sent next.
    Slot,
    /// An earlier request used the same idempotency key.
    EarlierRequest(EarlierRequest),
    /// The conversation no longer exists: 404.
    NoConversation,
    /// The thread or the visitor's address changed after it was read.
    ConversationChanged,
    /// A limit is reached: 429.
    LimitReached(ReachedLimit),
}

/// Step 3: reserves a slot. One transaction takes a slot of each limit and writes the
/// transcript in the state `reserved`. It fails if the conversation has changed since the
/// transcript was prepared.
pub(crate) async fn reserve(
    table: &Table,
    stack: &StackParameters,
    request: &TranscriptRequest,
    draft: &Draft,
) -> Result<Reserved, Fault> {
    let subject = draft
        .item
        .event_subject(&request.organisation, &request.conversation);
    let put_transcript = transact_item(
        put_with_ttl(
            table,
            request.transcript_key(),
            &WithOutbox::on_update(&draft.item, subject),
            request.now,
        )?
        .condition_expression(ABSENT_OR_EXPIRED)
        .expression_attribute_values(":now", number(request.now.epoch_seconds())),
    )?;
    let mut others = vec![
        put_transcript,
        take_slot(table, request)?,
        count_up(
            table,
            request,
            request.organisation_quota(),
            stack.per_organisation,
        )?,
    ];
    others.extend(count_for_requester(table, stack, request)?);
    let mut conversation = draft
        .snapshot
        .add_conditions_to(ConversationUpdate::default())?;
    if let Some(mail) = &request.rating_mail {
        others.push(link_request(table, request, mail)?);
        conversation = require_current(conversation, mail);
    }
    let written =
        transact_all_in_conversation(table, request.conversation_ref(), conversation, &others)
            .await?;
    match written {
        TransactOutcome::Committed => Ok(Reserved::Slot),
        TransactOutcome::Refused(refused) => {
            let outcomes = iter::once(refused.conversation).chain(refused.others);
            let outcomes = read_all_not_evaluated(table, outcomes.collect()).await?;
            explain_refused(request, stack, &draft.snapshot, outcomes)
        }
        TransactOutcome::Unknown(fault) => {
            let explained = tokio::time::timeout(EXPLAINING_TIME, explain_unknown(table, request));
            match explained.await {
                Ok(Ok(outcome)) => outcome.ok_or(fault),
                _ => {
                    release(table, request).await;
                    Err(fault)
                }
            }
        }
    }
}

/// Finds the reason for a refused reservation in the outcomes of its items. The order of the
/// checks is: a conversation that no longer exists, a retry of an earlier request, a changed
/// conversation, the limits.
fn explain_refused(
    request: &TranscriptRequest,
    stack: &StackParameters,
    snapshot: &ConversationSnapshot,
    outcomes: Vec<ItemOutcome>,
) -> Result<Reserved, Fault> {
    // The order is that of the transaction's items.
    let mut outcomes = outcomes.into_iter();
    let mut next = || outcomes.next().unwrap_or(ItemOutcome::Passed);
    let (conversation, transcript, slot, organisation) = (next(), next(), next(), next());
    // A rule, which alone sends rating mails, has no limit of its own. The last item is then the
    // rating request.
    let requester = outcomes.next();
    let conversation = match StoredConversation::reported(conversation, request.now)? {
        ReportedItem::Absent => return Ok(Reserved::NoConversation),
        reported => reported.into_existing(),
    };
    let transcript = transcript.into_item()?.into_existing();
    if let Some(item) = transcript.filter(|item| !has_expired(item, request.now)) {
        return Ok(explain_existing(request, read_item(item)?));
    }
    if conversation
        .is_some_and(|existing| !snapshot.matches(&existing) || !is_current(request, &existing))
    {
        return Ok(Reserved::ConversationChanged);
    }
    if request.rating_mail.is_some() && matches!(requester, Some(ItemOutcome::Failed(_))) {
        return Ok(Reserved::ConversationChanged);
    }
    let limit = if is_used_up(request, slot)? {
        conversation_limit(request)
    } else if let Some(limit) = find_requesters_limit(stack, request, requester)? {
        limit
    } else if is_reached(organisation, stack.per_organisation)? {
        organisation_limit(stack, request)
    } else {
        return Err(Fault::contended(
            "a reservation conflicted with other writes in every attempt",
        ));
    };
    Ok(Reserved::LimitReached(limit))
}

/// Finds the outcome in the current items if the outcome of the transaction is unknown. Returns
/// `None` if they do not show it.
async fn explain_unknown(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<Option<Reserved>, Fault> {
    let (conversation, earlier_request, quota) = tokio::try_join!(
        get_conversation(table, request.conversation_ref()),
        get_unexpired::<TranscriptItem>(table, request.transcript_key(), request.now),
        table.get::<QuotaItem>(request.conversation_quota()),
    )?;
    if conversation.is_none() {
        return Ok(Some(Reserved::NoConversation));
    }
    if let Some(existing) = earlier_request {
        return Ok(Some(explain_existing(request, existing)));
    }
    let is_used_up = quota.unwrap_or_default().is_used_up();
    Ok(is_used_up.then(|| Reserved::LimitReached(conversation_limit(request))))
}

/// Explains `existing`, a transcript with the id of this request. Either this attempt wrote it and
/// the response was lost, or an earlier request wrote it.
fn explain_existing(request: &TranscriptRequest, existing: TranscriptItem) -> Reserved {
    if existing.attempt == request.attempt.to_string() {
        Reserved::Slot
    } else {
        Reserved::EarlierRequest(EarlierRequest::of(request, existing))
    }
}

#[cfg(test)]
mod tests;
