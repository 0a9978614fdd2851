//! Tests each rule with a request that breaks it, and with a similar request that does not.

mod expression_rules;
mod query_rules;
mod request_limits;
mod value_rules;

use super::*;

fn schema() -> Schema {
    let keys = |partition: &str, sort: &str| {
        json!([
            { "AttributeName": partition, "KeyType": "HASH" },
            { "AttributeName": sort, "KeyType": "RANGE" },
        ])
    };
    Schema::of(&json!({
        "KeySchema": keys("pk", "sk"),
        "LocalSecondaryIndexes": [{
            "IndexName": "public_thread",
            "KeySchema": keys("pk", "public_at"),
            "Projection": { "ProjectionType": "ALL" },
        }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "ratings",
            "KeySchema": keys("ratings_of", "first_rated_at"),
            "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["channel"] },
        }],
    }))
}

#[track_caller]
fn refused(operation: &str, input: Value, because: &str) {
    let refused = check(operation, &input, &schema()).expect_err("it breaks a rule");
    assert!(
        refused.contains(because),
        "{refused:?} does not say {because:?}"
    );
}

#[track_caller]
fn fine(operation: &str, input: Value) {
    assert_eq!(check(operation, &input, &schema()), Ok(()));
}

fn key(sk: &str) -> Value {
    json!({ "pk": { "S": "p" }, "sk": { "S": sk } })
}

/// Adds `members` to `input`.
fn with(mut input: Value, members: Value) -> Value {
    let members = members.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(members);
    input
}

fn put(attributes: Value) -> Value {
    json!({ "TableName": "t", "Item": with(key("s"), attributes) })
}

fn update(expression: &str, members: Value) -> Value {
    let update = json!({ "TableName": "t", "Key": key("s"), "UpdateExpression": expression });
    with(update, members)
}

fn query(condition: &str, values: Value) -> Value {
    json!({
        "TableName": "t",
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
    })
}

fn transaction(items: impl IntoIterator<Item = Value>) -> Value {
    json!({ "TransactItems": items.into_iter().collect::<Vec<_>>() })
}

fn put_of(sk: &str, length: usize) -> Value {
    let item = with(key(sk), json!({ "text": { "S": "x".repeat(length) } }));
    json!({ "Put": { "TableName": "t", "Item": item } })
}
