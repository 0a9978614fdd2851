//! Rules of attribute values: keys, sets, numbers, nesting, sizes.

use std::collections::HashSet;

use dynoxide::types::{Item, item_size};
use serde_json::Value;

use crate::aws::dynamodb_rules::action::{Action, Attributes, Verb};
use crate::aws::dynamodb_rules::schema::{Index, Keys, Schema};

/// The maximum length of a partition key, in bytes.
const PARTITION_KEY: usize = 2_048;

/// The maximum length of a sort key, in bytes.
const SORT_KEY: usize = 1_024;

/// The maximum size of an item with its entries in local secondary indexes, in bytes.
const ITEM: usize = 400 * 1024;

/// The maximum total size of the items of a transaction, in bytes.
const TRANSACTION: usize = 4 * 1024 * 1024;

/// The maximum nesting depth of lists and maps.
const DEPTH: usize = 32;

/// The maximum number of digits in a number.
const DIGITS: usize = 38;

/// Checks the values of one action.
pub(super) fn check(action: &Action<'_>, schema: &Schema) -> Result<(), String> {
    let members = ["ExpressionAttributeValues", "ExclusiveStartKey"];
    let members = members.map(|member| action.input.get(member).and_then(Value::as_object));
    let members = members.into_iter().flatten().chain(action.item);
    for value in members
        .chain(action.keys.iter().copied())
        .flat_map(Attributes::values)
    {
        check_value(value, 1)?;
    }
    for key in &action.keys {
        if key.len() != schema.keys.names().count() {
            return Err("The provided key element does not match the schema".to_owned());
        }
        check_keys(key, &schema.keys, true)?;
    }
    if let Some(item) = action.item {
        check_keys(item, &schema.keys, true)?;
        for index in &schema.indexes {
            check_keys(item, &index.keys, false).map_err(|error| in_index(error, index))?;
        }
        if size(item, schema) > ITEM {
            return Err(too_large("Item size"));
        }
    }
    if let (Verb::Query | Verb::Scan, Some(start)) = (
        action.verb,
        action
            .input
            .get("ExclusiveStartKey")
            .and_then(Value::as_object),
    ) {
        check_keys(start, &schema.keys, true)?;
    }
    Ok(())
}

/// Checks the items of a transaction against each other and in total.
pub(super) fn check_together(
    operation: &str,
    actions: &[Action<'_>],
    schema: &Schema,
) -> Result<(), String> {
    let mut targets = HashSet::new();
    for action in actions {
        let items = action.keys.iter().copied().chain(action.item);
        for item in items {
            let keys = schema.keys.names();
            let key: Vec<_> = keys
                .map(|name| item.get(name).map(Value::to_string))
                .collect();
            if !targets.insert((action.table, key)) {
                return Err(match operation {
                    "TransactWriteItems" | "TransactGetItems" => {
                        "Transaction request cannot include multiple operations on one item"
                    }
                    _ => "Provided list of item keys contains duplicates",
                }
                .to_owned());
            }
        }
    }
    if operation == "TransactWriteItems" {
        let sizes = actions.iter().map(|action| {
            let values = action.input.get("ExpressionAttributeValues");
            let values = values
                .and_then(Value::as_object)
                .filter(|_| action.verb == Verb::Update);
            let parts = action.keys.iter().copied().chain(action.item).chain(values);
            parts.map(bytes).sum::<usize>()
        });
        if sizes.sum::<usize>() > TRANSACTION {
            return Err(
                "Collection size of items exceeded, which can also be caused by the aggregate size \
                 of the items in the transaction exceeding the 4MB limit"
                    .to_owned(),
            );
        }
    }
    Ok(())
}

/// Checks the size of an item after an update.
pub(super) fn check_updated(item: &Attributes, schema: &Schema) -> Result<(), String> {
    if size(item, schema) > ITEM {
        return Err(too_large("Item size to update"));
    }
    Ok(())
}

/// Whether the value is an empty string or empty binary data.
pub(super) fn is_empty(value: &Value) -> bool {
    ["S", "B"]
        .iter()
        .any(|kind| value.get(kind).and_then(Value::as_str) == Some(""))
}

/// The error message for an empty key value.
pub(super) fn empty_key(name: &str) -> String {
    format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
         contain an empty string value. Key: {name}"
    )
}

/// Checks that each key attribute in `attributes` is a string of an allowed length. If they are
/// `required`, all key attributes must be present.
pub(super) fn check_keys(
    attributes: &Attributes,
    keys: &Keys,
    required: bool,
) -> Result<(), String> {
    let limits = [PARTITION_KEY, SORT_KEY];
    for (name, limit) in keys.names().zip(limits) {
        let value = match attributes.get(name) {
            Some(value) => value,
            None if required => {
                return Err(format!(
                    "One or more parameter values were invalid: Missing the key {name} in the item"
                ));
            }
            None => continue,
        };
        let Some(text) = value.get("S").and_then(Value::as_str) else {
            return Err(format!(
                "One or more parameter values were invalid: Type mismatch for key {name} expected: S"
            ));
        };
        if text.is_empty() {
            return Err(empty_key(name));
        }
        if text.len() > limit {
            return Err(format!(
                "One or more parameter values were invalid: Size of key {name} has exceeded the \
                 maximum size limit of {limit} bytes"
            ));
        }
    }
    Ok(())
}

fn in_index(error: String, index: &Index) -> String {
    format!("{error} IndexName: {}", index.name)
}

fn too_large(what: &str) -> String {
    format!(
        "{what} has exceeded the maximum allowed size, the item's entries in local secondary \
         indexes included"
    )
}

fn check_value(value: &Value, depth: usize) -> Result<(), String> {
    if depth > DEPTH {
        return Err("Nesting Levels have exceeded supported limits".to_owned());
    }
    let members = value.as_object().filter(|members| members.len() == 1);
    let Some((kind, content)) = members.and_then(|members| members.iter().next()) else {
        return Err(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of \
             the supported datatypes"
                .to_owned(),
        );
    };
    match (kind.as_str(), content) {
        ("SS" | "NS" | "BS", Value::Array(elements)) => {
            let distinct: HashSet<_> = elements.iter().map(Value::to_string).collect();
            if elements.is_empty() {
                return Err(format!(
                    "One or more parameter values were invalid: a set ({kind}) may not be empty"
                ));
            }
            if distinct.len() < elements.len() {
                return Err(format!(
                    "One or more parameter values were invalid: a set ({kind}) contains duplicates"
                ));
            }
            elements
                .iter()
                .filter(|_| kind == "NS")
                .try_for_each(check_number)
        }
        ("N", number) => check_number(number),
        ("L", Value::Array(elements)) => elements
            .iter()
            .try_for_each(|value| check_value(value, depth + 1)),
        ("M", Value::Object(members)) => members
            .values()
            .try_for_each(|value| check_value(value, depth + 1)),
        _ => Ok(()),
    }
}

fn check_number(number: &Value) -> Result<(), String> {
    let text = number.as_str().unwrap_or_default();
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if text.parse::<f64>().is_err() || !text.bytes().all(is_part) {
        return Err(format!(
            "The parameter cannot be converted to a numeric value: {text}"
        ));
    }
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').trim_end_matches('0');
    if digits.len() > DIGITS {
        return Err("Attempting to store more than 38 significant digits in a Number".to_owned());
    }
    Ok(())
}

/// The size of an item and of its entries in local secondary indexes.
fn size(item: &Attributes, schema: &Schema) -> usize {
    let local = schema.indexes.iter().filter(|index| index.is_local);
    let entries = local.filter(|index| index.keys.names().all(|name| item.contains_key(name)));
    let entries = entries.map(|index| {
        let is_held =
            |name: &str| schema.keys.names().any(|key| key == name) || index.contains(name);
        let held = item.iter().filter(|(name, _)| is_held(name));
        let held: Attributes = held
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        bytes(&held)
    });
    bytes(item) + entries.sum::<usize>()
}

/// The total size of these attributes. Missing attributes have size 0.
fn bytes(attributes: &Attributes) -> usize {
    let attributes = Value::Object(attributes.clone());
    serde_json::from_value::<Item>(attributes).map_or(0, |item| item_size(&item))
}
