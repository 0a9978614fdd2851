use domain::AskedBy;
use serde_json::{Value, json};
use tests::{AwsCall, Caller, Stack};

use super::{request, stack};

/// A conversation with an inbox, a team and labels, with an agent's request.
async fn request_with_details(stack: &Stack) -> (Caller, String) {
    let (visitor, id) = request(stack, "kim", "c1", AskedBy::Agent).await;
    record(
        stack,
        json!({
            "inbox": { "id": "3", "name": "Shop" },
            "team": { "id": "bikes" },
            "labels": ["billing", "größe L"],
        }),
    )
    .await;
    (visitor, id)
}

async fn record(stack: &Stack, change: Value) {
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect_success();
}

/// The details that a request keeps, or `null`.
async fn details(stack: &Stack, id: &str) -> Value {
    let mut item = stack.item("main#c1", &format!("REQUEST#{id}")).await;
    item["details"].take()
}

fn expected() -> Value {
    json!({ "M": {
        "inbox": { "M": { "id": { "S": "3" }, "name": { "S": "Shop" } } },
        "team": { "M": { "id": { "S": "bikes" } } },
        "labels": { "L": [{ "S": "billing" }, { "S": "größe L" }] },
    } })
}

fn counts(call: &AwsCall) -> bool {
    call.function == "count-ratings" && call.is("dynamodb:TransactWriteItems")
}

#[tokio::test]
async fn the_details_of_the_conversation_are_copied_when_a_request_is_counted() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request_with_details(&stack).await;
    assert!(details(&stack, &id).await.is_null());
    assert!(stack.deliver_stream().await);
    assert_eq!(details(&stack, &id).await, expected());

    // They stay as they were.
    let records = stack.stream_records().await;
    record(&stack, json!({ "inbox": null, "labels": ["vip"] })).await;
    visitor.rate(&id, json!({ "score": 5 })).await.expect(201);
    assert!(stack.deliver_stream().await);
    stack.deliver_records(&records).await;
    assert_eq!(details(&stack, &id).await, expected());
}

#[tokio::test]
async fn the_details_of_a_request_by_a_rule_are_not_replaced() {
    let (stack, aws) = stack().await;
    let (_visitor, id) = request_with_details(&stack).await;
    stack.make_by_rule("main", "c1", &id).await;
    let own = json!({ "M": { "team": { "M": { "id": { "S": "cars" } } } } });
    let sk = format!("REQUEST#{id}");
    let set = |item: &mut Value| item["details"] = own.clone();
    stack.change("main#c1", &sk, set).await;
    assert!(stack.deliver_stream().await);
    assert_eq!(details(&stack, &id).await, own);
    let reads = aws.count(|call| {
        call.function == "count-ratings"
            && call.is("dynamodb:GetItem")
            && call.mentions("CONVERSATION")
    });
    assert_eq!(reads, 0);
}

#[tokio::test]
async fn a_request_whose_conversation_no_longer_exists_has_empty_details() {
    let (stack, _aws) = stack().await;
    let (_visitor, id) = request_with_details(&stack).await;
    stack.delete_expired("main#c1", "CONVERSATION").await;
    assert!(stack.deliver_stream().await);
    assert_eq!(details(&stack, &id).await, json!({ "M": {} }));
}

#[tokio::test]
async fn an_erasure_before_the_details_are_written_prevents_that() {
    let (stack, aws) = stack().await;
    let (_visitor, id) = request_with_details(&stack).await;
    let held = aws.hold(counts);
    let agent = stack.agent("kim").await;
    let (is_counted, ()) = tokio::join!(
        stack.deliver_stream(),
        held.meanwhile(async {
            agent.delete("/v1/conversations/c1").await.expect(200);
        })
    );
    assert!(is_counted);
    assert!(details(&stack, &id).await.is_null());
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("billing"), "{text}");
}

#[tokio::test]
async fn an_erasure_removes_details_that_are_written_while_it_runs() {
    let (stack, aws) = stack().await;
    let (_visitor, id) = request_with_details(&stack).await;
    let removes_personal_data = |call: &AwsCall| {
        call.function == "erase-conversations"
            && call.is("dynamodb:UpdateItem")
            && call.mentions("REQUEST#")
    };
    let writing = aws.hold(counts);
    let removing = aws.hold(removes_personal_data);
    let agent = stack.agent("kim").await;
    let erasing = async {
        // The details were read before the erasure begins.
        writing.arrived().await;
        agent.delete("/v1/conversations/c1").await.expect(200);
    };
    let in_between = async {
        // The erasure read the request before it has details.
        removing.arrived().await;
        writing.release();
    };
    let counting = async {
        assert!(stack.deliver_stream().await);
        assert_eq!(details(&stack, &id).await, expected());
        removing.release();
    };
    tokio::join!(counting, erasing, in_between);
    assert!(details(&stack, &id).await.is_null());
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("billing"), "{text}");
}
