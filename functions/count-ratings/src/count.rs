use domain::{CountsDelta, ReasonId};
use dynamodb::{
    Key, Table, TransactOutcome, TransactWriteItem, attribute, number, string, transact_all,
    transact_item, update_expression,
};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{CountedReasons, PendingCountsItem, RatingRequestItem, ReasonCountsItem, key};

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
        let change = wanted.delta_since(request.counted);
        let reasons = CountedReasons::changes(
            request.counted_reasons.as_ref(),
            request.reasons_to_count().as_ref(),
        );
        if change.is_zero() && reasons.is_empty() {
            return Ok(EventOutcome::unchanged("counted_before"));
        }
        listed.list(table, &request.organisation).await?;
        let mut items = vec![note_counted(table, key.clone(), &request)?];
        if !change.is_zero() {
            items.push(add(table, &request, change)?);
        }
        for (reason, change) in reasons {
            items.push(add_reason(table, &request, reason, change)?);
        }
        match transact_all(table, &items).await? {
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
    let reasons = request.reasons_to_count();
    let mut set = vec!["counted = :counted"];
    let mut remove = vec!["announcement"];
    let mut update = table
        .update(key)
        .expression_attribute_values(":counted", attribute(&request.to_count())?)
        // A new request can replace an expired one under the same key.
        .expression_attribute_values(":requested_at", string(request.requested_at));
    if let Some(reasons) = &reasons {
        set.push("counted_reasons = :counted_reasons");
        update = update.expression_attribute_values(":counted_reasons", attribute(reasons)?);
    } else {
        remove.push("counted_reasons");
    }
    if let Some(before) = &request.counted {
        update = update.expression_attribute_values(":before", attribute(before)?);
    }
    if let Some(before) = &request.counted_reasons {
        update = update.expression_attribute_values(":reasons_before", attribute(before)?);
    }
    if let Some(answer) = &request.answer {
        update = update.expression_attribute_values(":score", attribute(&answer.score)?);
        update = update.expression_attribute_values(":changes", number(answer.changes));
    }
    transact_item(
        update
            .update_expression(update_expression(&set, &remove))
            .condition_expression(is_unchanged(request)),
    )
}

/// The condition that a rating request is still as it was read: what is counted of it, and its answer.
fn is_unchanged(request: &RatingRequestItem) -> String {
    let mut conditions = vec!["requested_at = :requested_at"];
    conditions.push(match &request.counted {
        Some(_) => "counted = :before",
        None => "attribute_not_exists(counted)",
    });
    conditions.push(match &request.counted_reasons {
        Some(_) => "counted_reasons = :reasons_before",
        None => "attribute_not_exists(counted_reasons)",
    });
    match &request.answer {
        None => conditions.push("attribute_not_exists(answer)"),
        Some(answer) => conditions.extend([
            "answer.score = :score",
            // Each change of an answer increments this number, also a change of its reasons.
            if answer.changes == 0 {
                "(attribute_not_exists(answer.changes) OR answer.changes = :changes)"
            } else {
                "answer.changes = :changes"
            },
        ]),
    }
    conditions.join(" AND ")
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

/// Adds `change` to the pending counts of a reason in the request's day and channel by its agent, in
/// the request's own shard.
fn add_reason(
    table: &Table,
    request: &RatingRequestItem,
    reason: ReasonId,
    change: CountsDelta,
) -> Result<TransactWriteItem, Fault> {
    let key = key::pending_reason(
        &request.organisation,
        request.rating_request_id.shard_of(key::PENDING_SHARDS),
        request.report_day,
        &request.channel,
        &request.agent.id,
        &reason,
    );
    let counts = ReasonCountsItem::new(
        request.report_day,
        request.channel.clone(),
        Some(request.agent.id.clone()),
        reason,
        change,
    );
    counts.add_to(table, key)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(attributes: &Value) -> RatingRequestItem {
        let mut request = json!({
            "request_id": "r1",
            "organisation": "main",
            "agent": { "id": "kim" },
            "channel": "widget",
            "requested_at": "2026-11-03T09:00:00.000Z",
            "report_day": "2026-11-03",
            "ratings_of": "main#2026-11-03#00",
            "next_request_at": "2026-11-10T09:00:00.000Z",
        });
        for (name, value) in attributes.as_object().unwrap() {
            request[name] = value.clone();
        }
        serde_json::from_value(request).unwrap()
    }

    #[test]
    fn counts_are_added_only_if_the_request_is_as_it_was_read() {
        let rated_at = "2026-11-03T09:01:00.000Z";
        let answer = json!({ "score": 2, "rated_at": rated_at });
        let reasons = json!([{ "id": "slow", "scores": [1, 2] }]);
        let changed = json!({ "score": 2, "rated_at": rated_at, "changes": 3 });
        let answer_reasons = json!({ "changes": 3, "reasons": reasons });
        let counted_reasons = json!({ "score": 2, "reasons": ["slow"] });
        for (attributes, expected) in [
            (
                json!({}),
                "attribute_not_exists(counted) AND attribute_not_exists(counted_reasons) \
                 AND attribute_not_exists(answer)",
            ),
            (
                json!({ "answer": answer }),
                "attribute_not_exists(counted) AND attribute_not_exists(counted_reasons) \
                 AND answer.score = :score \
                 AND (attribute_not_exists(answer.changes) OR answer.changes = :changes)",
            ),
            (
                json!({ "answer": changed, "answer_reasons": answer_reasons, "counted": 0 }),
                "counted = :before AND attribute_not_exists(counted_reasons) \
                 AND answer.score = :score AND answer.changes = :changes",
            ),
            (
                json!({ "answer": answer, "counted": 2, "counted_reasons": counted_reasons }),
                "counted = :before AND counted_reasons = :reasons_before \
                 AND answer.score = :score \
                 AND (attribute_not_exists(answer.changes) OR answer.changes = :changes)",
            ),
        ] {
            let expected = format!("requested_at = :requested_at AND {expected}");
            assert_eq!(is_unchanged(&request(&attributes)), expected);
        }
    }
}
