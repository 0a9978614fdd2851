use dynamodb::{
    Key, Table, TransactWriteItem, attribute, number, string, transact_item, update_expression,
};
use errors::Fault;
use store::{ConversationDetails, RatingRequestItem};

/// Records on the rating request that the counts include its current state, and the `details` of its
/// conversation, if there are any to record. The condition fails if that state has changed since the
/// read, or if there are details and the conversation was erased.
///
/// The update also removes the request's outbox event. The stream delivered that event with the
/// answer, and would deliver it again with this write.
pub(crate) fn note_counted(
    table: &Table,
    key: Key,
    request: &RatingRequestItem,
    details: Option<ConversationDetails>,
) -> Result<TransactWriteItem, Fault> {
    let (reasons, by_rule) = (request.reasons_to_count(), request.by_rule_to_count());
    let mut conditions = vec![is_unchanged(request)];
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
    if let Some(by_rule) = &by_rule {
        set.push("counted_by_rule = :counted_by_rule");
        update = update.expression_attribute_values(":counted_by_rule", attribute(by_rule)?);
    }
    if let Some(details) = &details {
        set.push("details = :details");
        update = update.expression_attribute_values(":details", attribute(details)?);
        // An erasure removes both, and must not be followed by this write.
        conditions.push("attribute_exists(conversation_id)".to_owned());
    }
    if let Some(before) = &request.counted {
        update = update.expression_attribute_values(":before", attribute(before)?);
    }
    if let Some(before) = &request.counted_reasons {
        update = update.expression_attribute_values(":reasons_before", attribute(before)?);
    }
    if let Some(before) = &request.counted_by_rule {
        update = update.expression_attribute_values(":by_rule_before", attribute(before)?);
    }
    if let Some(answer) = &request.answer {
        update = update.expression_attribute_values(":score", attribute(&answer.score)?);
        update = update.expression_attribute_values(":changes", number(answer.changes));
    }
    transact_item(
        update
            .update_expression(update_expression(&set, &remove))
            .condition_expression(conditions.join(" AND ")),
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
    conditions.push(match &request.counted_by_rule {
        Some(_) => "counted_by_rule = :by_rule_before",
        None => "attribute_not_exists(counted_by_rule)",
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_request::request;

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
                 AND attribute_not_exists(counted_by_rule) AND attribute_not_exists(answer)",
            ),
            (
                json!({ "answer": answer }),
                "attribute_not_exists(counted) AND attribute_not_exists(counted_reasons) \
                 AND attribute_not_exists(counted_by_rule) AND answer.score = :score \
                 AND (attribute_not_exists(answer.changes) OR answer.changes = :changes)",
            ),
            (
                json!({ "answer": changed, "answer_reasons": answer_reasons, "counted": 0 }),
                "counted = :before AND attribute_not_exists(counted_reasons) \
                 AND attribute_not_exists(counted_by_rule) AND answer.score = :score AND answer.changes = :changes",
            ),
            (
                json!({ "answer": answer, "counted": 2, "counted_reasons": counted_reasons }),
                "counted = :before AND counted_reasons = :reasons_before \
                 AND attribute_not_exists(counted_by_rule) AND answer.score = :score \
                 AND (attribute_not_exists(answer.changes) OR answer.changes = :changes)",
            ),
            (
                json!({ "counted": 0, "asked_by": "rule", "counted_by_rule": { "state": 0 } }),
                "counted = :before AND attribute_not_exists(counted_reasons) \
                 AND counted_by_rule = :by_rule_before AND attribute_not_exists(answer)",
            ),
        ] {
            let expected = format!("requested_at = :requested_at AND {expected}");
            assert_eq!(is_unchanged(&request(&attributes)), expected);
        }
    }
}
