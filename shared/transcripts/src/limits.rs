//! The limits of transcripts, and the items that count against them.

use domain::{
    ClockHour, TRANSCRIPTS_PER_CONVERSATION, TRANSCRIPTS_PER_VISITOR, Timestamp,
    VISITOR_TRANSCRIPTS_WINDOW_SECONDS,
};
use dynamodb::{
    ItemOutcome, Key, Table, TransactWriteItem, attribute, number, string_set, transact_item,
};
use errors::{Fault, RateLimit};
use serde::Deserialize;
use store::{QuotaItem, VisitorQuotaItem, VisitorTranscript};

use crate::request::{RequestedBy, TranscriptRequest};
use crate::stack_parameters::StackParameters;

/// The number of transcripts that an agent or an organisation sent in one hour.
#[derive(Debug, Default, Deserialize)]
struct CountItem {
    #[serde(default)]
    sent_count: i64,
}

/// A limit of transcripts that is reached.
#[derive(Debug)]
pub(crate) struct ReachedLimit {
    /// The limit for the header fields of the response.
    pub(crate) rate: RateLimit,
    /// The limit in words: whose it is, and how many transcripts it allows.
    pub(crate) detail: String,
    /// When another transcript is allowed.
    pub(crate) resets_at: Timestamp,
}

/// The hourly limit of one conversation.
pub(crate) fn conversation_limit(request: &TranscriptRequest) -> ReachedLimit {
    hourly(
        request,
        "transcripts",
        "A conversation can have",
        TRANSCRIPTS_PER_CONVERSATION,
    )
}

/// The hourly limit of one organisation.
pub(crate) fn organisation_limit(
    stack: &StackParameters,
    request: &TranscriptRequest,
) -> ReachedLimit {
    hourly(
        request,
        "organisation-transcripts",
        "The organisation can send",
        stack.per_organisation,
    )
}

fn hourly(
    request: &TranscriptRequest,
    policy: &'static str,
    who_can: &str,
    quota: u32,
) -> ReachedLimit {
    ReachedLimit {
        rate: RateLimit {
            policy,
            quota,
            window_seconds: ClockHour::LENGTH_SECONDS,
        },
        detail: format!("{who_can} at most {quota} transcripts in a clock hour."),
        resets_at: request.hour().resets_at(),
    }
}

/// Uses up one transcript of whoever requested it: of the agent in this hour, or of the visitor in
/// 24 hours. `None` for a rule, which has no limit of its own. The condition on the transcript item
/// prevents a retry from being counted twice.
pub(crate) fn count_for_requester(
    table: &Table,
    stack: &StackParameters,
    request: &TranscriptRequest,
) -> Result<Option<TransactWriteItem>, Fault> {
    match request.requested_by {
        RequestedBy::Agent => {
            count_up(table, request, request.agent_quota(), stack.per_agent).map(Some)
        }
        RequestedBy::Visitor => count_for_visitor(table, request).map(Some),
        RequestedBy::Rule => Ok(None),
    }
}

fn count_for_visitor(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<TransactWriteItem, Fault> {
    let this = VisitorTranscript {
        id: request.id.clone(),
        at: request.now.epoch_milliseconds(),
    };
    let none: [VisitorTranscript; 0] = [];
    let expires_at = request
        .now
        .plus_seconds(2 * VISITOR_TRANSCRIPTS_WINDOW_SECONDS);
    let fifth = format!("requested[{}]", VisitorQuotaItem::FIFTH_LATEST);
    transact_item(
        table
            .update(request.visitor_quota())
            .update_expression(
                "SET requested = list_append(:new_entry, if_not_exists(requested, :empty_list)), \
                 expires_at = :expires_at",
            )
            .condition_expression(format!(
                "attribute_not_exists({fifth}) OR {fifth}.#at <= :window_start"
            ))
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":new_entry", attribute(&[this])?)
            .expression_attribute_values(":empty_list", attribute(&none)?)
            .expression_attribute_values(
                ":window_start",
                number(VisitorQuotaItem::window_start(request.now)),
            )
            .expression_attribute_values(":expires_at", number(expires_at.epoch_seconds())),
    )
}

/// Gives back what [`count_for_requester`] used up. `None` if that is nothing, or if the visitor's list
/// does not contain the transcript.
///
/// # Errors
/// If DynamoDB fails.
pub(crate) async fn release_for_requester(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<Option<TransactWriteItem>, Fault> {
    match request.requested_by {
        RequestedBy::Agent => return count_down(table, request.agent_quota()).map(Some),
        RequestedBy::Rule => return Ok(None),
        RequestedBy::Visitor => {}
    }
    let quota = table.get::<VisitorQuotaItem>(request.visitor_quota());
    let quota = quota.await?.unwrap_or_default();
    let Some(position) = quota.position(&request.id) else {
        return Ok(None);
    };
    let entry = format!("requested[{position}]");
    transact_item(
        table
            .update(request.visitor_quota())
            .update_expression(format!("REMOVE {entry}"))
            .condition_expression(format!("{entry}.id = :id"))
            .expression_attribute_values(":id", attribute(&request.id)?),
    )
    .map(Some)
}

/// The limit of whoever requested the transcript, if it is reached.
pub(crate) fn find_requesters_limit(
    stack: &StackParameters,
    request: &TranscriptRequest,
    outcome: Option<ItemOutcome>,
) -> Result<Option<ReachedLimit>, Fault> {
    let Some(outcome) = outcome else {
        return Ok(None);
    };
    if request.requested_by == RequestedBy::Agent {
        let limit = || {
            hourly(
                request,
                "agent-transcripts",
                "An agent can send",
                stack.per_agent,
            )
        };
        return Ok(is_reached(outcome, stack.per_agent)?.then(limit));
    }
    let quota = outcome.read::<VisitorQuotaItem>()?.into_existing();
    let available_at = quota.and_then(|quota| quota.available_at(request.now));
    Ok(available_at.map(visitor_limit))
}

/// The limit of a visitor, who may request another transcript at `resets_at`.
pub(crate) fn visitor_limit(resets_at: Timestamp) -> ReachedLimit {
    ReachedLimit {
        rate: RateLimit {
            policy: "visitor-transcripts",
            quota: TRANSCRIPTS_PER_VISITOR,
            window_seconds: VISITOR_TRANSCRIPTS_WINDOW_SECONDS,
        },
        detail: format!(
            "A visitor can request at most {TRANSCRIPTS_PER_VISITOR} transcripts of a conversation in 24 hours."
        ),
        resets_at,
    }
}

/// Adds the transcript's id to the conversation's set of ids for this hour. The update is
/// idempotent.
pub(crate) fn take_slot(
    table: &Table,
    request: &TranscriptRequest,
) -> Result<TransactWriteItem, Fault> {
    transact_item(
        table
            .update(request.conversation_quota())
            .update_expression("ADD ids :ids SET expires_at = :expires_at")
            .condition_expression(
                "attribute_not_exists(ids) OR size(ids) < :limit OR contains(ids, :id)",
            )
            .expression_attribute_values(":ids", string_set(&request.id))
            .expression_attribute_values(":id", attribute(&request.id)?)
            .expression_attribute_values(":limit", number(TRANSCRIPTS_PER_CONVERSATION))
            .expression_attribute_values(":expires_at", number(request.hour().expires_at())),
    )
}

/// Increments the counter of this hour at `key`.
pub(crate) fn count_up(
    table: &Table,
    request: &TranscriptRequest,
    key: Key,
    limit: u32,
) -> Result<TransactWriteItem, Fault> {
    transact_item(
        table
            .update(key)
            .update_expression("ADD sent_count :one SET expires_at = :expires_at")
            .condition_expression("attribute_not_exists(sent_count) OR sent_count < :limit")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":expires_at", number(request.hour().expires_at())),
    )
}

/// Decrements the counter at `key`.
pub(crate) fn count_down(table: &Table, key: Key) -> Result<TransactWriteItem, Fault> {
    transact_item(
        table
            .update(key)
            .update_expression("ADD sent_count :minus_one")
            .expression_attribute_values(":minus_one", number(-1)),
    )
}

/// Returns how many slots the conversation has left in this hour, or 0 if the read fails.
pub(crate) async fn count_remaining(table: &Table, request: &TranscriptRequest) -> u32 {
    let quota = table.get(request.conversation_quota()).await;
    quota
        .ok()
        .flatten()
        .map_or(0, |quota: QuotaItem| quota.remaining())
}

/// Whether the conversation has no slot left for the request in this hour.
pub(crate) fn is_used_up(request: &TranscriptRequest, slot: ItemOutcome) -> Result<bool, Fault> {
    Ok(match slot {
        ItemOutcome::Failed(_) => true,
        outcome => {
            let quota = outcome
                .read::<QuotaItem>()?
                .into_existing()
                .unwrap_or_default();
            quota.has_no_slot_for(&request.id)
        }
    })
}

/// Whether an hourly counter has reached `limit`.
pub(crate) fn is_reached(count: ItemOutcome, limit: u32) -> Result<bool, Fault> {
    Ok(match count {
        ItemOutcome::Failed(_) => true,
        outcome => {
            let count = outcome
                .read::<CountItem>()?
                .into_existing()
                .unwrap_or_default();
            count.sent_count >= i64::from(limit)
        }
    })
}
