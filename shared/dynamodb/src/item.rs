//! Items and attributes, and their conversion from and to Rust values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use errors::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key::Key;

/// An item as the SDK represents it.
pub type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A string set attribute with one element.
pub fn string_set(value: impl ToString) -> AttributeValue {
    AttributeValue::Ss(vec![value.to_string()])
}

/// The attribute of a value. A structure becomes a map.
///
/// # Errors
/// If `value` does not serialise, which is a bug.
pub fn attribute(value: &impl Serialize) -> Result<AttributeValue, Fault> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| Fault::internal("a value cannot be written as an attribute"))
}

/// Deserialises an item.
///
/// # Errors
/// If the item is not a `T`.
pub fn read_item<T: DeserializeOwned>(item: Item) -> Result<T, Fault> {
    serde_dynamo::from_item(item).map_err(|_| {
        Fault::internal(format!(
            "an item of the table does not read as {}",
            std::any::type_name::<T>()
        ))
    })
}

/// Serialises `item` together with its `key`.
///
/// # Errors
/// If `item` does not serialise, which is a bug.
pub fn write_item(key: Key, item: &impl Serialize) -> Result<Item, Fault> {
    let mut attributes: Item = serde_dynamo::to_item(item)
        .map_err(|_| Fault::internal("an item cannot be written as attributes"))?;
    attributes.extend(key.into_item());
    Ok(attributes)
}
