//! A test fails if a function sends a request that DynamoDB would refuse as invalid, even if the
//! function handles the error.

use serde_json::{Value, json};
use tests::Stack;

fn key(sk: &str) -> Value {
    json!({ "pk": { "S": "p" }, "sk": { "S": sk } })
}

/// An item in the index of public entries, with a text of `size` bytes.
fn public(sk: &str, size: usize) -> Value {
    let mut item = key(sk);
    item["public_at"] = json!({ "S": "a" });
    item["text"] = json!({ "S": "x".repeat(size) });
    item
}

fn empty_prefix() -> Value {
    json!({
        "TableName": "afterchat",
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": { ":pk": { "S": "p" }, ":prefix": { "S": "" } },
    })
}

/// The operations and messages of the violations.
fn violations(stack: &Stack) -> Vec<(String, String)> {
    let violations = stack.take_violations().into_iter();
    violations
        .inspect(|violation| assert_eq!(violation.caller, "owner"))
        .map(|violation| (violation.operation, violation.message))
        .collect()
}

#[tokio::test]
async fn a_test_fails_if_dynamodb_would_refuse_a_request() {
    let stack = Stack::start().await;
    let refused = stack.dynamodb_as("owner", "Query", empty_prefix()).await;
    assert!(refused.expect(400)["message"].is_string());
    let dropped = tokio::spawn(async move { drop(stack) }).await;
    assert!(dropped.unwrap_err().is_panic());
}

#[tokio::test]
async fn a_test_does_not_fail_if_it_takes_the_violation() {
    let stack = Stack::start().await;
    let refused = stack.dynamodb_as("owner", "Query", empty_prefix()).await;
    let refused = refused.expect(400);
    assert_eq!(
        refused["__type"],
        "com.amazon.coral.validate#ValidationException"
    );
    let message = refused["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("cannot contain an empty string value. Key: sk"));
    assert_eq!(violations(&stack), [("Query".to_owned(), message)]);
}

#[tokio::test]
async fn a_request_that_the_embedded_engine_refuses_is_a_violation() {
    let stack = Stack::start().await;
    let mut query = empty_prefix();
    query["KeyConditionExpression"] = "pk = :pk AND sk <> :prefix".into();
    query["ExpressionAttributeValues"][":prefix"] = json!({ "S": "s" });
    let refused = stack.dynamodb_as("owner", "Query", query).await;
    refused.expect(400);
    let violations = violations(&stack);
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert!(violations[0].1.starts_with("ValidationException: "));
}

#[tokio::test]
async fn an_item_in_the_public_index_may_be_half_as_large_as_other_items() {
    let stack = Stack::start().await;
    let put = |item: Value| {
        let put = json!({ "TableName": "afterchat", "Item": item });
        stack.dynamodb_as("owner", "PutItem", put)
    };
    put(public("s", 200 * 1024)).await.expect(400);
    assert_eq!(violations(&stack).len(), 1);
    let mut private = public("s", 200 * 1024);
    private.as_object_mut().unwrap().remove("public_at");
    put(private).await.expect(200);
    put(public("s", 200 * 1024 - 64)).await.expect(200);
    assert_eq!(violations(&stack), []);

    // The size that an update results in is checked after the update.
    let update = |length: usize| {
        json!({
            "TableName": "afterchat",
            "Key": key("s"),
            "UpdateExpression": "SET note = :note",
            "ExpressionAttributeValues": { ":note": { "S": "x".repeat(length) } },
        })
    };
    let updated = |length| stack.dynamodb_as("owner", "UpdateItem", update(length));
    updated(8).await.expect(200);
    assert_eq!(violations(&stack), []);
    updated(64).await.expect(200);
    assert_eq!(violations(&stack).len(), 1);
    let items = json!({ "TransactItems": [{ "Update": update(64) }] });
    let transacted = stack.dynamodb_as("owner", "TransactWriteItems", items);
    transacted.await.expect(200);
    assert_eq!(violations(&stack).len(), 1);
}
