use serde_json::json;
use tests::{AwsCall, Stack};

use super::{DAY, assert_counted, by_reason, counted, rated, request, stack};
use crate::interrupted_counting::interrupt_counting;

#[tokio::test]
async fn a_change_of_the_reasons_moves_the_counts_even_if_the_score_stays() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = rated(&stack, "kim", "c1", 1, &["slow"]).await;
    assert!(stack.deliver_stream().await);
    assert_eq!(by_reason(&stack).await, counted([("slow", 1)]));
    for (change, expected) in [
        (
            json!({ "score": 1, "reasons": ["rude"] }),
            counted([("rude", 1)]),
        ),
        (
            json!({ "score": 2, "reasons": ["slow", "rude"] }),
            counted([("rude", 1), ("slow", 1)]),
        ),
        // The score 3 does not offer `rude`.
        (json!({ "score": 3 }), counted([("slow", 1)])),
        (
            json!({ "score": 3, "comment": "Hm" }),
            counted([("slow", 1)]),
        ),
        (json!({ "score": 3, "reasons": [] }), counted([])),
        (
            json!({ "score": 5, "reasons": ["quick"] }),
            counted([("quick", 1)]),
        ),
    ] {
        visitor.rate(&id, change.clone()).await.expect(200);
        assert!(stack.deliver_stream().await);
        assert_eq!(by_reason(&stack).await, expected, "{change}");
        assert_counted(&stack).await;
    }
    let mut records = stack.stream_records().await;
    records.reverse();
    stack.deliver_records(&records).await;
    assert_counted(&stack).await;
}

#[tokio::test]
async fn a_change_after_its_day_was_rolled_up_subtracts_from_the_rolled_up_counts() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1").await;
    stack.advance(3 * DAY).await;
    for answer in [
        json!({ "score": 1, "reasons": ["slow", "rude"] }),
        json!({ "score": 1, "reasons": ["rude"] }),
        json!({ "score": 4, "reasons": ["quick"] }),
    ] {
        let rated = visitor.rate(&id, answer).await;
        assert!(rated.status < 300, "{}", rated.body);
        assert!(stack.deliver_stream().await);
        assert_counted(&stack).await;
        assert!(stack.roll_up().await);
        assert_counted(&stack).await;
    }
    assert_eq!(by_reason(&stack).await, counted([("quick", 1)]));
}

#[tokio::test]
async fn reasons_that_change_between_the_read_and_the_write_are_counted_once() {
    let (stack, aws) = stack().await;
    let (visitor, id) = rated(&stack, "kim", "c1", 1, &["slow"]).await;
    let counts =
        |call: &AwsCall| call.function == "count-ratings" && call.is("dynamodb:TransactWriteItems");
    let records = stack.stream_records().await;
    let held = aws.hold(counts);
    let (response, ()) = tokio::join!(stack.deliver_records(&records), async {
        held.arrived().await;
        let change = json!({ "score": 1, "reasons": ["rude"] });
        visitor.rate(&id, change).await.expect(200);
        held.release();
    });
    assert_eq!(response, json!({ "batchItemFailures": [] }));
    // The write failed its condition, and the retry counted the new reasons before their own record.
    assert_eq!(by_reason(&stack).await, counted([("rude", 1)]));
    assert_counted(&stack).await;
}

#[tokio::test]
async fn a_lost_reply_does_not_count_reasons_twice() {
    let record = async |stack: &Stack| {
        rated(stack, "kim", "c1", 1, &["slow", "rude"]).await;
        rated(stack, "jo", "c2", 2, &["slow"]).await;
    };
    interrupt_counting(stack, record, assert_counted).await;
}

#[tokio::test]
async fn reasons_counted_during_the_roll_up_of_their_day_are_not_lost() {
    let (stack, aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1").await;
    stack.advance(3 * DAY).await;
    let answer = json!({ "score": 1, "reasons": ["slow"] });
    visitor.rate(&id, answer).await.expect(201);
    assert!(stack.deliver_stream().await);
    let moves_reasons = |call: &AwsCall| {
        call.function == "roll-up-satisfaction"
            && call.is("dynamodb:TransactWriteItems")
            && call.mentions("#SATISFACTION#REASONS#")
    };
    let held = aws.hold(moves_reasons);
    let (rolled_up, ()) = tokio::join!(stack.roll_up(), async {
        held.arrived().await;
        let change = json!({ "score": 2, "reasons": ["slow", "rude"] });
        visitor.rate(&id, change).await.expect(200);
        assert!(stack.deliver_stream().await);
        held.release();
    });
    assert!(rolled_up);
    let expected = counted([("rude", 1), ("slow", 1)]);
    assert_eq!(by_reason(&stack).await, expected);
    assert_counted(&stack).await;
}

#[tokio::test]
async fn a_rating_that_a_former_version_counted_is_counted_by_reason_at_its_next_record() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1").await;
    visitor.rate(&id, json!({ "score": 1 })).await.expect(201);
    assert!(stack.deliver_stream().await);
    // The former version wrote no other attributes than this one.
    let items = stack.items().await;
    let item = items
        .iter()
        .find(|it| it["sk"]["S"] == format!("REQUEST#{id}"));
    let item = item.unwrap();
    assert_eq!(item["counted"], json!({ "N": "1" }));
    assert!(item.get("counted_reasons").is_none());

    let change = json!({ "score": 1, "reasons": ["slow"] });
    visitor.rate(&id, change).await.expect(200);
    assert!(stack.deliver_stream().await);
    assert_eq!(by_reason(&stack).await, counted([("slow", 1)]));

    // The former version counts a change of the score, and does not know the reasons.
    let key = json!({ "pk": item["pk"], "sk": item["sk"] });
    let change = json!({
        "TableName": "afterchat",
        "Key": key,
        "UpdateExpression": "SET answer.score = :two, rated_score = :two, answer.changes = :two",
        "ExpressionAttributeValues": { ":two": { "N": "2" } },
    });
    let update = stack.dynamodb_as("owner", "UpdateItem", change).await;
    update.expect(200);
    let records = stack.stream_records().await;
    stack.deliver_records(&records).await;
    assert_counted(&stack).await;
    assert_eq!(by_reason(&stack).await, counted([]));
}

#[tokio::test]
async fn erased_and_expired_ratings_stay_counted_by_reason() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    rated(&stack, "kim", "c1", 1, &["slow"]).await;
    assert!(stack.deliver_stream().await);
    rated(&stack, "kim", "c2", 1, &["slow", "rude"]).await;
    for conversation in ["c1", "c2"] {
        let path = format!("/v1/conversations/{conversation}");
        agent.delete(&path).await.expect(200);
    }
    assert!(stack.deliver_stream().await);
    let expected = counted([("rude", 1), ("slow", 2)]);
    assert_eq!(by_reason(&stack).await, expected);
    assert_counted(&stack).await;

    let (_, id) = rated(&stack, "kim", "c3", 1, &["slow"]).await;
    assert!(stack.deliver_stream().await);
    let expired = format!("REQUEST#{id}");
    stack.delete_expired("main#c3", &expired).await;
    let records = stack.stream_records().await;
    stack.deliver_records(&records).await;
    let expected = counted([("rude", 1), ("slow", 3)]);
    assert_eq!(by_reason(&stack).await, expected);
}
