//! Items and attributes, and how values are read from them and written to them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use errors::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key::Key;

/// An item as the SDK has it.
pub type Item = HashMap<String, AttributeValue>;

/// A text as an attribute.
pub fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number as an attribute.
pub fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A set of one text as an attribute.
pub fn string_set(value: impl ToString) -> AttributeValue {
    AttributeValue::Ss(vec![value.to_string()])
}

/// A value as an attribute, a structure as a map.
///
/// # Errors
/// If `value` does not serialise, which is a mistake in this code.
pub fn attribute(value: &impl Serialize) -> Result<AttributeValue, Fault> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| Fault::internal("a value cannot be written as an attribute"))
}

/// Reads an item as a `T`.
///
/// # Errors
/// If the item is no `T`.
pub fn read_item<T: DeserializeOwned>(item: Item) -> Result<T, Fault> {
    serde_dynamo::from_item(item).map_err(|_| {
        Fault::internal(format!(
            "an item of the table does not read as {}",
            std::any::type_name::<T>()
        ))
    })
}

/// Writes `item` under `key` as the SDK takes it.
///
/// # Errors
/// If `item` does not serialise, which is a mistake in this code.
pub fn write_item(key: Key, item: &impl Serialize) -> Result<Item, Fault> {
    let mut attributes: Item = serde_dynamo::to_item(item)
        .map_err(|_| Fault::internal("an item cannot be written as attributes"))?;
    attributes.extend(key.into_item());
    Ok(attributes)
}
