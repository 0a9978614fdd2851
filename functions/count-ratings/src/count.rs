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
    if let Some(before) = &request.counted {
        update = update.expression_attribute_values(":before", attribute(before)?);
    }
    if let Some(score) = &request.to_count().score() {
        update = update.expression_attribute_values(":score", attribute(score)?);
    }
    transact_item(update.condition_expression(is_unchanged(
        request.counted.is_some(),
        request.to_count().score().is_some(),
    )))
}

/// The condition that a rating request is still as it was read: counted or not, and answered or
/// not.
fn is_unchanged(is_counted: bool, is_answered: bool) -> String {
    let was_counted = if is_counted {
        "counted = :before"
    } else {
        "attribute_not_exists(counted)"
    };
    let was_answered = if is_answered {
        "answer.score = :score"
    } else {
        "attribute_not_exists(answer)"
    };
    format!("requested_at = :requested_at AND {was_counted} AND {was_answered}")
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
    for (placeholder, amount) in PendingCountsItem::amounts(change) {
        update = update.expression_attribute_values(placeholder, number(amount));
    }
    transact_item(update)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_only_if_the_request_is_as_it_was_read() {
        for (is_counted, is_answered, expected) in [
            (
                false,
                false,
                "attribute_not_exists(counted) AND attribute_not_exists(answer)",
            ),
            (
                false,
                true,
                "attribute_not_exists(counted) AND answer.score = :score",
            ),
            (
                true,
                false,
                "counted = :before AND attribute_not_exists(answer)",
            ),
            (true, true, "counted = :before AND answer.score = :score"),
        ] {
            let expected = format!("requested_at = :requested_at AND {expected}");
            assert_eq!(is_unchanged(is_counted, is_answered), expected);
        }
    }
}
