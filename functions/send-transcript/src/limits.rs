//! The hourly limits of transcripts, and the items that count against them.

use domain::{ClockHour, TRANSCRIPTS_PER_CONVERSATION};
use dynamodb::{
    ItemOutcome, Key, Table, TransactWriteItem, attribute, number, string_set, transact_item,
};
use errors::{Fault, RateLimit};
use serde::Deserialize;
use store::QuotaItem;

use crate::request::TranscriptRequest;
use crate::stack_parameters::StackParameters;

/// The number of transcripts that an agent or an organisation sent in one hour.
#[derive(Debug, Default, Deserialize)]
struct CountItem {
    #[serde(default)]
    sent_count: i64,
}

/// An hourly limit of transcripts.
#[derive(Debug)]
pub(crate) struct HourlyLimit {
    /// The limit for the header fields of the response.
    pub(crate) rate: RateLimit,
    /// The limit in words: whose it is, and how many transcripts it allows.
    pub(crate) detail: String,
}

/// The hourly limit of one conversation.
pub(crate) fn conversation_limit() -> HourlyLimit {
    hourly(
        "transcripts",
        "A conversation can have",
        TRANSCRIPTS_PER_CONVERSATION,
    )
}

/// The hourly limit of one agent.
pub(crate) fn agent_limit(stack: &StackParameters) -> HourlyLimit {
    hourly("agent-transcripts", "An agent can send", stack.per_agent)
}

/// The hourly limit of one organisation.
pub(crate) fn organisation_limit(stack: &StackParameters) -> HourlyLimit {
    hourly(
        "organisation-transcripts",
        "The organisation can send",
        stack.per_organisation,
    )
}

fn hourly(policy: &'static str, who_can: &str, quota: u32) -> HourlyLimit {
    HourlyLimit {
        rate: RateLimit {
            policy,
            quota,
            window_seconds: ClockHour::LENGTH_SECONDS,
        },
        detail: format!("{who_can} at most {quota} transcripts in a clock hour."),
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

/// Increments the counter at `key`. The condition on the transcript item prevents a retry from
/// being counted twice.
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
