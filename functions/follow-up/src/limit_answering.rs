//! Limits the time in which a new rating request can be answered, if the settings say so.

use domain::{RatingRequestId, Timestamp};
use dynamodb::{ItemOutcome, Table, TransactOutcome, number, string, transact_all, transact_item};
use errors::Fault;
use lambda::events::{EventInvocation, EventOutcome};
use store::{ConversationRef, key};

use crate::FollowUp;
use crate::due::{Due, DueAction};
use crate::event::RequestEvent;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

impl FollowUp {
    /// Records until when the visitor can answer, and schedules the expiry.
    pub(crate) async fn limit_answering(
        &self,
        requested: RequestEvent,
        invocation: &EventInvocation,
    ) -> Result<EventOutcome, Fault> {
        let settings = self
            .settings
            .read(&self.table, &requested.organisation, invocation.now)
            .await?;
        let Some(days) = settings.asking.expires_after_days else {
            return Ok(EventOutcome::unchanged("no_rule"));
        };
        let until = requested.at.plus_seconds(i64::from(days) * SECONDS_PER_DAY);
        let until_seconds = until.epoch_seconds();
        let RequestEvent {
            organisation,
            conversation_id,
            rating_request_id,
            ..
        } = requested;
        let conversation = ConversationRef::new(&organisation, &conversation_id, invocation.now);
        let is_limited =
            limit(&self.table, conversation, &rating_request_id, until_seconds).await?;
        if !is_limited {
            return Ok(EventOutcome::unchanged("answered_or_gone").about(rating_request_id));
        }
        let due = Due {
            organisation,
            conversation_id,
            at: Timestamp::from_epoch_seconds(until_seconds).unwrap_or(until),
            early: 0,
            action: DueAction::Expire { rating_request_id },
        };
        self.follow_up(due, invocation).await
    }
}

/// Records on the request, and on the conversation if the request is its current one, until when it can
/// be answered. Keeps a limit that was recorded before. Returns `false` if the request was answered or no
/// longer exists.
async fn limit(
    table: &Table,
    conversation: ConversationRef<'_>,
    request: &RatingRequestId,
    until: i64,
) -> Result<bool, Fault> {
    let request_key = key::rating_request(
        conversation.organisation,
        conversation.conversation,
        request,
    );
    let limit_request = transact_item(
        table
            .update(request_key)
            .update_expression("SET answerable_until = if_not_exists(answerable_until, :until)")
            .condition_expression("attribute_exists(request_id) AND attribute_not_exists(answer)")
            .expression_attribute_values(":until", number(until)),
    )?;
    let limit_current = transact_item(
        table
            .update(conversation.key())
            .update_expression(
                "SET current_request.answerable_until = \
                 if_not_exists(current_request.answerable_until, :until)",
            )
            .condition_expression("current_request.id = :request")
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":request", string(request)),
    )?;
    let both = [limit_request.clone(), limit_current];
    let outcomes = match transact_all(table, &both).await? {
        TransactOutcome::Committed => return Ok(true),
        TransactOutcome::Refused(outcomes) => outcomes,
        TransactOutcome::Unknown(fault) => return Err(fault),
    };
    // If only the conversation refused it, another request superseded this one.
    if !matches!(&*outcomes, [ItemOutcome::Passed, ItemOutcome::Failed(_)]) {
        return Ok(false);
    }
    match transact_all(table, &[limit_request]).await? {
        TransactOutcome::Committed => Ok(true),
        TransactOutcome::Refused(_) => Ok(false),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
