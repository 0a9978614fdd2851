use std::collections::BTreeMap;

use domain::{AskedBy, CountsDelta, ReasonId};
use store::{CountedByRule, CountedReasons, RatingRequestItem, SubsetCountsItem};

/// The changes to the counts of subsets that these do not include yet of `request`.
pub(crate) fn changes_of_subsets(request: &RatingRequestItem) -> Vec<SubsetCountsItem> {
    let by_rule = request.by_rule_to_count();
    let (before, after) = (request.counted_by_rule.as_ref(), by_rule.as_ref());
    let rule = Some(AskedBy::Rule);
    let of_rule = CountedByRule::change(before, after);
    let mut changes = changes_by_reason(
        request,
        None,
        CountedReasons::changes(
            request.counted_reasons.as_ref(),
            request.reasons_to_count().as_ref(),
        ),
    );
    if !of_rule.is_zero() {
        changes.push(change(request, rule, None, of_rule));
    }
    let of_reasons = CountedByRule::reason_changes(before, after);
    changes.extend(changes_by_reason(request, rule, of_reasons));
    changes
}

fn changes_by_reason(
    request: &RatingRequestItem,
    asked_by: Option<AskedBy>,
    changes: BTreeMap<ReasonId, CountsDelta>,
) -> Vec<SubsetCountsItem> {
    let changes = changes.into_iter();
    changes
        .map(|(reason, amount)| change(request, asked_by, Some(reason), amount))
        .collect()
}

fn change(
    request: &RatingRequestItem,
    asked_by: Option<AskedBy>,
    reason: Option<ReasonId>,
    amount: CountsDelta,
) -> SubsetCountsItem {
    SubsetCountsItem::new(
        request.report_day,
        request.channel.clone(),
        Some(request.agent.id.clone()),
        asked_by,
        reason,
    )
    .with(amount)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::test_request::request;

    /// How the requests were asked, the reason, and the numbers of each change.
    fn changes(attributes: &Value) -> Vec<(Option<AskedBy>, Option<String>, [i64; 6])> {
        let changes = changes_of_subsets(&request(attributes));
        let changes = changes.into_iter();
        changes
            .map(|it| {
                let amount = it.change().into();
                (it.asked_by, it.reason.map(|id| id.to_string()), amount)
            })
            .collect()
    }

    fn answered() -> Value {
        json!({
            "answer": { "score": 2, "rated_at": "2026-11-03T09:01:00.000Z" },
            "answer_reasons": { "changes": 0, "reasons": [{ "id": "slow", "scores": [1, 2] }] },
        })
    }

    #[test]
    fn a_request_by_an_agent_changes_only_the_counts_by_reason() {
        let slow = (None, Some("slow".to_owned()), [0, 0, 1, 0, 0, 0]);
        assert_eq!(changes(&answered()), [slow]);
        assert_eq!(changes(&json!({})), []);
    }

    #[test]
    fn a_request_by_a_rule_is_also_counted_apart() {
        let mut attributes = answered();
        attributes["asked_by"] = json!("rule");
        let (rule, slow) = (Some(AskedBy::Rule), Some("slow".to_owned()));
        let rating = [0, 0, 1, 0, 0, 0];
        let expected = [
            (None, slow.clone(), rating),
            (rule, None, [1, 0, 1, 0, 0, 0]),
            (rule, slow.clone(), rating),
        ];
        assert_eq!(changes(&attributes), expected);

        // A former version counted the answer after this version had counted the request.
        attributes["counted"] = json!(2);
        attributes["counted_reasons"] = json!({ "score": 2, "reasons": ["slow"] });
        attributes["counted_by_rule"] = json!({ "state": 0 });
        assert_eq!(
            changes(&attributes),
            [(rule, None, rating), (rule, slow, rating)]
        );

        attributes["counted_by_rule"] =
            json!({ "state": 2, "reasons": { "score": 2, "reasons": ["slow"] } });
        assert_eq!(changes(&attributes), []);
    }
}
