use domain::CountsDelta;
use dynamodb::{
    Key, Table, TransactOutcome, TransactWriteItem, attribute, number, string, transact,
    transact_item,
};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{PendingCountsItem, RatingRequestItem, key};

use crate::listed::ListedOrganisations;

/// The maximum number of retries if the rating request is answered or counted between its read and
/// the write of its counts.
const RETRIES: u32 = 5;

/// Adds to the pending counts what they do not include yet of the rating request under `key`.
pub(crate) async fn count(
    table: &Table,
    listed: &ListedOrganisations,
    key: Key,
) -> Result<EventOutcome, Fault> {
    for _ in 0..=RETRIES {
        // An expired request counts until DynamoDB deletes it.
        let Some(request) = table.get::<RatingRequestItem>(key.clone()).await? else {
            return Ok(EventOutcome::dropped("no_such_request"));
        };
        let wanted = request.to_count();
        if request.counted == Some(wanted) {
            return Ok(EventOutcome::unchanged("counted_before"));
        }
        listed.list(table, &request.organisation).await?;
        let change = wanted.delta_since(request.counted);
        let items = [
            note_counted(table, key.clone(), &request)?,
            add(table, &request, change)?,
        ];
        match transact(table, items).await? {
            TransactOutcome::Committed => return Ok(EventOutcome::applied("counted")),
            TransactOutcome::Refused(_) => {}
            TransactOutcome::Unknown(fault) => return Err(fault),
        }
    }
    Err(Fault::contended(
        "other writes kept changing a rating request",
    ))
}

/// Records on the rating request that the counts include its current state. The condition fails if
/// that state has changed since the read.
///
/// The update also removes the request's outbox event. The stream delivered that event with the
/// answer, and would deliver it again with this write.
fn note_counted(
    table: &Table,
    key: Key,
    request: &RatingRequestItem,
) -> Result<TransactWriteItem, Fault> {
    let mut update = table
        .update(key)
        .update_expression("SET counted = :counted REMOVE announcement")
        .expression_attribute_values(":counted", attribute(&request.to_count())?)
        // A new request can replace an expired one under the same key.
        .expression_attribute_values(":requested_at", string(request.requested_at));
    let was_counted = match &request.counted {
        Some(before) => {
            update = update.expression_attribute_values(":before", attribute(before)?);
            "counted = :before"
        }
        None => "attribute_not_exists(counted)",
    };
    let was_answered = match &request.to_count().score() {
        Some(score) => {
            update = update.expression_attribute_values(":score", attribute(score)?);
            "answer.score = :score"
        }
        None => "attribute_not_exists(answer)",
    };
    transact_item(update.condition_expression(format!(
        "requested_at = :requested_at AND {was_counted} AND {was_answered}"
    )))
}

/// Adds `change` to the pending counts of the request's day, channel and agent, in the request's
/// own shard.
fn add(
    table: &Table,
    request: &RatingRequestItem,
    change: CountsDelta,
) -> Result<TransactWriteItem, Fault> {
    let key = key::pending_counts(
        &request.organisation,
        request.rating_request_id.shard_of(key::PENDING_SHARDS),
        request.report_day,
        &request.channel,
        &request.agent.id,
    );
    let added: Vec<_> = PendingCountsItem::AMOUNTS
        .iter()
        .map(|(attribute, value)| format!("{attribute} {value}"))
        .collect();
    let mut update = table
        .update(key)
        .update_expression(format!(
            "SET #day = :day, #channel = :channel, #agent = :agent ADD {}",
            added.join(", ")
        ))
        .expression_attribute_names("#day", "day")
        .expression_attribute_names("#channel", "channel")
        .expression_attribute_names("#agent", "agent")
        .expression_attribute_values(":day", attribute(&request.report_day)?)
        .expression_attribute_values(":channel", attribute(&request.channel)?)
        .expression_attribute_values(":agent", attribute(&request.agent)?);
    for ((_, placeholder), amount) in PendingCountsItem::AMOUNTS
        .into_iter()
        .zip(PendingCountsItem::amounts(change))
    {
        update = update.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(update)
}
