use domain::AskedBy;
use serde_json::json;

use super::{DAY, assert_counted, history, request, stack, sums};
use crate::interrupted_counting::interrupt_counting;

#[tokio::test]
async fn requests_by_a_rule_are_counted_among_all_and_apart() {
    let (stack, _aws) = stack().await;
    history(&stack).await;
    // The counts are first pending and then rolled up.
    for _ in 0..2 {
        assert!(stack.deliver_stream().await);
        assert_counted(&stack).await;
        assert_eq!(sums(&stack, AskedBy::Rule).await, [3, 1, 1, 0, 0, 0]);
        assert_eq!(sums(&stack, AskedBy::Agent).await, [2, 0, 0, 0, 0, 1]);
        stack.advance(3 * DAY).await;
        assert!(stack.roll_up().await);
    }
    let items = stack.items().await;
    let pending = items.iter().find(|item| {
        let pk = item["pk"]["S"].as_str().unwrap();
        pk.contains("#SATISFACTION#") && !pk.ends_with("DAYS")
    });
    assert_eq!(pending, None);
}

#[tokio::test]
async fn repeated_and_late_records_do_not_change_the_counts_by_a_rule() {
    let (stack, _aws) = stack().await;
    history(&stack).await;
    let mut records = stack.stream_records().await;
    records.reverse();
    for _ in 0..2 {
        stack.deliver_records(&records).await;
        assert_counted(&stack).await;
    }
}

#[tokio::test]
async fn a_change_after_its_day_was_rolled_up_moves_the_counts_by_a_rule() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1", AskedBy::Rule).await;
    stack.advance(3 * DAY).await;
    for (answer, expected) in [
        (
            json!({ "score": 1, "reasons": ["slow"] }),
            [1, 1, 0, 0, 0, 0],
        ),
        (json!({ "score": 2 }), [1, 0, 1, 0, 0, 0]),
        (
            json!({ "score": 5, "reasons": ["quick"] }),
            [1, 0, 0, 0, 0, 1],
        ),
    ] {
        let rated = visitor.rate(&id, answer).await;
        assert!(rated.status < 300, "{}", rated.body);
        assert!(stack.deliver_stream().await);
        assert_counted(&stack).await;
        assert!(stack.roll_up().await);
        assert_counted(&stack).await;
        assert_eq!(sums(&stack, AskedBy::Rule).await, expected);
        assert_eq!(sums(&stack, AskedBy::Agent).await, [0; 6]);
    }
}

#[tokio::test]
async fn a_lost_reply_does_not_count_a_request_by_a_rule_twice() {
    interrupt_counting(stack, history, assert_counted).await;
}

#[tokio::test]
async fn a_request_by_a_rule_that_a_former_version_counted_is_counted_apart_at_its_next_record() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1", AskedBy::Agent).await;
    assert!(stack.deliver_stream().await);
    // The former version counts the request of a rule in the same way as that of an agent.
    stack.make_by_rule("main", "c1", &id).await;
    assert_eq!(sums(&stack, AskedBy::Rule).await, [0; 6]);
    assert_eq!(sums(&stack, AskedBy::Agent).await, [1, 0, 0, 0, 0, 0]);

    let answer = json!({ "score": 4, "reasons": ["quick"] });
    visitor.rate(&id, answer).await.expect(201);
    assert!(stack.deliver_stream().await);
    assert_counted(&stack).await;
    assert_eq!(sums(&stack, AskedBy::Rule).await, [1, 0, 0, 0, 1, 0]);
}

#[tokio::test]
async fn an_erased_request_by_a_rule_stays_counted_apart() {
    let (stack, _aws) = stack().await;
    for (conversation, is_counted_before) in [("c1", true), ("c2", false)] {
        let (visitor, id) = request(&stack, "kim", conversation, AskedBy::Rule).await;
        let answer = json!({ "score": 1, "reasons": ["slow"] });
        visitor.rate(&id, answer).await.expect(201);
        if is_counted_before {
            assert!(stack.deliver_stream().await);
        }
        let path = format!("/v1/conversations/{conversation}");
        stack.agent("kim").await.delete(&path).await.expect(200);
    }
    assert!(stack.deliver_stream().await);
    assert_counted(&stack).await;
    assert_eq!(sums(&stack, AskedBy::Rule).await, [2, 2, 0, 0, 0, 0]);
}
