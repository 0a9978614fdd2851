//! The items that the AWS emulator returns.

use serde_json::{Value, json};

use crate::connections;

/// The item with a call's key, if the emulator has one.
pub(crate) fn item(call: &Value) -> Value {
    let partition = call["Key"]["pk"]["S"].as_str().unwrap_or_default();
    let sort_key = call["Key"]["sk"]["S"].as_str().expect("a sort key");
    match sort_key {
        "CONVERSATION" => json!({ "Item": conversation() }),
        "HOOK" => connections::hook(partition).map_or(json!({}), |hook| json!({ "Item": hook })),
        "chatwoot#main" if partition.ends_with("#SECRET#CONNECTIONS") => {
            json!({ "Item": connections::secrets() })
        }
        "chatwoot#main" => json!({ "Item": connections::connection() }),
        _ if sort_key.starts_with("ACCOUNT#chatwoot#cw-") => {
            json!({ "Item": connections::connected_account() })
        }
        _ if sort_key.starts_with("SENDER#") => json!({ "Item": {
            "address": { "S": &sort_key["SENDER#".len()..] },
            "verification": { "S": "verified" },
            "checked_at": { "S": "2026-01-05T09:00:00.000Z" },
            "made_identity": { "BOOL": false },
        } }),
        _ => json!({}),
    }
}

/// The items with the keys of a call, including their keys.
pub(crate) fn batch(call: &Value) -> Vec<Value> {
    let keys = call["RequestItems"]["fuzz"]["Keys"].as_array();
    let items = keys.expect("keys").iter().filter_map(|key| {
        let mut found = match key["sk"]["S"].as_str() {
            Some("REQUEST#r1") => rated_request(),
            _ => item(&json!({ "Key": key }))["Item"].take(),
        };
        let key = key.as_object().expect("a key is an object");
        found.as_object_mut()?.extend(key.clone());
        Some(found)
    });
    items.collect()
}

/// A conversation whose visitor's secret is 32 zeros.
fn conversation() -> Value {
    json!({
        "channel": { "S": "widget" },
        "status": { "S": "open" },
        "visitor_email": { "S": "ana@example.org" },
        "visitor_secret": { "S": "A".repeat(43) },
        "recorded_at": { "S": "2026-01-05T09:00:00.000Z" },
        "recorded_by": { "S": "r0" },
        "updated_at": { "S": "2026-01-05T09:00:00.000Z" },
        "current_request": { "M": {
            "id": { "S": "r1" },
            "requested_at": { "S": "2026-01-05T09:00:00.000Z" },
            "agent": { "M": { "id": { "S": "kim" } } },
        } },
    })
}

/// The items of a query.
pub(crate) fn items(call: &Value) -> Vec<Value> {
    let values = call["ExpressionAttributeValues"].to_string();
    let sender = json!({ "Key": { "sk": { "S": "SENDER#support@example.com" } } });
    match call["IndexName"].as_str() {
        Some("public_thread") => vec![message()],
        Some("ratings") => vec![json!({
            "pk": { "S": "main#c1" },
            "sk": { "S": "REQUEST#r1" },
            "first_rated_at": { "S": "2026-11-02T09:01:00.000Z" },
        })],
        _ if values.contains("\"DAY#") => vec![day()],
        _ if values.contains("\"AGENTS#") => vec![agents()],
        _ if values.contains("\"ENTRY#") => vec![message()],
        _ if values.contains("#SECRET#CONNECTIONS\"") => vec![connections::secrets()],
        _ if values.contains("\"chatwoot#") => vec![connections::connection()],
        _ if values.contains("\"SENDER#") => vec![item(&sender)["Item"].clone()],
        _ => Vec::new(),
    }
}

/// One rating request with an answer of 5.
fn rated_request() -> Value {
    json!({
        "request_id": { "S": "r1" },
        "agent": { "M": { "id": { "S": "kim" } } },
        "channel": { "S": "widget" },
        "requested_at": { "S": "2026-11-02T09:00:00.000Z" },
        "answer": { "M": {
            "score": { "N": "5" },
            "comment": { "S": "=1+1" },
            "rated_at": { "S": "2026-11-02T09:01:00.000Z" },
        } },
    })
}

/// The counts of a day.
fn day() -> Value {
    json!({ "day": { "S": "2026-11-02" }, "channels": by_channel() })
}

/// The counts of a day by agent.
fn agents() -> Value {
    json!({
        "day": { "S": "2026-11-02" },
        "part": { "N": "0" },
        "agents": { "M": { "kim": { "M": { "channels": by_channel() } } } },
    })
}

fn by_channel() -> Value {
    let tally = [1, 0, 0, 0, 0, 1].map(|count: u8| json!({ "N": count.to_string() }));
    json!({ "M": { "widget": { "L": tally } } })
}

fn message() -> Value {
    json!({
        "id": { "S": "m1" },
        "at": { "S": "2026-01-05T09:00:00.000Z" },
        "visibility": { "S": "public" },
        "kind": { "S": "message" },
        "author": { "M": { "kind": { "S": "visitor" } } },
        "text": { "S": "Hello" },
    })
}
