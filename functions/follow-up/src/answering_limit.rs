//! Limits the time in which a rating request can be answered.

use domain::RatingRequestId;
use dynamodb::{ItemOutcome, Table, TransactOutcome, number, string, transact_all, transact_item};
use errors::Fault;
use store::{ConversationRef, key};

/// Records on the request, and on the conversation if the request is its current one, until when it can
/// be answered. Keeps a limit that was recorded before. Returns `false` if the request was answered or no
/// longer exists.
pub(crate) async fn limit_answering(
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
    if matches!(&*outcomes, [ItemOutcome::Failed(_), ..]) {
        return Ok(false);
    }
    // Only the conversation refused it: another request superseded this one.
    match transact_all(table, &[limit_request]).await? {
        TransactOutcome::Committed => Ok(true),
        TransactOutcome::Refused(_) => Ok(false),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
