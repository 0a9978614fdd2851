//! The payloads of webhooks and of the API, built from the current state.

pub(crate) mod api;
pub(crate) mod conversation;
pub(crate) mod people;
pub(crate) mod webhook;

use serde_json::{Map, Value};

/// The members of an object. Empty if `value` is not an object.
pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// `object` with the members of `other`.
pub(crate) fn merge(object: Value, other: Value) -> Value {
    let mut merged = members(object);
    merged.extend(members(other));
    Value::Object(merged)
}
